"""What a person's handles showed, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Select, func, select

from app.core.paging import Paging
from app.extensions import db
from app.tracker.changes import day_before
from app.tracker.models import Handle, Snapshot
from app.tracker.platforms import platforms

DAYS_DRAWN = 730
DAYS_PER_PAGE = 14


@dataclass(frozen=True)
class Course:
    """How a rating went: seconds since 1970 and values, oldest first, as the chart's script takes them."""

    platform_key: str
    name: str
    points: list[tuple[int, float]]

    @property
    def sentence(self) -> str:
        """The same for who does not see the chart."""
        ratings = [rating for _, rating in self.points]
        first, last = (f"{rating:,.0f} on {_written(second)}" for second, rating in (self.points[0], self.points[-1]))
        span = f"lowest {min(ratings):,.0f}, highest {max(ratings):,.0f}"
        return f"From {first} to {last}; {span}. Every day on which it was found stands in the table below."


def _written(second: int) -> str:
    moment = datetime.fromtimestamp(second, UTC)
    return f"{moment.day} {moment:%b %Y}"


@dataclass(frozen=True)
class Day:
    """One day's ratings, by platform; None where nothing was verified."""

    day: date
    ratings: dict[str, float]


def courses(participant_id: int) -> list[Course]:
    """A course for each platform that told a rating on two days or more."""
    query = (
        select(Handle.platform, Snapshot.day, Snapshot.rating)
        .join(Snapshot.handle_row)
        .where(Handle.participant_id == participant_id, Snapshot.rating.is_not(None))
        .where(Snapshot.day >= day_before(DAYS_DRAWN))
        .order_by(Snapshot.day)
    )
    found: dict[str, list[tuple[int, float]]] = {key: [] for key in platforms()}
    for key, day, rating in db.session.execute(query):
        found.get(key, []).append(((day - date(1970, 1, 1)).days * 86_400, rating))
    return [Course(key, platforms()[key].name, points) for key, points in found.items() if len(points) > 1]


def count_days(participant_id: int) -> int:
    """On how many days anything was verified."""
    return db.session.scalar(select(func.count()).select_from(_days(participant_id).subquery())) or 0


def days(participant_id: int, paging: Paging) -> list[Day]:
    """A page of those days, newest first: one statement more than none."""
    shown = db.session.scalars(
        _days(participant_id).order_by(Snapshot.day.desc()).limit(paging.per_page).offset(paging.offset)
    ).all()
    return _with_ratings(participant_id, shown)


def _with_ratings(participant_id: int, shown: Sequence[date]) -> list[Day]:
    query = select(Snapshot.day, Handle.platform, Snapshot.rating).join(Snapshot.handle_row)
    of_these = query.where(Handle.participant_id == participant_id, Snapshot.day.in_(shown))
    ratings: dict[date, dict[str, float]] = {day: {} for day in shown}
    for day, key, rating in db.session.execute(of_these.where(Snapshot.rating.is_not(None))):
        ratings[day][key] = rating
    return [Day(day, known) for day, known in ratings.items()]


def _days(participant_id: int) -> Select[tuple[date]]:
    return select(Snapshot.day).join(Snapshot.handle_row).where(Handle.participant_id == participant_id).distinct()
