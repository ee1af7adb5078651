"""The leaderboard of problems."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.paging import paging
from app.core.security import wants_fragment
from app.core.text import one_line
from app.members.access import me, member_required
from app.problems.queries import categories
from app.submissions import leaderboard
from app.submissions.leaderboard import Span

LONGEST_CATEGORY = 60

bp = Blueprint("problem_leaderboard", __name__, url_prefix="/problems/leaderboard")


@bp.get("")
def index() -> ResponseReturnValue:
    """A page of those who have solved anything that counts."""
    span = _span()
    pages = paging(leaderboard.count_rows(span))
    return render_template(
        "submissions/_leaderboard.html" if wants_fragment() else "submissions/leaderboard.html",
        rows=leaderboard.rows(span, pages),
        paging=pages,
        span=span,
        periods=leaderboard.PERIODS,
        orders=leaderboard.ORDERS,
        categories=categories(),
        month_begins=leaderboard.month_begins(),
    )


@bp.get("/me")
@member_required
def find_me() -> ResponseReturnValue:
    """To the page and row on which the viewer stands; to the first where they do not."""
    span = _span()
    page = leaderboard.page_of(span, me().id) or 1
    asked = {"order": span.order, "period": span.period or None, "category": span.category or None}
    asked |= {"page": str(page) if page > 1 else None}
    return redirect(url_for(".index", _anchor=f"member-{me().id}", **asked))  # type: ignore[arg-type]  # all are values


def _span() -> Span:
    period, order, category = (request.args.get(name, "") for name in ("period", "order", "category"))
    return Span(
        period=period if period in leaderboard.PERIODS else "",
        category=one_line(category)[:LONGEST_CATEGORY],
        order=order if order in leaderboard.ORDERS else "points",
    )
