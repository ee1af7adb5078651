"""Reads of competitions and leaderboards, shaped for pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.competitions.models import BoardFile, Competition, Entry, Event, Sync, SyncState
from app.core import clock
from app.core.formats import ordinal
from app.core.paging import PER_PAGE, Paging
from app.extensions import db
from app.members.models import Member
from app.members.queries import UsernameChange, kaggle_username_changes

SORTS = ("place", "member", "rank", "score", "points", "change", "submitted", "submissions")
DEFAULT_SORT = "place"
TOLD_AFTER = timedelta(hours=1)
LOCKED = (
    select(Competition)
    .where(Competition.id == bindparam("competition_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Order:
    """How a leaderboard is ordered; the default order is the one that is pushed to open pages."""

    sort: str = DEFAULT_SORT
    is_descending: bool = False

    @property
    def is_default(self) -> bool:
        return self == Order()


class BoardRow(NamedTuple):
    """One entry on a leaderboard. `change` is places gained in 24 hours; None: not ranked both times.

    `username` is None for a former member.
    """

    entry_id: int
    member_id: int
    member: str
    username: str | None
    team: str
    is_by_name: bool
    has_left: bool
    is_disqualified: bool
    place: int | None
    source_rank: int | None
    score_text: str | None
    score: float | None
    points: float | None
    place_before: int | None
    submitted_at: datetime | None
    submissions: int | None

    @property
    def change(self) -> int | None:
        return None if self.place is None or self.place_before is None else self.place_before - self.place

    @property
    def is_new(self) -> bool:
        return self.place is not None and self.place_before is None

    def facts(self, teams: int) -> str:
        """What has no column on a phone, in one line; `teams` is the size of the field out there."""
        ending = "" if self.submissions == 1 else "s"
        told = (
            self.team if self.team != self.member else "",
            f"{ordinal(self.source_rank)} of {teams:,}" if self.source_rank else "",
            f"{self.points:.2f} points" if self.points is not None else "",
            f"{self.submissions} submission{ending}" if self.submissions is not None else "",
        )
        return " · ".join(filter(None, told))


# What a BoardRow is made of, in its order.
ROW_COLUMNS = (
    Entry.id,
    Entry.member_id,
    Member.display_name,
    case((Member.deleted_at.is_(None), Member.username)),
    func.coalesce(Entry.team_name, ""),
    func.coalesce(Entry.matched_by, "") == "name",
    Entry.left_board_at.is_not(None),
    Entry.disqualified_at.is_not(None),
    Entry.place,
    Entry.source_rank,
    Entry.score_text,
    Entry.score,
    Entry.points,
    Entry.place_before,
    Entry.last_submitted_at,
    Entry.submission_count,
)


@dataclass(frozen=True)
class BoardPage:
    """One page of a leaderboard: all that its fragment shows, and nothing of who looks at it."""

    competition_id: int
    slug: str
    title: str
    teams: int
    has_points: bool
    order: Order
    paging: Paging
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True)
class BoardStatus:
    """Where a leaderboard stands: as of when, how large the field, how many of the club."""

    competition_id: int
    version: int
    at: datetime | None
    teams: int
    entrants: int
    problem: str
    failing_since: datetime | None
    next_try_at: datetime | None


def find_competition(slug: str) -> Competition | None:
    """The competition with its event."""
    query = (
        select(Competition)
        .where(Competition.slug == slug)
        .options(joinedload(Competition.event), joinedload(Competition.sync_state))
    )
    return db.session.scalar(query)


def lock_competition(competition_id: int) -> Competition:
    """The competition as it is now, held against other writers until the transaction ends."""
    return db.session.scalars(LOCKED, {"competition_id": competition_id}).one()


def username_changes(competition: Competition) -> list[UsernameChange]:
    """How entrants changed their Kaggle usernames while it was on, oldest first."""
    entrants = select(Entry.member_id).where(Entry.competition_id == competition.id)
    return kaggle_username_changes(entrants, competition.starts_at, competition.ends_at)


def count_matched(competition_id: int) -> int:
    """How many members stand on the competition's board with a rank."""
    has_rank = (Entry.competition_id == competition_id, Entry.source_rank.is_not(None))
    return db.session.scalar(select(func.count()).select_from(Entry).where(*has_rank)) or 0


