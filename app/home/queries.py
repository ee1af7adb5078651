"""What the start page shows, in a handful of statements whatever the size of the club."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, select
from sqlalchemy.orm import joinedload

from app.competitions.models import BoardFile, Competition, Entry
from app.competitions.queries import entrant_counts, failing_syncs, waiting_boards
from app.core import clock
from app.core.paging import Paging
from app.extensions import db
from app.members.models import Member
from app.members.queries import open_disputes
from app.ratings.leaderboard import RatedRow, top
from app.ratings.models import RatingEvent
from app.ratings.queries import awaiting, last_moves
from app.ratings.service import has_final_board
from app.submissions.leaderboard import SolverRow, Span, rows

MOST_LIVE = 6
MOST_OTHERS = 5
PODIUM = 3
USERNAME = case((Member.deleted_at.is_(None), Member.username))


@dataclass(frozen=True)
class Standing:
    """One of the best of a competition."""

    place: int
    member_id: int
    name: str
    username: str | None
    score_text: str | None


@dataclass(frozen=True)
class Card:
    """A competition, how many entered it, its best, and the viewer's place (None: unranked)."""

    competition: Competition
    entrants: int
    podium: tuple[Standing, ...]
    my_place: int | None


@dataclass(frozen=True)
class Overview:
    """The start page: ongoing competitions by their end, upcoming by their start, the last that ended; who leads."""

    ongoing: list[Card]
    upcoming: list[Card]
    completed: list[Card]
    top: list[RatedRow]
    my_moves: list[RatingEvent]
    solvers: list[SolverRow]

    @property
    def is_empty(self) -> bool:
        return not (self.ongoing or self.upcoming or self.completed)


@dataclass(frozen=True)
class Waiting:
    """What waits for an organiser."""

    failing_syncs: list[Competition]
    boards: list[BoardFile]
    awaiting: list[Competition]
    disputes: int

    def __bool__(self) -> bool:
        return bool(self.failing_syncs or self.boards or self.awaiting or self.disputes)


def waiting_for_organiser() -> Waiting:
    """Failing syncs, board files without a yes, competitions without final standings, and disputes."""
    return Waiting(
        failing_syncs(), waiting_boards(), [one for one in awaiting() if not has_final_board(one)], len(open_disputes())
    )


def overview(member_id: int | None) -> Overview:
    """The start page for a member, or for a visitor (None)."""
    now = clock.now()
    starts_at, ends_at = Competition.starts_at, Competition.ends_at
    base = select(Competition).options(joinedload(Competition.event))
    ongoing = _all(base.where(starts_at <= now, ends_at > now).order_by(ends_at).limit(MOST_LIVE))
    upcoming = _all(base.where(starts_at > now).order_by(starts_at).limit(MOST_OTHERS))
    completed = _all(base.where(ends_at <= now).order_by(ends_at.desc()).limit(MOST_OTHERS))
    ids = [competition.id for competition in (*ongoing, *upcoming, *completed)]
    counts, podiums, mine = entrant_counts(ids), _podiums(ids), _places_of(member_id, ids)

    def card(competition: Competition) -> Card:
        number = competition.id
        return Card(competition, counts.get(number, 0), tuple(podiums[number][:PODIUM]), mine.get(number))

    my_moves = last_moves(member_id, MOST_OTHERS) if member_id else []
    groups = [[card(competition) for competition in group] for group in (ongoing, upcoming, completed)]
    return Overview(
        groups[0], groups[1], groups[2], top(MOST_OTHERS), my_moves, rows(Span(), Paging(1, MOST_OTHERS, MOST_OTHERS))
    )


def podium_of(competition_id: int) -> list[Standing]:
    """The best of one competition, as they stand now."""
    return _podiums([competition_id])[competition_id][:PODIUM]


def has_members() -> bool:
    """Whether anybody has an account yet."""
    return db.session.scalar(select(Member.id).limit(1)) is not None


def _all(query: Select[tuple[Competition]]) -> Sequence[Competition]:
    return db.session.scalars(query).all()


def _podiums(competition_ids: list[int]) -> dict[int, list[Standing]]:
    query = (
        select(Entry.competition_id, Entry.place, Entry.member_id, Member.display_name, USERNAME, Entry.score_text)
        .join(Member)
        .where(Entry.competition_id.in_(competition_ids), Entry.place <= PODIUM)
        .order_by(Entry.competition_id, Entry.place, Member.display_name)
    )
    podiums: dict[int, list[Standing]] = defaultdict(list)
    for competition_id, *standing in db.session.execute(query):
        podiums[competition_id].append(Standing(*standing))
    return podiums


def _places_of(member_id: int | None, competition_ids: list[int]) -> dict[int, int]:
    if member_id is None:
        return {}
    query = select(Entry.competition_id, Entry.place).where(
        Entry.member_id == member_id, Entry.competition_id.in_(competition_ids), Entry.place.is_not(None)
    )
    return {competition_id: place for competition_id, place in db.session.execute(query) if place is not None}
