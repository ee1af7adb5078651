"""Background work on boards."""

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from app.competitions import boards, kaggle_account, syncing, upkeep
from app.competitions.models import BoardFile, Competition
from app.competitions.queries import lock_competition
from app.competitions.sources.base import NotALeaderboard, SourceFault
from app.competitions.sources.kaggle import load_client
from app.competitions.standings import StandingsDoubtful, StandingsFinal, apply_standings
from app.core import clock
from app.core.jobs import JobRefused, Run, job
from app.extensions import db

log = logging.getLogger(__name__)


@job("apply_board", deadline_seconds=120)
def apply_board(run: Run, board_id: int) -> None:
    """Apply a file that an organiser has said yes to; the file waits on where it needs another yes."""
    run.progress("Reading the file")
    board = db.session.get_one(BoardFile, board_id, populate_existing=True)
    if board.content is None:
        raise JobRefused("This file was dropped, or has been replaced by a newer one.")
    try:
        standings = boards.standings_in(board)
        run.progress(f"Matching {standings.rows:,} rows with members")
        with run.transaction():
            plan = boards.apply_board(db.session.get_one(BoardFile, board_id, populate_existing=True), standings)
            run.done(boards.sentence(plan))
    except (NotALeaderboard, StandingsFinal) as refusal:
        raise JobRefused(str(refusal)) from refusal
    except StandingsDoubtful as doubt:
        raise JobRefused(f"{doubt} It waits until an organiser confirms it.") from doubt


@job(
    "sync_competition",
    deadline_seconds=150,
    queue="sync",
    after_failure=syncing.fail_unforeseen,
    prepare=load_client,
)
def sync_competition(run: Run, competition_id: int, cause: str) -> None:
    """Download a competition's leaderboard and apply it; whatever goes wrong, the last good board stands."""
    sync = syncing.Attempt(competition_id, cause, clock.now())
    slug = db.session.get_one(Competition, competition_id, populate_existing=True).kaggle_slug
    if slug is None:
        _settle_sync(run, sync, slug, lambda: run.done("It is not on Kaggle any more."))
        return
    run.progress("Downloading the leaderboard from Kaggle")
    db.session.rollback()  # nothing of the database is held while Kaggle is asked
    download = None
    try:
        download = syncing.Download(slug, kaggle_account.client().leaderboard(slug), sync.started_at)
        reading = syncing.read(competition_id, download)
        _settle_sync(run, sync, slug, lambda: run.done(syncing.apply(sync, download, reading)))
        return
    except StandingsFinal as refusal:
        final = str(refusal)
        _settle_sync(run, sync, slug, lambda: run.fail(final))
        return
    except SourceFault as error:
        fault = error
    except NotALeaderboard as error:
        fault = SourceFault("garbled", f"What Kaggle sent is no leaderboard. {error}")
    except StandingsDoubtful as doubt:
        fault = SourceFault("doubtful", f"{doubt} It waits among the board files for an organiser’s yes.")

    def fail() -> None:
        syncing.fail(sync, fault, download)
        run.fail(str(fault))

    _settle_sync(run, sync, slug, fail)


def _settle_sync(run: Run, sync: syncing.Attempt, slug: str | None, end: Callable[[], None]) -> None:
    """Store what came of asking for `slug`; where the competition has another by now, begin anew with that."""
    with run.transaction():
        competition = lock_competition(sync.competition_id)
        if competition.kaggle_slug == slug:
            end()
        else:
            run.done("Its address on Kaggle was changed meanwhile; it is synced by the new one.")
            syncing.slug_changed(competition)


@job("sync_due", deadline_seconds=60, every_seconds=30)
def sync_due(run: Run) -> None:
    """Begin every sync whose time has come, and check credentials that the environment has newly brought."""
    if kaggle_account.is_unchecked():
        run.progress("Asking Kaggle whose credentials these are")
        try:
            kaggle_account.check()
        except kaggle_account.AccountRefused as refusal:
            log.error("the Kaggle account in the environment does not work: %s", refusal)
    with run.transaction():
        number = syncing.enqueue_due() if kaggle_account.is_connected() else 0
        run.done(f"{number} due.")


@job("rematch_boards", deadline_seconds=300)
def rematch_boards(run: Run, competition_ids: list[int] | None = None) -> None:
    """Apply the kept board of each of the competitions (all ongoing ones) again: a member or a setting has changed."""
    ids = competition_ids if competition_ids is not None else _ongoing()
    for number, competition_id in enumerate(ids, 1):
        run.progress(f"Board {number} of {len(ids)}", number, len(ids))
        with run.transaction():
            # The file is read under the lock: a sync in between would be undone by what was read before it.
            competition = lock_competition(competition_id)
            standings = None if competition.finalized_at else boards.standings_kept(competition)
            if standings is not None:
                apply_standings(competition_id, standings, is_confirmed=True)
    with run.transaction():
        run.done(f"{len(ids)} board{'' if len(ids) == 1 else 's'} matched with today's members.")


@job("release_entries", deadline_seconds=60)
def release_entries(run: Run, member_id: int) -> None:
    """Take what is personal out of a former member's entries; what they achieved stays."""
    with run.transaction():
        upkeep.release_entries(member_id)
        run.done("The former member's entries are nameless now.")


@job("redraw_boards", deadline_seconds=60)
def redraw_boards(run: Run, member_id: int) -> None:
    """Have every leaderboard that shows the member drawn anew: the name has changed."""
    with run.transaction():
        upkeep.redraw_boards(member_id)
        run.done("The boards show the new name.")


@job("age_places", deadline_seconds=120, every_seconds=900)
def age_places(run: Run) -> None:
    """Let changes of place that are older than 24 hours fade, also while no board comes in."""
    lately = clock.now() - timedelta(days=2)
    ids = db.session.scalars(select(Competition.id).where(Competition.board_version > 0, Competition.ends_at > lately))
    for competition_id in ids.all():
        with run.transaction():
            upkeep.age_places(competition_id)
    with run.transaction():
        run.done("Changes of place are those of the last 24 hours again.")


def _ongoing() -> list[int]:
    now = clock.now()
    query = select(Competition.id).where(Competition.starts_at <= now, Competition.ends_at > now)
    return list(db.session.scalars(query.order_by(Competition.id)))
