"""Leaderboard files: handed in, previewed, applied, dropped. The last good one is kept, to match from it again."""

from dataclasses import asdict, replace
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update

from app.competitions.models import BoardFile, Competition
from app.competitions.planning import Plan, plan_standings, wanted_by
from app.competitions.sources.base import Standings
from app.competitions.sources.board_file import read_board
from app.competitions.standings import StandingsDoubtful, apply_standings, refuse_final
from app.config import MEGABYTE
from app.core import audit, clock
from app.core.db import transaction
from app.core.jobs import enqueue
from app.extensions import db

REFUSED_TOLD = 50


def read(competition: Competition, content: bytes, name: str, received_at: datetime) -> Standings:
    """What a file says of the club's members; NotALeaderboard where it is none."""
    return read_board(
        content,
        name,
        wanted_by(competition),
        received_at=received_at,
        is_higher_better=competition.is_higher_better,
        max_bytes=current_app.config["BOARD_MAX_MB"] * MEGABYTE,
    )


def standings_in(board: BoardFile) -> Standings:
    """What a kept file says, matched against the members of today."""
    return read(board.competition, board.content or b"", board.name, board.received_at)


def standings_kept(competition: Competition) -> Standings | None:
    """The board that stands, matched against the members of today; None where its file is not kept.

    It is from when it was last seen: syncs that brought the same rows have moved "as of" on since the file was kept.
    """
    board = last_good(competition.id)
    if board is None:
        return None
    standings = standings_in(board)
    return replace(standings, at=max(standings.at, competition.board_at or standings.at))


def preview(board: BoardFile) -> Plan:
    """What applying the file now would do."""
    standings = standings_in(board)
    return plan_standings(board.competition, standings) if board.digest else plan_file(board.competition, standings)


def plan_file(competition: Competition, standings: Standings) -> Plan:
    """What applying a file that somebody hands in would do; one from before the board that stands is doubtful."""
    plan = plan_standings(competition, standings)
    plan.doubts += _doubts_of_age(competition, standings)
    return plan


def keep(competition: Competition, content: bytes, name: str, received_from: str, received_at: datetime) -> BoardFile:
    """Store a file that has been read, within the caller's transaction; it waits for somebody's yes."""
    board = BoardFile(
        competition_id=competition.id,
        content=content,
        name=name[:200],
        received_at=received_at,
        received_from=received_from,
    )
    db.session.add(board)
    db.session.flush()
    return board


def receive_board(competition: Competition, content: bytes, name: str, received_from: str) -> int:
    """Keep a file until an organiser has seen its preview; its number is returned. NotALeaderboard if it is none."""
    received_at = clock.now()
    read(competition, content, name, received_at)
    with transaction():
        return keep(competition, content, name, received_from, received_at).id


def request_apply(board_id: int, *, is_confirmed: bool) -> int:
    """Have a waiting file applied in the background; the number of the job is returned. StandingsFinal if too late."""
    with transaction():
        board = db.session.get_one(BoardFile, board_id)
        refuse_final(board.competition)
        board.is_confirmed = board.is_confirmed or is_confirmed
        audit.record("apply board", f"competition:{board.competition.slug}", after={"file": board.name})
        return enqueue("apply_board", subject=f"board:{board_id}", board_id=board_id)


def apply_board(board: BoardFile, standings: Standings, *, is_correction: bool = False) -> Plan:
    """Apply a file that has been read, within the caller's transaction; the file that stood before is let go."""
    doubts = [] if board.digest or board.is_confirmed else _doubts_of_age(board.competition, standings)
    if doubts:
        raise StandingsDoubtful(doubts)
    plan = apply_standings(
        board.competition_id, standings, is_confirmed=board.is_confirmed, is_correction=is_correction
    )
    db.session.execute(
        update(BoardFile)
        .where(BoardFile.competition_id == board.competition_id, BoardFile.id != board.id)
        .where(BoardFile.state == "applied")
        .values(content=None)
    )
    board.state, board.applied_at = "applied", clock.now()
    board.counts = {**plan.counts(), "refused_rows": [asdict(row) for row in plan.refused[:REFUSED_TOLD]]}
    board.outcome = sentence(plan)
    db.session.flush()
    return plan


def _doubts_of_age(competition: Competition, standings: Standings) -> list[str]:
    stands_at = competition.board_at
    if stands_at is None or standings.at >= stands_at:
        return []
    at, before = (f"{moment:%-d %b %Y, %H:%M:%S} UTC" for moment in (standings.at, stands_at))
    return [f"This board is from {at}, which is before the one that stands, from {before}."]


def drop_board(board_id: int) -> None:
    """Let a waiting file go without applying it."""
    with transaction():
        board = db.session.get_one(BoardFile, board_id)
        if board.state == "waiting":
            board.state, board.content, board.outcome = "dropped", None, "Dropped without being applied."
            audit.record("drop board", f"competition:{board.competition.slug}", before={"file": board.name})


def last_good(competition_id: int) -> BoardFile | None:
    """The file that the present leaderboard comes from, with its content."""
    return db.session.scalar(
        select(BoardFile)
        .where(
            BoardFile.competition_id == competition_id,
            BoardFile.state == "applied",
            BoardFile.content.is_not(None),
        )
        .order_by(BoardFile.applied_at.desc())
        .limit(1)
    )


def sentence(plan: Plan) -> str:
    """What applying did, for people."""
    counts = plan.counts()
    parts = [f"{counts['rows']:,} rows read", f"{counts['matched']:,} matched"]
    parts += [f"{counts[name]:,} {name}" for name in ("created", "updated", "left", "refused") if counts[name]]
    return ", ".join(parts) + "." if plan.is_changed else f"{parts[0]}, {parts[1]}; nothing changed."
