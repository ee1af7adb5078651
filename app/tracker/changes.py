"""What moved: ratings now against those of some days ago, worked out by the database from single snapshots."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Float, Numeric, cast, func, select

from app.core import clock
from app.extensions import db
from app.tracker.models import Cohort, Handle, Participant, Snapshot
from app.tracker.platforms import platforms

WEEK, MONTH = 7, 30  # days
Changes = dict[int, tuple[float | None, float | None]]


def changes(cohort_id: int, people: Collection[int] | None = None) -> Changes:
    """By participant, how much the total moved in a week and in a month; of these people, or of the whole cohort.

    A handle counts where it has a rating now and had one then: neither a first rating nor a new handle is a move, nor
    is what other contests give, where organisers choose them.
    None: nothing is known from then, which is the last day with a snapshot by that time, at most twice as long ago.
    One seek for each handle and span, whatever the length of the history.
    """
    whose = Participant.cohort_id == cohort_id if people is None else Participant.id.in_(people)
    changed = select(Cohort.contests_changed_on).where(Cohort.id == cohort_id).scalar_subquery()
    query = (
        select(Handle.participant_id, moved_since(WEEK, changed), moved_since(MONTH, changed))
        .join(Handle.participant)
        .where(whose, counts())
        .group_by(Handle.participant_id)
    )
    return {number: (week, month) for number, week, month in db.session.execute(query)}


def moved_since(days: int, changed: ColumnElement[date | None]) -> ColumnElement[float | None]:
    """The sum of what handles gained since so many days ago, for a statement grouped by participant.

    `changed` is the day on which other contests were chosen, where organisers choose them.
    """
    chosen = [key for key, platform in platforms().items() if platform.counts_contests]
    is_alike = Handle.platform.not_in(chosen) | changed.is_(None) | (Snapshot.day > changed)
    # After a summer without a check, what a summer brought is nobody's move of the week.
    is_then = Snapshot.day.between(day_before(2 * days), day_before(days))
    then = select(Snapshot.rating).where(Snapshot.handle_id == Handle.id, is_then, is_alike)
    last = then.order_by(Snapshot.day.desc()).limit(1).correlate(Handle).scalar_subquery()
    return cast(func.round(cast(func.sum(Handle.rating - last), Numeric), 6), Float)


def counts() -> ColumnElement[bool]:
    """Whether what is known of a handle counts: not where its platform says by now that there is no such handle."""
    return (Handle.state != "missing") & Handle.platform.in_(platforms())


def day_before(days: int) -> date:
    """The day so many days ago, UTC."""
    return (clock.now() - timedelta(days=days)).date()
