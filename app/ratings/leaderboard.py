"""The rating leaderboard: who stands where in the club. Unrated members follow the rated, without a place."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from app.competitions.models import Competition
from app.core.db import fold
from app.core.paging import PER_PAGE, Paging
from app.extensions import db
from app.members.models import Member
from app.ratings.models import RatingEvent
from app.ratings.tiers import TIERS

IS_LISTED = and_(Member.deleted_at.is_(None), Member.disabled_at.is_(None))
IS_RATED = select(RatingEvent.id).where(RatingEvent.member_id == Member.id).correlate(Member).exists()
TOPIC = "ratings"  # of the hint that open pages get when ratings have moved
NEW = "new"  # the filter for members who are not rated yet


@dataclass(frozen=True)
class RatedRow:
    """One member; `place` is None while unrated, `change` None where the last competition did not move them."""

    member_id: int
    username: str
    display_name: str
    rating: float
    peak: float
    place: int | None
    competitions: int
    change: float | None


def place_of(member: Member) -> int:
    """The place in the club that the rating of a rated member has; those with the same rating share it."""
    better = select(func.count()).select_from(Member).where(IS_LISTED, IS_RATED, Member.rating > member.rating)
    return (db.session.scalar(better) or 0) + 1


def last_rated() -> Competition | None:
    """The newest competition by which ratings have moved."""
    query = select(Competition).join(RatingEvent, RatingEvent.competition_id == Competition.id)
    return db.session.scalar(query.order_by(RatingEvent.at.desc(), RatingEvent.competition_id.desc()).limit(1))


def count_rows(search: str = "", tier: str = "") -> int:
    """How many members match; `tier` is the key of one, or "new"."""
    query = select(func.count()).select_from(Member).where(IS_LISTED, *_matches(search, tier))
    return db.session.scalar(query) or 0


def rows(paging: Paging, last: Competition | None, search: str = "", tier: str = "") -> list[RatedRow]:
    """A page of those who match, best first, with their places in the whole club: one statement."""
    listed = _listed(last).subquery()
    query = select(listed).join(Member, Member.id == listed.c.id).where(*_matches(search, tier))
    query = query.order_by(*_in_order(listed.c)).limit(paging.per_page).offset(paging.offset)
    return [RatedRow(*row) for row in db.session.execute(query)]


def top(most: int) -> list[RatedRow]:
    """The best rated of the club."""
    query = _listed(last_rated()).where(IS_RATED)
    ordered = query.order_by(Member.rating.desc(), Member.username_folded).limit(most)
    return [RatedRow(*row) for row in db.session.execute(ordered)]


def page_of(member_id: int) -> int:
    """The page of the whole leaderboard on which the member stands."""
    listed = _listed(None).subquery()
    numbered = select(listed.c.id, func.row_number().over(order_by=_in_order(listed.c)).label("number")).subquery()
    number = db.session.scalar(select(numbered.c.number).where(numbered.c.id == member_id)) or 1
    return (number - 1) // PER_PAGE + 1


def _listed(last: Competition | None) -> Select[Any]:
    """Everybody with a place among all, which no filter may change."""
    counted = select(func.count()).where(RatingEvent.member_id == Member.id).correlate(Member).scalar_subquery()
    moved = and_(RatingEvent.member_id == Member.id, RatingEvent.competition_id == (last.id if last else None))
    place = func.rank().over(partition_by=IS_RATED, order_by=Member.rating.desc())
    return (
        select(
            Member.id,
            Member.username,
            Member.display_name,
            Member.rating,
            Member.peak_rating,
            case((IS_RATED, place)).label("place"),
            counted.label("competitions"),
            (RatingEvent.after - RatingEvent.before).label("change"),
        )
        .outerjoin(RatingEvent, moved)
        .where(IS_LISTED)
    )


def _in_order(columns: Any) -> list[ColumnElement[Any]]:
    return [columns.place.is_(None), columns.place, func.lower(columns.username)]


def _matches(search: str, tier: str) -> list[ColumnElement[bool]]:
    conditions = []
    if search:
        names = (Member.username_folded.contains(fold(search), autoescape=True),)
        conditions.append(or_(*names, Member.display_name.icontains(search, autoescape=True)))
    if tier == NEW:
        conditions.append(~IS_RATED)
    elif tier:
        conditions += [IS_RATED, *_within(tier)]
    return conditions


def _within(tier: str) -> list[ColumnElement[bool]]:
    above = {low.key: high.least for low, high in pairwise(TIERS)}
    least = next(one.least for one in TIERS if one.key == tier)
    return [Member.rating >= least, *([Member.rating < above[tier]] if tier in above else [])]
