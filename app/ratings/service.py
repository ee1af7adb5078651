"""Finalising: ratings move by a competition exactly once, by final standings."""

from datetime import datetime

from sqlalchemy import func, or_, select

from app.competitions.models import Competition
from app.competitions.signals import competition_changed
from app.core import audit, clock
from app.core.db import transaction
from app.core.jobs import enqueue
from app.core.refusal import Refused
from app.extensions import db
from app.ratings import history
from app.ratings.models import RatingEvent
from app.ratings.moves import for_record, moves_since, ratings_now
from app.ratings.signals import ratings_moved


def obstacle(competition: Competition) -> str | None:
    """Why ratings cannot move by the competition now, as a sentence; None where they can."""
    if not competition.is_rated:
        return "It does not count for the ratings."
    if competition.status != "completed":
        return "It is not over yet."
    if competition.board_at is None:
        return "There is no leaderboard to rate."
    if not has_final_board(competition) and competition.rate_as_is_at is None:
        return "The newest leaderboard is from before the end: final standings are awaited."
    return None


def has_final_board(competition: Competition) -> bool:
    """Whether the board that stands is from after the end."""
    return competition.board_at is not None and competition.board_at > competition.ends_at


def due() -> list[int]:
    """The competitions by which ratings can move and have not moved yet, in the order of the history."""
    query = select(Competition.id).where(
        Competition.is_rated,
        Competition.finalized_at.is_(None),
        Competition.ends_at <= clock.now(),
        or_(Competition.board_at > Competition.ends_at, Competition.rate_as_is_at.is_not(None)),
    )
    return list(db.session.scalars(query.order_by(Competition.ends_at, Competition.id)))


def finalise(competition_id: int) -> bool:
    """Move ratings by the competition, within the caller's transaction; False if they have moved by it before.

    Refused where it cannot be rated yet. What ended later and has been rated already is rated anew.
    """
    competition = lock(competition_id)
    if competition.finalized_at is not None:
        return False
    if sentence := obstacle(competition):
        raise Refused("", sentence)
    ratings = ratings_now()
    competition.finalized_at, competition.rated_board_at = clock.now(), competition.board_at
    rated = {"board_at": moment_text(competition.board_at), "as_is": competition.rate_as_is_at is not None}
    history.replay((competition.ends_at, competition.id))
    before, after = for_record(moves_since(ratings))
    audit.record(
        "finalise competition",
        f"competition:{competition.slug}",
        before={"finalized_at": None, **before},
        after={"finalized_at": moment_text(competition.finalized_at), **rated, **after},
    )
    tell_moved(competition_id)
    return True


def finalise_now(competition_id: int, *, is_as_is: bool = False) -> bool:
    """Have ratings move now, because somebody says so; `is_as_is`: by the board that stands, whatever it is from."""
    with transaction():
        competition = lock(competition_id)
        if is_as_is and competition.finalized_at is None and not has_final_board(competition):
            competition.rate_as_is_at = clock.now()
            db.session.flush()
        return finalise(competition_id)


def lock(competition_id: int) -> Competition:
    """The competition as it stands now, nobody else rating or changing any until the transaction ends."""
    history.lock()
    return db.session.get_one(Competition, competition_id, populate_existing=True)


def replay_all() -> int:
    """Work out the whole history from nothing; returns how many events it has."""
    with transaction():
        return replay()


def replay() -> int:
    """The same, within the caller's transaction."""
    history.lock()
    ratings = ratings_now()
    events = history.replay()
    before, after = for_record(moves_since(ratings))
    audit.record("replay ratings", "ratings", before=before, after={"events": events, **after})
    tell_moved(None)
    return events


def request_replay() -> int:
    """Have the history worked out anew in the background; the number of the job is returned."""
    with transaction():
        job_id = enqueue("replay_ratings", subject="")
        events = db.session.scalar(select(func.count()).select_from(RatingEvent))
        audit.record("ask for replay of ratings", "ratings", before={"events": events}, after={"job": job_id})
        return job_id


def moment_text(moment: datetime | None) -> str | None:
    """A moment as it stands in the record."""
    return moment.isoformat() if moment else None


def tell_moved(competition_id: int | None) -> None:
    """Tell whoever listens that ratings were worked out from this competition on."""
    if competition_id is not None:
        competition_changed.send(None, competition_id=competition_id)
    ratings_moved.send(None, competition_id=competition_id)
