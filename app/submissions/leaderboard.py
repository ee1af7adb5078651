"""The leaderboard of problems: who has the most points, or has solved the most: in all, this month, in a category."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core import clock
from app.core.paging import PER_PAGE, Paging
from app.extensions import db
from app.members.models import Member
from app.problems.models import Problem
from app.submissions.models import Solve

IS_LISTED = and_(Member.deleted_at.is_(None), Member.disabled_at.is_(None))
PERIODS = {"": "All time", "month": "This month"}
ORDERS = {"points": "Points", "solved": "Solved"}


@dataclass(frozen=True)
class Span:
    """What counts: all that was ever solved, or what was handed in this month (UTC); of a category, or of all."""

    period: str = ""
    category: str = ""
    order: str = "points"


@dataclass(frozen=True)
class SolverRow:
    """One member; those who have the same share the place."""

    member_id: int
    username: str
    display_name: str
    points: int
    solved: int
    place: int


def month_begins() -> datetime:
    """When this month began."""
    return clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def count_rows(span: Span) -> int:
    """How many members have solved anything that counts."""
    return db.session.scalar(select(func.count()).select_from(_ranked(span).subquery())) or 0


def rows(span: Span, paging: Paging) -> list[SolverRow]:
    """A page of them, best first."""
    ranked = _ranked(span).subquery()
    query = select(ranked).order_by(*_in_order(ranked.c)).limit(paging.per_page).offset(paging.offset)
    return [SolverRow(*row) for row in db.session.execute(query)]


def page_of(span: Span, member_id: int) -> int | None:
    """The page on which the member stands; None where they do not."""
    ranked = _ranked(span).subquery()
    numbered = select(ranked.c.id, func.row_number().over(order_by=_in_order(ranked.c)).label("number")).subquery()
    number = db.session.scalar(select(numbered.c.number).where(numbered.c.id == member_id))
    return (number - 1) // PER_PAGE + 1 if number else None


def _ranked(span: Span) -> Select[Any]:
    points, solved = func.sum(Solve.points), func.count()
    place = func.rank().over(order_by=(points if span.order == "points" else solved).desc())
    return (
        select(
            Member.id,
            Member.username,
            Member.display_name,
            points.label("points"),
            solved.label("solved"),
            place.label("place"),
        )
        .join(Solve, Solve.member_id == Member.id)
        .where(IS_LISTED, *_within(span))
        .group_by(Member.id, Member.username, Member.display_name)
    )


def _within(span: Span) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if span.period == "month":
        conditions.append(Solve.solved_at >= month_begins())
    if span.category:
        conditions.append(Solve.problem_id.in_(select(Problem.id).where(Problem.category == span.category)))
    return conditions


def _in_order(columns: Any) -> list[ColumnElement[Any]]:
    return [columns.place, func.lower(columns.username)]
