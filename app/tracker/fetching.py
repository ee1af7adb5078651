"""Keeping what is known of handles in step with their platforms: who is due, what came of asking, and when next."""

import logging
import math
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, select, update
from sqlalchemy.orm import contains_eager

from app.core import audit, clock
from app.core.db import fold, transaction, upsert
from app.core.jobs import Run, enqueue
from app.extensions import db
from app.tracker import live, pace, settings
from app.tracker.asking import Asking
from app.tracker.models import Handle, Participant, Snapshot
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Missing, Outcome, Platform, Trouble, Unknown, Verified
from app.tracker.signals import handles_checked

log = logging.getLogger(__name__)
SLICE_SECONDS = 20.0
TOLD_EVERY_SECONDS = 2.0
NIGHT_HOUR = 1  # UTC
FRESH = timedelta(minutes=5)
MANY_YIELD = timedelta(days=1)  # by so much all of a cohort or platform, asked for at once, give way to single people
MISSING_AGAIN = timedelta(days=7)
BACK_OFF = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
# What adapters meet in an answer of a shape that nobody has thought of.
ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Batch:
    """Handles that are asked for together, by their number and as they were then."""

    handles: dict[int, str]
    contests: tuple[str, ...]

    def names(self) -> list[str]:
        """Each account once, however many people name it."""
        return list({fold(handle): handle for handle in self.handles.values()}.values())


@dataclass(frozen=True)
class Slice:
    """What a stretch of work came to; `wait_seconds` until the platform may be asked again."""

    checked: int
    waiting: int
    wait_seconds: float = 0.0


def request_check(*, participant_id: int | None = None, cohort_id: int | None = None, skips_fresh: bool = False) -> int:
    """Have the handles of one person, or of a cohort, checked now, before others; how many can be.

    `skips_fresh`: but for those checked in the last minutes, so that whoever keeps pressing keeps nobody waiting. Those
    whose platform is not set up wait until it is.
    """
    of_cohort = Handle.participant_id.in_(select(Participant.id).where(Participant.cohort_id == cohort_id))
    whose = of_cohort if participant_id is None else Handle.participant_id == participant_id
    is_stale = Handle.checked_at.is_(None) | (Handle.checked_at < clock.now() - FRESH)
    asked_at = clock.now() - (MANY_YIELD if participant_id is None else timedelta())
    return _ask_for(whose & is_stale if skips_fresh else whose, asked_at)


def request_platform(platform_key: str) -> int:
    """Have every handle on a platform checked now; how many can be."""
    with transaction():
        audit.record("look up all", f"platform:{platform_key}")
        return _ask_for(Handle.platform == platform_key, clock.now() - MANY_YIELD)


def enqueue_due() -> list[str]:
    """Within the caller's transaction, have every platform asked that can be and on which handles are due; their keys.

    What is due stays so until it was checked, well or badly; a job that is lost is thus asked for again.
    """
    due = set(db.session.scalars(select(Handle.platform).where(Handle.next_due_at <= clock.now()).distinct()))
    keys = [key for key, platform in platforms().items() if key in due and not settings.lacking(platform)]
    ready = [key for key in keys if pace.resting(key) is None]
    for key in ready:
        begin(key)
    return ready


def begin(platform_key: str, *, done: int = 0, wait_seconds: float = 0.0) -> int:
    """Enqueue a stretch of asking within the caller's transaction, `done` being checked before; the job's number."""
    return enqueue(
        "fetch_handles",
        subject=f"platform:{platform_key}",
        due_at=clock.now() + timedelta(seconds=wait_seconds),
        platform_key=platform_key,
        done=done,
    )


def waiting(platform_key: str) -> int:
    """How many handles are due on a platform."""
    return db.session.scalar(select(func.count()).select_from(Handle).where(*_due(platform_key))) or 0


def seconds_left(platform: Platform, number: int) -> float:
    """How long so many handles take at the platform's pace, at the least."""
    return math.ceil(number / platform.batch_size) * platform.pace.seconds / platform.pace.calls


