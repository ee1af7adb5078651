"""Reads of ratings, shaped for pages."""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import joinedload

from app.competitions.models import Competition, Entry
from app.core import clock
from app.core.paging import Paging
from app.extensions import db
from app.members.models import Member
from app.ratings import elo
from app.ratings.models import RatingEvent


@dataclass(frozen=True)
class MoveRow:
    """One entrant of a competition.

    `before` and `after` are None where it did not move their rating, `username` where they have left the club.
    """

    entry_id: int
    member_id: int
    display_name: str
    username: str | None
    place: int | None
    is_disqualified: bool
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Explanation:
    """Why a rating moved: the event, and the change that one place better would have given (None for the first)."""

    event: RatingEvent
    one_better: float | None


def moves_of(competition: Competition, paging: Paging) -> list[MoveRow]:
    """A page of the entrants with what the competition did to their ratings: one statement."""
    is_its = and_(RatingEvent.competition_id == Entry.competition_id, RatingEvent.member_id == Entry.member_id)
    query = (
        select(
            Entry.id,
            Entry.member_id,
            Member.display_name,
            case((Member.deleted_at.is_(None), Member.username)),
            Entry.place,
            Entry.disqualified_at.is_not(None),
            RatingEvent.before,
            RatingEvent.after,
        )
        .join(Entry.member)
        .outerjoin(RatingEvent, is_its)
        .where(Entry.competition_id == competition.id, Entry.withdrawn_at.is_(None))
        .order_by(Entry.place.is_(None), Entry.place, Member.display_name, Entry.id)
        .limit(paging.per_page)
        .offset(paging.offset)
    )
    return [MoveRow(*row) for row in db.session.execute(query)]


def explain(competition_id: int, member_id: int) -> Explanation | None:
    """Why the competition moved the member's rating; None where it did not."""
    query = select(RatingEvent).where(RatingEvent.competition_id == competition_id, RatingEvent.member_id == member_id)
    event = db.session.scalar(query.options(joinedload(RatingEvent.member), joinedload(RatingEvent.competition)))
    return None if event is None else Explanation(event, _one_better(event))


def last_moves(member_id: int, most: int) -> list[RatingEvent]:
    """The member's newest rating events, with their competitions."""
    query = select(RatingEvent).where(RatingEvent.member_id == member_id).options(joinedload(RatingEvent.competition))
    return list(
        db.session.scalars(query.order_by(RatingEvent.at.desc(), RatingEvent.competition_id.desc()).limit(most))
    )


def awaiting() -> list[Competition]:
    """The competitions that are over and by which ratings have yet to move, oldest end first."""
    query = select(Competition).where(
        Competition.is_rated, Competition.finalized_at.is_(None), Competition.ends_at <= clock.now()
    )
    return list(db.session.scalars(query.order_by(Competition.ends_at, Competition.id)))


def count_moved(competition_id: int) -> int:
    """How many ratings the competition moved."""
    query = select(func.count()).select_from(RatingEvent).where(RatingEvent.competition_id == competition_id)
    return db.session.scalar(query) or 0


def entry_in(competition: Competition, entry_id: int) -> Entry | None:
    """The competition's entry of this number, with its member."""
    is_it = (Entry.id == entry_id, Entry.competition_id == competition.id, Entry.withdrawn_at.is_(None))
    return db.session.scalar(select(Entry).where(*is_it).options(joinedload(Entry.member)))


def _one_better(event: RatingEvent) -> float | None:
    if event.place <= 1:
        return None
    actual = elo.actual_result(max(1.0, event.place - 1), event.n)
    return float(elo.moved(event.before, event.k, actual, event.expected)) - event.before
