"""The rating leaderboard: all members by rating."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.paging import paging
from app.core.security import wants_fragment
from app.core.text import one_line
from app.members.access import me, member_required
from app.ratings import leaderboard
from app.ratings.tiers import TIERS

bp = Blueprint("rating_leaderboard", __name__, url_prefix="/ratings")
LONGEST_SEARCH = 100
FILTERS = {**{tier.key: tier.word for tier in TIERS}, leaderboard.NEW: "Not rated yet"}


@bp.get("")
def index() -> ResponseReturnValue:
    """A page of those who match the search and the tier, with their places in the whole club."""
    search, tier = one_line(request.args.get("q", ""))[:LONGEST_SEARCH], request.args.get("tier", "")
    tier = tier if tier in FILTERS else ""
    pages, last = paging(leaderboard.count_rows(search, tier)), leaderboard.last_rated()
    return render_template(
        "ratings/_leaderboard.html" if wants_fragment() else "ratings/leaderboard.html",
        rows=leaderboard.rows(pages, last, search, tier),
        last=last,
        paging=pages,
        search=search,
        tier=tier,
        filters=FILTERS,
        topic=leaderboard.TOPIC,
    )


@bp.get("/me")
@member_required
def find_me() -> ResponseReturnValue:
    """To the page and row on which the viewer stands."""
    page = leaderboard.page_of(me().id)
    return redirect(url_for(".index", page=page if page > 1 else None, _anchor=f"member-{me().id}"))
