"""Events as pages show them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, Numeric, Select, and_, case, cast, func, select

from app.competitions.models import Competition, Entry, Event
from app.competitions.queries import entrant_counts
from app.core import clock
from app.core.paging import PER_PAGE, Paging, paging
from app.extensions import db
from app.members.models import Member

SUM_DECIMALS = 6  # the same points in another order must not differ by a rounding error


@dataclass(frozen=True)
class EventLine:
    """An event in the list, with how many competitions it has and how many of them are on."""

    event: Event
    competitions: int
    ongoing: int


@dataclass(frozen=True)
class CompetitionLine:
    """A competition in a list, with how many members have entered."""

    competition: Competition
    entrants: int


@dataclass(frozen=True)
class EventCompetitions:
    """The competitions of an event by status: what is on, what comes next, what is over."""

    event_id: int
    groups: dict[str, list[CompetitionLine]]

    @property
    def lines(self) -> list[CompetitionLine]:
        return [line for group in self.groups.values() for line in group]

    @property
    def unscaled(self) -> list[str]:
        """Titles of those that give no points, as nobody has said what the worst and best scores are."""
        return [line.competition.title for line in self.lines if line.competition.worst_score is None]

    @property
    def version(self) -> tuple[object, ...]:
        """Differs whenever the event's page has something else to show."""
        return tuple(
            (one.slug, one.title, one.status, one.starts_at, one.ends_at, one.worst_score is None, one.board_version)
            for one in (line.competition for line in self.lines)
        )


@dataclass(frozen=True, slots=True)
class EventRow:
    """A member in an event: the points of its competitions summed; `place` and `points` None: no points yet."""

    member_id: int
    member: str
    username: str | None
    points: float | None
    entered: int
    place: int | None


@dataclass(frozen=True)
class EventBoard:
    """One page of an event's leaderboard: all that its fragment shows, and nothing of who looks at it."""

    event_id: int
    slug: str
    title: str
    competitions: int
    unscaled: list[str]
    paging: Paging
    rows: tuple[EventRow, ...]

    def average(self, row: EventRow) -> float | None:
        """The points of `row` spread over all competitions of the event, entered or not."""
        return None if row.points is None else row.points / self.competitions


def event_page() -> tuple[Paging, list[EventLine]]:
    """The page of events that the address asks for, newest first."""
    page = paging(db.session.scalar(select(func.count(Event.id))) or 0)
    now = clock.now()
    is_on = and_(Competition.starts_at <= now, Competition.ends_at > now)
    query = (
        select(Event, func.count(Competition.id), func.coalesce(func.sum(case((is_on, 1), else_=0)), 0))
        .outerjoin(Competition)
        .group_by(Event.id)
        .order_by(func.coalesce(Event.starts_at, Event.created_at).desc(), Event.id.desc())
        .limit(page.per_page)
        .offset(page.offset)
    )
    return page, [EventLine(*row) for row in db.session.execute(query)]


def event_by_slug(slug: str) -> Event:
    """The event; 404 where there is none."""
    return db.first_or_404(select(Event).where(Event.slug == slug))


def competitions_of(event: Event) -> EventCompetitions:
    """The competitions of an event, each with its number of entrants."""
    query = select(Competition).where(Competition.event_id == event.id).order_by(Competition.starts_at, Competition.id)
    competitions = db.session.scalars(query.execution_options(populate_existing=True)).all()
    counts = entrant_counts([competition.id for competition in competitions])
    groups: dict[str, list[CompetitionLine]] = {"ongoing": [], "upcoming": [], "completed": []}
    for competition in competitions:
        groups[competition.status].append(CompetitionLine(competition, counts.get(competition.id, 0)))
    groups["completed"].reverse()
    return EventCompetitions(event.id, groups)


def board_page(event: Event, competitions: EventCompetitions, page: int, per_page: int = PER_PAGE) -> EventBoard:
    """Page `page` of the event's leaderboard, the last one where there are fewer; one statement where it is there."""
    rows = _read(event, Paging(page, 0, per_page))
    if not rows and page > 1:
        total = db.session.scalar(select(func.count()).select_from(_totals(event).subquery())) or 0
        page = Paging(1, total, per_page).pages
        rows = _read(event, Paging(page, total, per_page))
    total = rows[0].total if rows else 0
    return _board(event, competitions, Paging(page, total, per_page), _event_rows(rows))


def board_pages(event: Event, competitions: EventCompetitions) -> list[EventBoard]:
    """All pages of the event's leaderboard, from one statement."""
    rows = all_rows(event)
    return [
        _board(event, competitions, paging, rows[paging.offset : paging.offset + paging.per_page])
        for paging in (Paging(number, len(rows)) for number in range(1, Paging(1, len(rows)).pages + 1))
    ]


def all_rows(event: Event) -> tuple[EventRow, ...]:
    """The whole leaderboard: everyone who entered a competition of the event, equal sums on one place, best first."""
    return _event_rows(db.session.execute(standings_query(event)))


def page_of(event: Event, member_id: int) -> int | None:
    """The page of the leaderboard on which the member stands."""
    members = [row.member_id for row in all_rows(event)]
    return members.index(member_id) // PER_PAGE + 1 if member_id in members else None


def standings_query(event: Event) -> Select[Any]:
    """The leaderboard as one statement; `total` is how many stand on it in all."""
    totals = _totals(event).subquery()
    by_points = totals.c.points.desc().nulls_last()
    place = case((totals.c.points.is_not(None), func.rank().over(order_by=by_points)))
    return (
        select(Member.id, Member.display_name, case((Member.deleted_at.is_(None), Member.username)))
        .add_columns(totals.c.points, totals.c.entered)
        .add_columns(place.label("place"), func.count().over().label("total"))
        .join(totals, totals.c.member_id == Member.id)
        .order_by(by_points, func.lower(Member.display_name), Member.id)
    )


def _totals(event: Event) -> Select[Any]:
    # An entry that has left the board shows what it last had, but is unranked: it counts no more than on its own board.
    points = func.round(cast(func.sum(Entry.points), Numeric), SUM_DECIMALS)
    return (
        select(Entry.member_id, cast(points, Float).label("points"), func.count().label("entered"))
        .join(Competition, Competition.id == Entry.competition_id)
        .where(Competition.event_id == event.id, Entry.withdrawn_at.is_(None))
        .group_by(Entry.member_id)
    )


def _read(event: Event, paging: Paging) -> list[Any]:
    return list(db.session.execute(standings_query(event).limit(paging.per_page).offset(paging.offset)))


def _event_rows(rows: Any) -> tuple[EventRow, ...]:
    return tuple(EventRow(*row[:6]) for row in rows)


def _board(event: Event, competitions: EventCompetitions, paging: Paging, rows: tuple[EventRow, ...]) -> EventBoard:
    return EventBoard(
        event_id=event.id,
        slug=event.slug,
        title=event.title,
        competitions=len(competitions.lines),
        unscaled=competitions.unscaled,
        paging=paging,
        rows=rows,
    )