def count_entrants(competition_id: int) -> int:
    """Entries that have not been withdrawn."""
    is_in = and_(Entry.competition_id == competition_id, Entry.withdrawn_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Entry).where(is_in)) or 0


def entry_of(competition_id: int, member_id: int) -> Entry | None:
    """The member's entry, withdrawn or not."""
    return db.session.scalar(select(Entry).where(Entry.competition_id == competition_id, Entry.member_id == member_id))


def board_page(
    competition: Competition, entrants: int, page: int, order: Order = Order(), per_page: int = PER_PAGE
) -> BoardPage:
    """Page `page` of the leaderboard, one statement."""
    paging = Paging(page, entrants, per_page)
    query = _rows(competition, order).limit(per_page).offset(paging.offset)
    return _page(competition, paging, order, tuple(map(BoardRow._make, db.session.execute(query))))


def board_pages(competition: Competition) -> list[BoardPage]:
    """All pages in the default order, from one statement."""
    rows = all_rows(competition)
    pages = range(1, Paging(1, len(rows)).pages + 1)
    return [_page(competition, Paging(n, len(rows)), Order(), rows[(n - 1) * PER_PAGE : n * PER_PAGE]) for n in pages]


def all_rows(competition: Competition) -> tuple[BoardRow, ...]:
    """The whole leaderboard in its default order."""
    return tuple(map(BoardRow._make, db.session.execute(_rows(competition, Order()))))


def board_status(competition: Competition, entrants: int) -> BoardStatus:
    """What the line above a leaderboard says."""
    state = competition.sync_state
    failing = state if state is not None and state.is_failing else None
    return BoardStatus(
        competition_id=competition.id,
        version=competition.board_version,
        at=competition.board_at,
        teams=competition.board_teams,
        entrants=entrants,
        problem=failing.problem if failing else "",
        failing_since=failing.failing_since if failing else None,
        next_try_at=failing.due_at if failing else None,
    )


def page_of(competition: Competition, member_id: int) -> tuple[int, int] | None:
    """The page, in the default order, on which the member stands, and the number of the entry."""
    rows = all_rows(competition)
    for index, row in enumerate(rows):
        if row.member_id == member_id:
            return index // PER_PAGE + 1, row.entry_id
    return None


def list_competitions(search: str, status: str, page: int) -> tuple[list[Competition], Paging]:
    """Competitions whose title holds `search`, newest end first; `status` "" for all."""
    conditions = [condition for condition in (_matches(search), _has_status(status)) if condition is not None]
    total = db.session.scalar(select(func.count()).select_from(Competition).where(*conditions)) or 0
    paging = Paging(min(page, Paging(1, total).pages), total)
    query = (
        select(Competition)
        .where(*conditions)
        .options(joinedload(Competition.event))
        .order_by(Competition.ends_at.desc(), Competition.id.desc())
        .limit(paging.per_page)
        .offset(paging.offset)
    )
    return list(db.session.scalars(query)), paging


def entrant_counts(competition_ids: list[int]) -> dict[int, int]:
    """How many have entered each, in one statement."""
    query = (
        select(Entry.competition_id, func.count().label("entrants"))
        .where(Entry.competition_id.in_(competition_ids), Entry.withdrawn_at.is_(None))
        .group_by(Entry.competition_id)
    )
    return {row.competition_id: row.entrants for row in db.session.execute(query)}


def board_files(competition_id: int) -> list[BoardFile]:
    """The last twenty files handed in, newest first."""
    query = select(BoardFile).where(BoardFile.competition_id == competition_id).order_by(BoardFile.id.desc())
    return list(db.session.scalars(query.limit(20)))


