"""What happens to entries between boards; each verb works within the caller's transaction."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select, update

from app.competitions import scoring
from app.competitions.models import Competition, Entry, PlaceSnapshot
from app.competitions.signals import board_applied
from app.core import clock
from app.extensions import db

CHANGE_SPAN = timedelta(hours=24)


def close_ranks(competition_id: int) -> None:
    """Number the places anew after an entry lost its own: order and ties stay as they are."""
    query = select(Entry).where(Entry.competition_id == competition_id, Entry.place.is_not(None)).order_by(Entry.place)
    entries = db.session.scalars(query.execution_options(populate_existing=True)).all()
    new_places = scoring.places([(entry.place, entry.place) for entry in entries])
    for entry, place in zip(entries, new_places, strict=True):
        entry.place = place
    board_changed(competition_id)


def board_changed(competition_id: int) -> None:
    """Give the leaderboard a new version and have it pushed."""
    db.session.execute(
        update(Competition).where(Competition.id == competition_id).values(board_version=Competition.board_version + 1)
    )
    board_applied.send(None, competition_id=competition_id, is_changed=True)


def release_entries(member_id: int) -> None:
    """Forget what the team of a former member is called; in what is not completed yet the entry leaves the board.

    In what is over the team is known by its number, so that a later board has a rank for the entry, or none.
    """
    now = clock.now()
    # In the order in which all are locked where ratings move, so that neither waits for the other.
    of_member = select(Entry).where(Entry.member_id == member_id).order_by(Entry.competition_id)
    entries = db.session.scalars(of_member).all()
    for entry in entries:
        entry.team_name = entry.matched_username = None
        if entry.competition.status != "completed":
            entry.team_id = entry.source_rank = entry.place = entry.points = None
            entry.left_board_at = entry.left_board_at or now
        db.session.flush()
        close_ranks(entry.competition_id)


def redraw_boards(member_id: int) -> None:
    """A new version for every leaderboard on which the member stands."""
    of_member = select(Entry.competition_id).where(Entry.member_id == member_id).order_by(Entry.competition_id)
    for competition_id in db.session.scalars(of_member).all():
        board_changed(competition_id)


def age_places(competition_id: int) -> None:
    """Compare with the places of 24 hours ago anew, and let snapshots go that no comparison needs."""
    now = clock.now()
    before = _places_before(competition_id, now)
    query = select(Entry).where(Entry.competition_id == competition_id, Entry.place.is_not(None))
    changed = False
    for entry in db.session.scalars(query.execution_options(populate_existing=True)):
        place_before = before.get(str(entry.member_id))
        changed = changed or place_before != entry.place_before
        entry.place_before = place_before
    if changed:
        board_changed(competition_id)
    newest_old = select(func.max(PlaceSnapshot.at)).where(
        PlaceSnapshot.competition_id == competition_id, PlaceSnapshot.at <= now - CHANGE_SPAN
    )
    db.session.execute(
        delete(PlaceSnapshot).where(
            PlaceSnapshot.competition_id == competition_id, PlaceSnapshot.at < newest_old.scalar_subquery()
        )
    )


def _places_before(competition_id: int, now: datetime) -> dict[str, int]:
    """Each member's place 24 hours ago, by member id as text; on a younger board, its first."""
    is_old = PlaceSnapshot.at <= now - CHANGE_SPAN
    query = (
        select(PlaceSnapshot.places)
        .where(PlaceSnapshot.competition_id == competition_id)
        .order_by(is_old.desc(), case((is_old, PlaceSnapshot.at)).desc(), PlaceSnapshot.at)
        .limit(1)
    )
    return db.session.scalar(query) or {}
