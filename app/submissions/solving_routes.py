"""The way to a problem that is still to be solved."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.problems.queries import random_slug
from app.problems.wanted import wanted
from app.submissions.solving import my_solved_ids

bp = Blueprint("solving", __name__)


@bp.get("/problems/random")
def random() -> ResponseReturnValue:
    """To any one of the problems that the list would show, but for those that the viewer has solved."""
    slug = random_slug(wanted(), but_not=my_solved_ids())
    if slug is None:
        flash("There is none left to choose from: you have solved what the list shows, or it shows nothing.", "error")
        return redirect(url_for("problems.index"))
    return redirect(url_for("problems.show", problem_slug=slug))
