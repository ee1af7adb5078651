"""Keeping leaderboards in step with their source: when a sync is due, what it brought, and what a failed one means."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, select, update

from app.competitions import boards, kaggle_account
from app.competitions.models import BoardFile, Competition, Sync, SyncState
from app.competitions.planning import wanted_by
from app.competitions.queries import lock_competition
from app.competitions.signals import board_applied, syncing_changed
from app.competitions.sources.base import SourceFault, Standings, Wanted
from app.competitions.sources.board_file import BoardText, open_board, read_text
from app.competitions.standings import StandingsFinal, refuse_final
from app.config import MEGABYTE
from app.core import audit, clock
from app.core.db import transaction
from app.core.jobs import enqueue
from app.extensions import db

EVERY = timedelta(minutes=5)
BACK_OFF = (EVERY, 2 * EVERY, 4 * EVERY, 8 * EVERY)  # after the first failure in a row, the second ...
LONGEST_WAIT = timedelta(hours=1)
FINAL_BOARD_AWAITED = timedelta(days=1)
SYNCS_KEPT = 20
SOURCE = "Kaggle"


class SyncRefused(Exception):
    """No sync can be begun; the message is a sentence for the organiser."""


@dataclass(frozen=True)
class Attempt:
    """One sync while it runs; `cause` is one that the page of syncing knows."""

    competition_id: int
    cause: str
    started_at: datetime


@dataclass(frozen=True)
class Download:
    """What a source sent for the competition that it knows as `slug`, asked at the moment `at`."""

    slug: str
    content: bytes
    at: datetime

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.slug}-publicleaderboard.zip"

    @cached_property
    def text(self) -> BoardText:
        """The CSV inside; NotALeaderboard where there is none."""
        max_bytes = current_app.config["BOARD_MAX_MB"] * MEGABYTE
        return open_board(self.content, self.name, self.at, max_bytes)


@dataclass(frozen=True)
class Reading:
    """The standings in a download, and whom of the club they were searched for."""

    wanted: Wanted
    standings: Standings


def next_due(competition: Competition, state: SyncState, now: datetime, wait: timedelta = EVERY) -> datetime | None:
    """When to sync next, `wait` after now: while it is ongoing, at its start, and until a board from after its end."""
    if state.is_paused or not competition.kaggle_slug or competition.finalized_at is not None:
        return None
    if now < competition.starts_at:
        return competition.starts_at
    if now < competition.ends_at:
        return min(now + wait, competition.ends_at)
    is_final = competition.board_at is not None and competition.board_at > competition.ends_at
    is_given_up = now + wait > competition.ends_at + FINAL_BOARD_AWAITED
    return None if is_final or is_given_up else now + wait


def state_of(competition: Competition) -> SyncState:
    """The competition's state of syncing, made where there is none yet; within the caller's transaction."""
    state = db.session.get(SyncState, competition.id, populate_existing=True)
    if state is None:
        state = SyncState(competition_id=competition.id)
        db.session.add(state)
        db.session.flush()
    return state


def slug_changed(competition: Competition) -> None:
    """Begin anew with another slug, or none, within the caller's transaction: at once, if an account is connected.

    The board of before is no measure for the next one, and what waited of it is let go.
    """
    state = state_of(competition)
    state.failing_since, state.failures, state.problem, state.problem_kind = None, 0, "", ""
    state.last_synced_at, competition.board_rows = None, 0
    state.due_at = next_due(competition, state, clock.now())
    _drop_waiting(competition.id, "Dropped: the competition is another one on Kaggle now.")
    if competition.kaggle_slug and kaggle_account.is_connected():
        begin(competition.id, "address")


def dates_changed(competition: Competition) -> None:
    """Plan the next sync by the new start and end, within the caller's transaction."""
    state = state_of(competition)
    state.due_at = next_due(competition, state, clock.now(), timedelta(0))


