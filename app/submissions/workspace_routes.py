"""What the workspace beside a problem sends and asks for."""

from typing import Any

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.security import wants_fragment
from app.core.urls import asked_id
from app.members.access import me, member_required
from app.problems import queries as problem_queries
from app.problems.languages import LANGUAGES
from app.problems.models import Problem
from app.submissions import queries
from app.submissions.differences import changes
from app.submissions.models import Submission
from app.submissions.queries import Wanted
from app.submissions.service import DraftOutdated, SubmissionRefused, save_draft, submit, try_out
from app.submissions.workspace import Typed, asked_result, history_of

CHOSEN_FROM = 100  # submissions that can be picked for a difference

bp = Blueprint("workspace", __name__, url_prefix="/problems/<problem_slug>")


@bp.post("/programs")
@member_required
def send(problem_slug: str) -> ResponseReturnValue:
    """Take a program: to be judged, or by the other button to be tried."""
    problem, form = _find(problem_slug), request.form
    own_input = form.get("own_input", "") if form.get("run_on") == "own" else None
    typed = Typed(form.get("language", ""), form.get("source", ""), own_input, "")
    asked: dict[str, Any]
    try:
        if form.get("act") == "run":
            asked = {"trial": try_out(me(), problem, typed.language, typed.source, own_input)}
        else:
            asked = {"submission": submit(me(), problem, typed.language, typed.source)}
    except SubmissionRefused as refusal:
        return _refused(problem, Typed(typed.language, typed.source, own_input, str(refusal)))
    return redirect(url_for(".result", problem_slug=problem_slug, is_new=1, **asked), 303)


@bp.post("/draft")
@member_required
def draft(problem_slug: str) -> ResponseReturnValue:
    """Keep what is being written; answers with the moment, or with the draft that is newer than what it began from."""
    problem = _find(problem_slug)
    language, source, began = (request.form.get(name, "") for name in ("language", "source", "began"))
    try:
        saved_at = save_draft(me(), problem, language, source, began=began)
    except DraftOutdated as outdated:
        return jsonify(source=outdated.source, savedAt=outdated.saved_at.isoformat()), 409
    except SubmissionRefused as refusal:
        return jsonify(fault=str(refusal)), 422
    return jsonify(savedAt=saved_at.isoformat())


@bp.get("/result")
@member_required
def result(problem_slug: str) -> ResponseReturnValue:
    """For the page: how a program stands now, with the history; for everybody else the problem with both."""
    problem = _find(problem_slug)
    history = history_of(me(), problem)
    shown = asked_result(me(), problem, history)
    page = url_for("problems.show", problem_slug=problem_slug, **shown.asked)
    if not wants_fragment():
        return redirect(f"{page}#result")
    template = "submissions/_sent.html" if "is_new" in request.args else "submissions/_fresh.html"
    answer = make_response(render_template(template, problem=problem, result=shown, history=history))
    if "is_new" in request.args:
        answer.headers["HX-Replace-Url"] = page  # so that a reload shows the same
    return answer


@bp.get("/compare")
@member_required
def compare(problem_slug: str) -> ResponseReturnValue:
    """What differs between two of one's own programs for the problem; without a choice, between the newest two."""
    problem = _find(problem_slug)
    rows = queries.newest_submissions(Wanted(member_id=me().id, problem_id=problem.id), CHOSEN_FROM)
    newest = [row.id for row in rows[:2]]
    new = _own(problem, asked_id("new") or (newest[0] if newest else None))
    old = _own(problem, asked_id("old") or (newest[-1] if newest else None))
    return render_template(
        "submissions/compare.html",
        problem=problem,
        rows=rows,
        languages=LANGUAGES,
        old=old,
        new=new,
        stretches=changes(old.source, new.source) if old and new else [],
    )


def _refused(problem: Problem, typed: Typed) -> ResponseReturnValue:
    if wants_fragment():
        headers = {"HX-Retarget": "#refusal", "HX-Reswap": "outerHTML"}
        return render_template("submissions/_refused.html", fault=typed.fault), 422, headers
    samples = problem_queries.samples(problem.id)
    page = render_template(
        "problems/page.html",
        problem=problem,
        statement=problem_queries.statement_in(problem, ""),
        samples=samples,
        languages=LANGUAGES.values(),
        typed=typed,
    )
    return page, 422


def _own(problem: Problem, submission_id: int | None) -> Submission | None:
    if submission_id is None:
        return None
    submission = queries.find_submission(submission_id)
    if submission is None or (submission.member_id, submission.problem_id) != (me().id, problem.id):
        abort(404)
    return submission


def _find(slug: str) -> Problem:
    problem = problem_queries.find_problem(slug)
    if problem is None or (problem.status == "draft" and not me().is_organiser):
        abort(404)
    return problem
