"""The start page."""

from flask import Blueprint, render_template
from flask_login import current_user

from app.home import queries
from app.members.access import me

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """What is live now, what comes next, and the latest results; an empty club is told how to begin."""
    member = me() if current_user.is_authenticated else None
    overview = queries.overview(member.id if member else None)
    if overview.is_empty:
        return render_template("home/empty.html", has_members=queries.has_members())
    waiting = queries.waiting_for_organiser() if member and member.is_organiser else None
    return render_template("home/page.html", overview=overview, waiting=waiting)
