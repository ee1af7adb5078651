"""Reads of profiles, in a fixed number of statements whatever the length of a history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import contains_eager, undefer

from app.competitions.models import Competition, Entry, ScoreChange
from app.competitions.status import status_at
from app.core import clock
from app.core.paging import Paging
from app.extensions import db
from app.members.models import Member
from app.members.queries import find_by_username
from app.profiles.models import Profile
from app.ratings.leaderboard import place_of
from app.ratings.models import RatingEvent

PER_PAGE = 20


@dataclass(frozen=True)
class Point:
    """Where a competition left a rating."""

    at: datetime
    before: float
    after: float
    title: str


@dataclass(frozen=True)
class Played:
    """One competition of a member; the rating fields are None where it did not move them."""

    slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: int | None
    score_text: str | None
    points: float | None
    is_disqualified: bool
    ranked: int | None
    before: float | None
    after: float | None

    @property
    def status(self) -> str:
        return status_at(self.starts_at, self.ends_at, clock.now())

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Summary:
    """A member's standing: `place` in the club is None while unrated or disabled; `points` run oldest first."""

    place: int | None
    entered: int
    best_place: int | None
    wins: int
    points: list[Point]

    @property
    def chart(self) -> list[tuple[float, float, float, str]]:
        """The points as the chart's script takes them: seconds, rating before, rating after, competition."""
        return [(point.at.timestamp(), point.before, point.after, point.title) for point in self.points]


def visible_member(username: str) -> Member | None:
    """The member of this name; None where there is none, or they have left the club."""
    member = find_by_username(username)
    return None if member is None or member.deleted_at else member


def profile_of(member_id: int) -> Profile | None:
    """What the member tells of themselves, without the picture."""
    return db.session.get(Profile, member_id)


def avatar_of(member_id: int) -> bytes | None:
    """The member's picture, as WebP."""
    profile = db.session.get(Profile, member_id, options=[undefer(Profile.avatar)])
    return profile.avatar if profile else None


def summary_of(member: Member) -> Summary:
    """What stands in the head of a profile, and the points of its chart."""
    points = _points(member.id)
    place = place_of(member) if points and member.is_active else None
    is_over = Competition.ends_at <= clock.now()
    counts = select(
        func.count(),
        func.min(case((is_over, Entry.place))),
        func.count(case((and_(is_over, Entry.place == 1), 1))),
    )
    entered, best_place, wins = db.session.execute(_of(member.id, counts.select_from(Entry))).one()
    return Summary(place, entered, best_place, wins, points)


def played_by(member_id: int, paging: Paging) -> list[Played]:
    """A page of the competitions the member is in, newest end first: one statement."""
    query = select(
        Competition.slug,
        Competition.title,
        Competition.starts_at,
        Competition.ends_at,
        Entry.place,
        Entry.score_text,
        Entry.points,
        Entry.disqualified_at.is_not(None),
        RatingEvent.n,
        RatingEvent.before,
        RatingEvent.after,
    ).select_from(Entry)
    is_its = and_(RatingEvent.competition_id == Entry.competition_id, RatingEvent.member_id == Entry.member_id)
    query = _of(member_id, query).outerjoin(RatingEvent, is_its)
    newest_first = query.order_by(Competition.ends_at.desc(), Competition.id.desc())
    return [Played(*row) for row in db.session.execute(newest_first.limit(paging.per_page).offset(paging.offset))]


def entry_in(member_id: int, slug: str) -> Entry | None:
    """The member's entry in the competition, with it."""
    query = _of(member_id, select(Entry)).where(Competition.slug == slug)
    return db.session.scalar(query.options(contains_eager(Entry.competition)))


def count_scores(entry_id: int) -> int:
    """On how many boards the entry's score or number of submissions was new."""
    return db.session.scalar(select(func.count()).where(ScoreChange.entry_id == entry_id)) or 0


def scores_of(entry_id: int, paging: Paging) -> list[ScoreChange]:
    """A page of the history of the entry's score, newest first."""
    query = select(ScoreChange).where(ScoreChange.entry_id == entry_id).order_by(ScoreChange.id.desc())
    return list(db.session.scalars(query.limit(paging.per_page).offset(paging.offset)))


def _of(member_id: int, query: Select[Any]) -> Select[Any]:
    return query.join(Entry.competition).where(Entry.member_id == member_id, Entry.withdrawn_at.is_(None))


def _points(member_id: int) -> list[Point]:
    query = select(RatingEvent.at, RatingEvent.before, RatingEvent.after, Competition.title)
    query = query.join(RatingEvent.competition).where(RatingEvent.member_id == member_id)
    rows = db.session.execute(query.order_by(RatingEvent.at, RatingEvent.competition_id))
    return [Point(*row) for row in rows]