def minutes_left() -> dict[str, int]:
    """By platform, how long it takes until all that is due is looked up, while one worker asks them in turns.

    A platform that is asked in bursts, with long waits between, takes no time of the others, nor they of its.
    """
    due = select(Handle.platform, func.count()).where(Handle.next_due_at <= clock.now()).group_by(Handle.platform)
    found = dict(db.session.execute(due).tuples().all())
    asked = [one for key, one in platforms().items() if key in found and not settings.lacking(one)]
    alone = {one.key: seconds_left(one, found[one.key]) for one in asked}
    sharing = {one.key for one in asked if one.pace.seconds <= SLICE_SECONDS}
    others = {key: sharing - {key} if key in sharing else set() for key in alone}
    return {
        key: math.ceil((mine + sum(min(mine, alone[other]) for other in others[key])) / 60)
        for key, mine in alone.items()
    }


def next_night(now: datetime) -> datetime:
    """When a platform is next asked for everything."""
    night = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)


def work(platform: Platform, run: Run, done: int = 0) -> Slice:
    """Ask for what is due, stalest first, until time is over or the platform wants to be left alone.

    Each batch is stored by itself: what ends this between two of them costs nothing.
    """
    until = time.monotonic() + SLICE_SECONDS
    ask, checked, told_at = Asking(platform, until), 0, -math.inf
    while time.monotonic() < until and (batch := _next_batch(platform)):
        if time.monotonic() - told_at >= TOLD_EVERY_SECONDS:
            _tell_progress(run, platform, done + checked)
            told_at = time.monotonic()
        outcomes, wait_seconds = _fetch(platform, batch, ask)
        if outcomes:
            with run.transaction():
                _store(platform, batch, outcomes)
        checked += len(outcomes)
        if wait_seconds is not None:
            return Slice(checked, waiting(platform.key), wait_seconds)
    return Slice(checked, waiting(platform.key))


def _fetch(platform: Platform, batch: Batch, ask: Asking) -> tuple[dict[str, Outcome], float | None]:
    """What came of each handle, by its folded name, and, where the platform is to be left alone, for how long."""
    outcomes: dict[str, Outcome] = {}
    db.session.rollback()  # nothing of the database is held while the platform is asked
    try:
        _read(platform, batch, ask, outcomes)
        _weigh(platform, outcomes.values())
        return outcomes, None
    except pace.NotNow as wait:
        return outcomes, wait.seconds
    except Trouble as trouble:
        pace.rest(platform, trouble)
        resting = pace.resting(platform.key)
        seconds = (resting.until - clock.now()).total_seconds() if resting else 0.0
        return _with_rest(batch, outcomes, Unknown(str(trouble), seconds)), seconds


def _read(platform: Platform, batch: Batch, ask: Asking, outcomes: dict[str, Outcome]) -> None:
    """Put what comes of each handle into `outcomes`, one by one."""
    try:
        for handle, outcome in platform.fetch(batch.names(), ask.counting(batch.contests)):
            outcomes[fold(handle)] = outcome
    except ODD:
        log.exception("%s: an answer that nobody could read", platform.key)
    unread = Unknown(f"{platform.name}’s answer could not be understood.", is_odd=True)
    outcomes.update(_with_rest(batch, outcomes, unread))


def _weigh(platform: Platform, outcomes: Collection[Outcome]) -> None:
    """A good answer ends the trouble before; Trouble where by now too many in a row could not be read."""
    odd = sum(isinstance(outcome, Unknown) and outcome.is_odd for outcome in outcomes)
    if odd < len(outcomes):
        pace.forgive(platform)
    elif odd:
        pace.count_odd(platform, odd)


def _with_rest(batch: Batch, outcomes: dict[str, Outcome], other: Outcome) -> dict[str, Outcome]:
    return {fold(name): other for name in batch.names()} | outcomes


def _next_batch(platform: Platform) -> Batch | None:
    """The stalest handles that are due, those first that people asked for, all of one set of contests.

    Where the stalest could not be checked, fewer are asked for at once: one that breaks all others' is thus found.
    """
    query = (
        select(Handle)
        .outerjoin(Handle.participant)
        .outerjoin(Participant.cohort)
        .options(contains_eager(Handle.participant).contains_eager(Participant.cohort))
        .where(*_due(platform.key))
        .order_by(Handle.asked_at.desc().nulls_last(), Handle.failures > 0, Handle.checked_at.nulls_first(), Handle.id)
        .limit(platform.batch_size)
        .execution_options(populate_existing=True)
    )
    rows = db.session.scalars(query).all()
    if not rows:
        return None
    contests = _contests(platform, rows[0])
    most = max(1, platform.batch_size >> 2 * rows[0].failures)
    same = [row for row in rows if _contests(platform, row) == contests and row.failures == rows[0].failures]
    return Batch({row.id: row.handle for row in same[:most]}, contests)


