"""Background work on boards."""

from datetime import timedelta

from sqlalchemy import select

from app.competitions import boards, upkeep
from app.competitions.models import BoardFile, Competition
from app.competitions.sources.base import NotALeaderboard
from app.competitions.standings import StandingsDoubtful, apply_standings
from app.core import clock
from app.core.jobs import JobRefused, Run, job
from app.extensions import db


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
    except NotALeaderboard as refusal:
        raise JobRefused(str(refusal)) from refusal
    except StandingsDoubtful as doubt:
        raise JobRefused(f"{doubt} It waits until an organiser confirms it.") from doubt


@job("rematch_boards", deadline_seconds=300)
def rematch_boards(run: Run, competition_ids: list[int] | None = None) -> None:
    """Apply the kept board of each of the competitions (all ongoing ones) again: a member or a setting has changed."""
    ids = competition_ids if competition_ids is not None else _ongoing()
    for number, competition_id in enumerate(ids, 1):
        run.progress(f"Board {number} of {len(ids)}", number, len(ids))
        board = boards.last_good(competition_id)
        if board is None:
            continue
        standings = boards.standings_in(board)
        with run.transaction():
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
