"""The page of an editorial, and giving a problem up to read it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.db import transaction
from app.core.refusal import Refused
from app.members.access import me, member_required, organiser_required
from app.problems.languages import LANGUAGES
from app.problems.models import Problem
from app.problems.queries import find_problem
from app.problems.wanted import is_organiser
from app.submissions import editorials, reference_jobs

bp = Blueprint("editorials", __name__, url_prefix="/problems/<problem_slug>")


@bp.get("/editorial")
def show(problem_slug: str) -> str:
    """The editorial, or what opens it."""
    problem = _visible(problem_slug)
    key = editorials.key_of(me(), problem.id) if current_user.is_authenticated else editorials.NOBODY
    return render_template(
        "submissions/editorial.html",
        problem=problem,
        key=key,
        is_there=editorials.is_there(problem.id),
        references=editorials.references(problem.id) if key.is_open else [],
        languages=LANGUAGES,
    )


@bp.get("/give-up")
@member_required
def ask(problem_slug: str) -> ResponseReturnValue:
    """What giving up means, before it is done."""
    problem = _visible(problem_slug)
    if editorials.key_of(me(), problem.id).is_open or not editorials.is_there(problem.id):
        return redirect(url_for(".show", problem_slug=problem_slug))
    return render_template("submissions/give_up.html", problem=problem)


@bp.post("/give-up")
@member_required
def give_up(problem_slug: str) -> ResponseReturnValue:
    """Give it up."""
    try:
        editorials.give_up(me(), _visible(problem_slug))
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        flash("You gave it up: here is how it can be solved.", "ok")
    return redirect(url_for(".show", problem_slug=problem_slug))


@bp.post("/measure")
@organiser_required
def measure(problem_slug: str) -> ResponseReturnValue:
    """Have the reference solutions judged, for their times."""
    problem = _visible(problem_slug)
    with transaction():
        reference_jobs.ask_for(problem.id)
    flash("They will be judged as soon as no member’s program waits.", "ok")
    return redirect(url_for(".show", problem_slug=problem_slug))


def _visible(slug: str) -> Problem:
    problem = find_problem(slug)
    if problem is None or (problem.status == "draft" and not is_organiser()):
        abort(404)
    return problem