def request_sync(competition: Competition) -> int:
    """Sync now, on an organiser's wish; the number of the job, which is the running one where it runs already."""
    if not competition.kaggle_slug:
        raise SyncRefused("Tell first which competition on Kaggle this is: edit it and fill in its address there.")
    if competition.finalized_at is not None:
        raise SyncRefused(str(StandingsFinal()))
    if not kaggle_account.is_connected():
        raise SyncRefused(kaggle_account.NOT_CONNECTED)
    with transaction():
        job_id, synced_at = begin(competition.id, "button"), state_of(competition).last_synced_at
        before = {"last_synced_at": synced_at.isoformat() if synced_at else None}
        audit.record("sync", f"competition:{competition.slug}", before=before, after={"job": job_id})
        return job_id


def begin(competition_id: int, cause: str) -> int:
    """Enqueue a sync within the caller's transaction; `cause` is one that the page of syncing knows."""
    return enqueue(
        "sync_competition", subject=f"competition:{competition_id}", competition_id=competition_id, cause=cause
    )


def set_paused(competition_id: int, *, is_paused: bool) -> None:
    """Stop syncing by the clock, or go on with it at once."""
    with transaction():
        competition = db.session.get_one(Competition, competition_id, populate_existing=True)
        state = state_of(competition)
        before = {"is_paused": state.is_paused}
        state.is_paused = is_paused
        state.due_at = next_due(competition, state, clock.now(), timedelta(0))
        act = "pause syncing" if is_paused else "resume syncing"
        audit.record(act, f"competition:{competition.slug}", before=before, after={"is_paused": is_paused})
        syncing_changed.send(None, competition_id=competition_id)


def enqueue_due() -> int:
    """Enqueue every competition whose sync is due, within the caller's transaction; how many is returned.

    What is due stays so until its sync has ended, well or badly; a job that is lost is thus asked for again.
    """
    due = (
        select(SyncState.competition_id)
        .join(SyncState.competition)
        .where(SyncState.due_at <= clock.now(), SyncState.is_paused.is_(False), Competition.finalized_at.is_(None))
    )
    ids = db.session.scalars(due.order_by(SyncState.due_at)).all()
    for competition_id in ids:
        begin(competition_id, "schedule")
    return len(ids)


def all_due_now() -> None:
    """Have everything synced at once that is planned: the account was connected just now."""
    with transaction():
        planned = SyncState.due_at.is_not(None)
        is_running = SyncState.competition_id.in_(select(Competition.id).where(Competition.starts_at <= clock.now()))
        db.session.execute(update(SyncState).where(planned, is_running).values(due_at=clock.now()))


def read(competition_id: int, download: Download) -> Reading | None:
    """What a download says of the club's members; None where its rows stand already. NotALeaderboard if it is none."""
    competition = db.session.get_one(Competition, competition_id, populate_existing=True)
    return None if _stands(download, boards.last_good(competition_id)) else _read(competition, download)


def apply(sync: Attempt, download: Download, reading: Reading | None) -> str:
    """Apply a download that has been read, within the caller's transaction; what it did, in a sentence.

    StandingsDoubtful or StandingsFinal, with nothing written, where it looks wrong or comes too late. Where the same
    rows stand already, only "as of" moves on. It is read again if the club, or what stood before, changed meanwhile.
    """
    competition = lock_competition(sync.competition_id)
    refuse_final(competition)
    board = boards.last_good(competition.id)
    if board is not None and _stands(download, board):
        competition.board_at = max(download.text.at, competition.board_at or download.text.at)
        board_applied.send(None, competition_id=competition.id, is_changed=False)
        known = board.counts or {}
        outcome = f"The same {known['rows']:,} rows as before, {known['matched']:,} matched; nothing changed."
    else:
        if reading is None or reading.wanted != wanted_by(competition):
            reading = _read(competition, download)
        board = _keep(competition, board, download)
        outcome = boards.sentence(boards.apply_board(board, reading.standings))
    _drop_waiting(competition.id, "Dropped: a newer board from Kaggle came and was applied.")
    state, now = state_of(competition), clock.now()
    state.last_synced_at, state.failing_since, state.failures = now, None, 0
    state.problem, state.problem_kind = "", ""
    state.due_at = next_due(competition, state, now)
    kaggle_account.tell("")
    _note(sync, outcome, is_ok=True)
    return outcome


