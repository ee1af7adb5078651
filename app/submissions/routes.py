"""The pages of submissions: each, one's own, and for organisers all of them."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.security import wants_fragment
from app.core.text import one_line
from app.members.access import admin_required, me, member_required, organiser_required
from app.members.queries import find_by_username
from app.problems.languages import LANGUAGES
from app.problems.queries import find_problem
from app.submissions import live, queries, rejudge_queries, service
from app.submissions.judges.base import Verdict
from app.submissions.models import Submission
from app.submissions.queries import WAITING, Wanted

bp = Blueprint("submissions", __name__)
LONGEST_NAME = 60
VERDICTS = {WAITING: "Not judged yet", **{verdict.value: verdict.full_name for verdict in Verdict}}


@bp.get("/submissions/<int:submission_id>")
@member_required
def show(submission_id: int) -> ResponseReturnValue:
    """One submission: for whoever handed it in, and for organisers."""
    submission = _visible(submission_id)
    return render_template(
        "submissions/_submission.html" if wants_fragment() else "submissions/submission.html",
        shown=queries.shown_submission(submission),
        rejudgings=rejudge_queries.rejudgings_of(submission_id),
        topics=live.submission_topics(submission_id),
    )


@bp.get("/submissions")
@member_required
def index() -> ResponseReturnValue:
    """One's own, newest first."""
    return _list_page("submissions/index.html", replace(_wanted(), member_id=me().id))


@bp.get("/organise/submissions")
@organiser_required
def manage() -> ResponseReturnValue:
    """Everybody's, newest first."""
    name = one_line(request.args.get("member", ""))[:LONGEST_NAME]
    member = find_by_username(name) if name else None
    wanted = replace(_wanted(), member_id=member.id if member else None)
    nobody = bool(name) and member is None
    return _list_page("submissions/manage.html", wanted, nobody=nobody, judge_errors=queries.count_judge_errors())


@bp.post("/organise/submissions/judge-again")
@admin_required
def judge_again() -> ResponseReturnValue:
    """Have everything judged once more that the judge failed."""
    number = service.judge_again()
    flash(f"{number:,} submission{'' if number == 1 else 's'} will be judged again.", "ok")
    return redirect(url_for(".manage"))


def _list_page(template: str, wanted: Wanted, *, nobody: bool = False, judge_errors: int = 0) -> str:
    rows, paging = queries.submission_page(wanted)
    return render_template(
        template,
        rows=[] if nobody else rows,
        paging=paging,
        languages=LANGUAGES,
        verdicts=VERDICTS,
        judge_errors=judge_errors,
    )


def _wanted() -> Wanted:
    language, verdict = request.args.get("language", ""), request.args.get("verdict", "")
    slug = one_line(request.args.get("problem", ""))[:LONGEST_NAME]
    problem = find_problem(slug) if slug else None
    return Wanted(
        problem_id=problem.id if problem else None,
        language=language if language in LANGUAGES else "",
        verdict=verdict if verdict in VERDICTS else "",
    )


def _visible(submission_id: int) -> Submission:
    submission = queries.find_submission(submission_id)
    if submission is None or not (me().is_organiser or submission.member_id == me().id):
        abort(404)
    return submission
