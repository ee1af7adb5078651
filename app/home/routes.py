"""The start page."""

from flask import Blueprint, render_template
from flask_login import current_user

from app.core.security import wants_fragment
from app.home import queries
from app.home.live import podium_topic
from app.members.access import me
from app.ratings.leaderboard import TOPIC as RATINGS
from app.tracker.movers import movers

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """What is live now, comes next, has ended, and the ratings; an empty club is told how to begin."""
    member = me() if current_user.is_authenticated else None
    overview = queries.overview(member.id if member else None)
    if overview.is_empty:
        return render_template("home/empty.html", has_members=queries.has_members())
    waiting = queries.waiting_for_organiser() if member and member.is_organiser else None
    template = "home/_page.html" if wants_fragment() else "home/page.html"
    topics = [podium_topic(card.competition.id) for card in overview.ongoing]
    moved = movers(member)
    return render_template(template, overview=overview, waiting=waiting, movers=moved, topics=[*topics, RATINGS])
