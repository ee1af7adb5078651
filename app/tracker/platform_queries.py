"""How the asking of platforms goes, shaped for pages."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from redis import RedisError
from sqlalchemy import case, func, select

from app.core import clock
from app.core.jobs.queries import JobCard, latest_job
from app.extensions import db
from app.tracker import fetching, pace, settings
from app.tracker.models import Handle, Participant
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Platform


@dataclass(frozen=True)
class PlatformCard:
    """One platform: its handles by state, how many are due, and what keeps it from being asked ("" for nothing).

    `minutes_left`: until all that is due there is looked up, of other cohorts too.
    """

    platform: Platform
    states: Counter[str]
    waiting: int
    checked_at: datetime | None
    lacking: str
    rest: pace.Rest | None
    minutes_left: int

    @property
    def total(self) -> int:
        """How many handles there are."""
        return self.states.total()


def platform_cards(keys: list[str] | None = None, cohort_id: int | None = None) -> list[PlatformCard]:
    """The platforms of these keys, or all; with a cohort, its handles alone count."""
    due = func.sum(case((Handle.next_due_at <= clock.now(), 1), else_=0))
    query = select(Handle.platform, Handle.state, func.count(), due, func.max(Handle.checked_at))
    if cohort_id is not None:
        query = query.join(Handle.participant).where(Participant.cohort_id == cohort_id)
    states: dict[str, Counter[str]] = {}
    waiting: Counter[str] = Counter()
    checked: dict[str, datetime] = {}
    for key, state, number, number_due, checked_at in db.session.execute(query.group_by(Handle.platform, Handle.state)):
        states.setdefault(key, Counter())[state] = number
        waiting[key] += number_due
        if checked_at:
            checked[key] = max(checked_at, checked.get(key, checked_at))
    left = fetching.minutes_left()
    return [
        PlatformCard(
            platform=platform,
            states=states.get(key, Counter()),
            waiting=waiting[key],
            checked_at=checked.get(key),
            lacking=settings.lacking(platform),
            rest=_rest(key),
            minutes_left=left.get(key, 0),
        )
        for key, platform in platforms().items()
        if keys is None or key in keys
    ]


def obstacles(keys: Container[str]) -> str:
    """What keeps platforms of these from being asked at the moment, in sentences for everybody; "" for nothing."""
    told = []
    for platform in (platform for key, platform in platforms().items() if key in keys):
        rest = _rest(platform.key)
        if settings.lacking(platform):
            told.append(
                f"{platform.name} is not set up here: nobody is looked up there until an administrator does it."
            )
        elif rest:
            told.append(f"{platform.name} is left alone until {rest.until:%H:%M} UTC: {rest.why}")
    return " ".join(told)


def fetching_job(platform_key: str) -> JobCard | None:
    """The newest job that asks a platform."""
    return latest_job("fetch_handles", f"platform:{platform_key}")


def _rest(key: str) -> pace.Rest | None:
    try:
        return pace.resting(key)
    except RedisError:
        return None  # the banner over every page says that Redis is away