def fail(sync: Attempt, fault: SourceFault, download: Download | None = None) -> None:
    """Remember, within the caller's transaction, that a sync came to nothing, and plan the next try.

    A download that only looks wrong is kept, to wait for an organiser's yes.
    """
    competition = lock_competition(sync.competition_id)
    state, now = state_of(competition), clock.now()
    state.failures += 1
    state.failing_since = state.failing_since or now
    state.problem_kind, state.problem = fault.kind, str(fault)
    wait = BACK_OFF[min(state.failures, len(BACK_OFF)) - 1]
    if fault.retry_after_seconds is not None:
        wait = min(max(EVERY, timedelta(seconds=fault.retry_after_seconds)), LONGEST_WAIT)
    state.due_at = next_due(competition, state, now, wait)
    if fault.kind == "doubtful" and download is not None:
        _keep_doubtful(competition, download)
    if fault.kind == "login":
        kaggle_account.tell(str(fault))
    _note(sync, str(fault), is_ok=False)
    syncing_changed.send(None, competition_id=competition.id)


def fail_unforeseen(reason: str, competition_id: int, cause: str) -> None:
    """Remember a sync whose job failed by itself: killed, too slow, or by an error that nobody foresaw."""
    fail(Attempt(competition_id, cause, clock.now()), SourceFault("unforeseen", reason))


def _keep_doubtful(competition: Competition, download: Download) -> None:
    """In place of an older one that waits; one that somebody has said yes to is left to them."""
    waiting = select(BoardFile).where(_waits(competition.id), BoardFile.is_confirmed.is_(False))
    _put(competition, db.session.scalar(waiting), download)


def _drop_waiting(competition_id: int, why: str) -> None:
    dropped = {"state": "dropped", "content": None, "outcome": why}
    db.session.execute(update(BoardFile).where(_waits(competition_id)).values(dropped))


def _waits(competition_id: int) -> ColumnElement[bool]:
    is_synced = and_(BoardFile.received_from == SOURCE, BoardFile.state == "waiting")
    return and_(BoardFile.competition_id == competition_id, is_synced)


def _stands(download: Download, board: BoardFile | None) -> bool:
    return board is not None and board.digest == download.text.digest


def _read(competition: Competition, download: Download) -> Reading:
    wanted = wanted_by(competition)
    return Reading(wanted, read_text(download.text, wanted, is_higher_better=competition.is_higher_better))


def _keep(competition: Competition, last: BoardFile | None, download: Download) -> BoardFile:
    """The row for a synced board: one for all syncs, unless somebody handed in a file between."""
    return _put(competition, last if last and last.received_from == SOURCE else None, download)


def _put(competition: Competition, board: BoardFile | None, download: Download) -> BoardFile:
    if board is None:
        board = boards.keep(competition, download.content, download.name, SOURCE, download.at)
    board.content, board.received_at, board.digest = download.content, download.at, download.text.digest
    board.is_confirmed = False  # whatever was said of an earlier one
    return board


def _note(attempt: Attempt, outcome: str, *, is_ok: bool) -> None:
    sync = Sync(**asdict(attempt), finished_at=clock.now(), outcome=outcome, is_ok=is_ok)
    db.session.add(sync)
    db.session.flush()
    kept = select(Sync.id).where(Sync.competition_id == sync.competition_id).order_by(Sync.id.desc()).limit(SYNCS_KEPT)
    db.session.execute(delete(Sync).where(Sync.competition_id == sync.competition_id, Sync.id.not_in(kept)))