def last_syncs(competition_id: int) -> list[Sync]:
    """The last twenty syncs, newest first."""
    query = select(Sync).where(Sync.competition_id == competition_id).order_by(Sync.id.desc()).limit(20)
    return list(db.session.scalars(query))


def synced_competitions() -> list[Competition]:
    """Every competition that is on Kaggle: those that fail first, then by their end, newest first."""
    query = (
        select(Competition)
        .outerjoin(Competition.sync_state)
        .where(Competition.kaggle_slug.is_not(None))
        .options(contains_eager(Competition.sync_state))
        .order_by(SyncState.failing_since.is_(None), Competition.ends_at.desc(), Competition.id.desc())
    )
    return list(db.session.scalars(query))


def failing_syncs() -> list[Competition]:
    """Competitions whose syncing has failed for an hour, the longest first."""
    since = clock.now() - TOLD_AFTER
    failing = [SyncState.failing_since <= since, SyncState.is_paused.is_(False), Competition.finalized_at.is_(None)]
    query = select(Competition).join(Competition.sync_state).options(contains_eager(Competition.sync_state))
    return list(db.session.scalars(query.where(*failing).order_by(SyncState.failing_since)))


def imported(kaggle_slugs: list[str]) -> dict[str, Competition]:
    """Which of these the club has already, by their slug on Kaggle in small letters; the newest of each."""
    is_one = func.lower(Competition.kaggle_slug).in_([slug.lower() for slug in kaggle_slugs])
    found = db.session.scalars(select(Competition).where(is_one).order_by(Competition.id))
    return {(competition.kaggle_slug or "").lower(): competition for competition in found}


def waiting_boards() -> list[BoardFile]:
    """Board files that wait for an organiser's yes, oldest first."""
    query = select(BoardFile).where(BoardFile.state == "waiting").options(joinedload(BoardFile.competition))
    return list(db.session.scalars(query.order_by(BoardFile.id)))


def event_choices() -> list[tuple[int, str]]:
    """(id, title) of every event, newest first."""
    rows = db.session.execute(select(Event.id, Event.title).order_by(Event.id.desc()))
    return [(number, title) for number, title in rows]


def _matches(search: str) -> ColumnElement[bool] | None:
    return Competition.title.icontains(search, autoescape=True) if search else None


def _has_status(status: str) -> ColumnElement[bool] | None:
    now = clock.now()
    return {
        "upcoming": Competition.starts_at > now,
        "ongoing": and_(Competition.starts_at <= now, Competition.ends_at > now),
        "completed": Competition.ends_at <= now,
    }.get(status)


def _page(competition: Competition, paging: Paging, order: Order, rows: tuple[BoardRow, ...]) -> BoardPage:
    return BoardPage(
        competition_id=competition.id,
        slug=competition.slug,
        title=competition.title,
        teams=competition.board_teams,
        has_points=competition.worst_score is not None,
        order=order,
        paging=paging,
        rows=rows,
    )


def _rows(competition: Competition, order: Order) -> Select[Any]:
    return (
        select(*ROW_COLUMNS)
        .join(Member, Entry.member_id == Member.id)
        .where(Entry.competition_id == competition.id, Entry.withdrawn_at.is_(None))
        .order_by(*_order_by(competition, order))
    )


def _order_by(competition: Competition, order: Order) -> list[Any]:
    """The sorted column with blanks last, whichever way; then the default order, so that pages never overlap."""
    best_first = Entry.score.desc() if competition.is_higher_better else Entry.score.asc()
    default: list[Any] = [
        Entry.place.is_(None),
        Entry.place,
        Entry.score.is_(None),
        best_first,
        Member.display_name,
        Entry.id,
    ]
    if order.is_default:
        return default
    column: Any = {
        "place": Entry.place,
        "member": func.lower(Member.display_name),
        "rank": Entry.source_rank,
        "score": Entry.score,
        "points": Entry.points,
        "change": Entry.place_before - Entry.place,
        "submitted": Entry.last_submitted_at,
        "submissions": Entry.submission_count,
    }[order.sort]
    return [column.is_(None), column.desc() if order.is_descending else column.asc(), *default]
