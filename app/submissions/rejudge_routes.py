"""The pages of rejudges: begun beside a submission, a problem or the judge; then looked at, applied or dropped."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from app.core.forms import TextForm
from app.core.moments import MomentField
from app.core.refusal import Refused
from app.core.security import wants_fragment
from app.members.access import admin_required, organiser_required
from app.problems.queries import find_problem
from app.submissions import checks, live, queries, rejudge_queries, rejudging
from app.submissions.models import Rejudge
from app.submissions.rejudging import OutcomeOutdated

bp = Blueprint("rejudges", __name__)
MOST_SOLVES = 200


class SinceForm(TextForm):
    """Since when."""

    since = MomentField("Handed in since", [InputRequired("Say since when.")])


@bp.get("/organise/rejudges")
@organiser_required
def index() -> ResponseReturnValue:
    """All of them, newest first."""
    rows, paging = rejudge_queries.rejudge_page()
    return render_template("submissions/rejudges.html", rows=rows, paging=paging)


@bp.get("/organise/rejudges/<int:rejudge_id>")
@organiser_required
def show(rejudge_id: int) -> ResponseReturnValue:
    """How far it is, or what it would do, or did."""
    return _page(_found(rejudge_id))


@bp.post("/organise/rejudges/<int:rejudge_id>/apply")
@organiser_required
def apply(rejudge_id: int) -> ResponseReturnValue:
    """Have it count, if it would do what the page said."""
    rejudge = _found(rejudge_id)
    try:
        outcome = rejudging.apply_rejudge(rejudge_id, seen=request.form.get("seen", ""))
    except OutcomeOutdated as outdated:
        flash(str(outdated), "error")
        return _page(rejudge), 409
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        flash(f"Applied: {outcome.changed:,} verdict{'' if outcome.changed == 1 else 's'} changed.", "ok")
    return redirect(url_for(".show", rejudge_id=rejudge_id))


@bp.post("/organise/rejudges/<int:rejudge_id>/drop")
@organiser_required
def drop(rejudge_id: int) -> ResponseReturnValue:
    """Leave everything as it is."""
    _found(rejudge_id)
    try:
        rejudging.drop_rejudge(rejudge_id)
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        flash("Dropped: everything stays as it was.", "ok")
    return redirect(url_for(".show", rejudge_id=rejudge_id))


@bp.post("/submissions/<int:submission_id>/rejudge")
@organiser_required
def of_submission(submission_id: int) -> ResponseReturnValue:
    """Begin one of a submission."""
    submission = queries.find_submission(submission_id) or abort(404)
    here = url_for("submissions.show", submission_id=submission_id)
    return _begun(lambda: rejudging.rejudge_submission(submission), here)


@bp.post("/problems/<problem_slug>/rejudge")
@organiser_required
def of_problem(problem_slug: str) -> ResponseReturnValue:
    """Begin one of a problem."""
    problem = find_problem(problem_slug) or abort(404)
    here = url_for("problems.show", problem_slug=problem_slug)
    return _begun(lambda: rejudging.rejudge_problem(problem), here)


@bp.post("/admin/judge/rejudge")
@admin_required
def since() -> ResponseReturnValue:
    """Begin one of all that was handed in since a moment."""
    form, here = SinceForm(), url_for("judge.show")
    if not form.validate():
        flash(" ".join(form.since.errors), "error")
        return redirect(here)
    return _begun(lambda: rejudging.rejudge_since(form.since.data), here)


def _begun(begin: Callable[[], int], otherwise: str) -> ResponseReturnValue:
    try:
        rejudge_id = begin()
    except Refused as refusal:
        flash(str(refusal), "error")
        return redirect(otherwise)
    return redirect(url_for(".show", rejudge_id=rejudge_id))


def _page(rejudge: Rejudge) -> str:
    progress = rejudge_queries.progress_of(rejudge.id)
    titles = rejudge_queries.outdated(rejudge) if rejudge.is_open else []
    is_compared = rejudge.is_open and progress.is_complete and not titles
    outcome = rejudge_queries.outcome_of(rejudge) if is_compared else None
    solves = outcome.solves if outcome else rejudge_queries.applied_solves(rejudge)
    rows, paging = rejudge_queries.changed_page(rejudge)
    return render_template(
        "submissions/_rejudge.html" if wants_fragment() else "submissions/rejudge.html",
        rejudge=rejudge,
        progress=progress,
        outdated=rejudging.changed_rules(titles) if titles else "",
        outcome=outcome,
        solves=rejudge_queries.solve_rows(solves[:MOST_SOLVES]),
        more_solves=max(0, len(solves) - MOST_SOLVES),
        rows=rows,
        paging=paging,
        off=checks.grading_off(),
        topics=[live.rejudge_topic(rejudge.id)],
    )


def _found(rejudge_id: int) -> Rejudge:
    return rejudge_queries.find_rejudge(rejudge_id) or abort(404)
