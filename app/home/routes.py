"""The start page."""

from flask import Blueprint, render_template
from flask_login import current_user

from app.home import queries
from app.members.access import me

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """What is live now, what comes next, and the latest results; an empty club is told how to begin."""
    overview = queries.overview(me().id if current_user.is_authenticated else None)
    if overview.is_empty:
        return render_template("home/empty.html", has_members=queries.has_members())
    return render_template("home/page.html", overview=overview)