def _contests(platform: Platform, row: Handle) -> tuple[str, ...]:
    cohort = row.participant.cohort
    return tuple(cohort.hackerrank_contests) if platform.counts_contests and cohort else ()


def _due(platform_key: str) -> tuple[ColumnElement[bool], ...]:
    return (Handle.platform == platform_key, Handle.next_due_at <= clock.now())


def _store(platform: Platform, batch: Batch, outcomes: dict[str, Outcome]) -> None:
    """Write what came of a batch, within the caller's transaction; who has another handle by now is left alone."""
    query = select(Handle).where(Handle.id.in_(batch.handles)).join(Handle.participant)
    query = query.options(contains_eager(Handle.participant)).execution_options(populate_existing=True)
    checked, now = [row for row in db.session.scalars(query) if row.folded in outcomes], clock.now()
    for row in checked:
        _apply(row, outcomes[row.folded], now)
    _keep_snapshots([row for row in checked if row.state == "verified"], now)
    db.session.flush()
    people = {row.participant_id for row in checked}
    cohorts = {row.participant.cohort_id for row in checked} - {None}
    handles_checked.send(None, platform_key=platform.key, participant_ids=people, cohort_ids=cohorts)


def _apply(row: Handle, outcome: Outcome, now: datetime) -> None:
    row.checked_at, row.asked_at, row.next_due_at = now, None, next_night(now)
    if isinstance(outcome, Verified):
        row.state, row.why, row.failures, row.known_at = "verified", "", 0, now
        row.rating, row.peak = outcome.rating, outcome.peak
        row.solved = row.solved if outcome.solved is None else outcome.solved  # some answers leave it out
        row.contests = outcome.contests
    elif isinstance(outcome, Missing):
        row.state, row.why, row.failures = "missing", outcome.why, 0
        row.next_due_at = next_night(now + MISSING_AGAIN)
    else:
        row.state, row.why = "unknown", outcome.why
        wait = max(BACK_OFF[min(row.failures, len(BACK_OFF) - 1)], timedelta(seconds=outcome.retry_after_seconds or 0))
        row.next_due_at = now + wait
        row.failures += 1


def _keep_snapshots(rows: Sequence[Handle], now: datetime) -> None:
    if not rows:
        return
    told = ("rating", "peak", "solved", "contests")
    values = [{"handle_id": row.id, "day": now.date(), **{name: getattr(row, name) for name in told}} for row in rows]
    insert = upsert(Snapshot)
    newer = {name: insert.excluded[name] for name in told}
    db.session.execute(insert.on_conflict_do_update(index_elements=["handle_id", "day"], set_=newer), values)


def _ask_for(whose: ColumnElement[bool], asked_at: datetime) -> int:
    newest = case((Handle.asked_at > asked_at, Handle.asked_at), else_=literal(asked_at, Handle.asked_at.type))
    with transaction():
        asked = update(Handle).where(whose).values(asked_at=newest, next_due_at=clock.now(), failures=0)
        numbers = Counter(db.session.scalars(asked.returning(Handle.platform)))
        _begin_all(numbers)
        return sum(numbers[key] for key, platform in platforms().items() if not settings.lacking(platform))


def _begin_all(keys: Iterable[str]) -> None:
    for key in sorted(keys):
        if key in platforms():
            begin(key)


def _tell_progress(run: Run, platform: Platform, done: int) -> None:
    left = waiting(platform.key)
    minutes = minutes_left().get(platform.key, 0)
    span = "less than a minute" if minutes <= 1 else f"about {minutes:,} minutes"
    run.progress(f"{platform.name}: {done:,} checked, {left:,} to go, {span} left", done, done + left)
    live.tell_platforms()
