"""Events as pages show them."""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select

from app.competitions import scoring
from app.competitions.models import Competition, Entry, Event
from app.competitions.queries import entrant_counts
from app.core import clock
from app.core.paging import Paging, paging
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
class EventStanding:
    """A member's place in an event: the points of its competitions summed over `counted` of them."""

    place: int
    points: float
    name: str
    member_id: int
    counted: int


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


def competitions_of(event: Event) -> dict[str, list[CompetitionLine]]:
    """The competitions of an event by status: what is on, what comes next, what is over."""
    query = select(Competition).where(Competition.event_id == event.id).order_by(Competition.starts_at)
    competitions = db.session.scalars(query).all()
    counts = entrant_counts([competition.id for competition in competitions])
    groups: dict[str, list[CompetitionLine]] = {"ongoing": [], "upcoming": [], "completed": []}
    for competition in competitions:
        groups[competition.status].append(CompetitionLine(competition, counts.get(competition.id, 0)))
    groups["completed"].reverse()
    return groups


def unscaled_titles(groups: dict[str, list[CompetitionLine]]) -> list[str]:
    """The competitions that give no points, because nobody has said what the worst and best scores are."""
    lines = [line for group in groups.values() for line in group]
    return [line.competition.title for line in lines if line.competition.worst_score is None]


def event_standings(event: Event) -> list[EventStanding]:
    """Everyone with points in the event, best first; equal sums share a place."""
    total = func.sum(Entry.points)
    query = (
        select(total, Member.display_name, Member.id, func.count())
        .join(Entry, Entry.member_id == Member.id)
        .join(Competition)
        .where(Competition.event_id == event.id, Entry.points.is_not(None))
        .where(Entry.withdrawn_at.is_(None), Entry.left_board_at.is_(None))
        .group_by(Member.id)
    )
    rows = [(round(points, SUM_DECIMALS), *others) for points, *others in db.session.execute(query)]
    rows.sort(key=lambda row: (-row[0], row[1].casefold(), row[2]))
    places = scoring.places([(row[0], row[0]) for row in rows])
    return [EventStanding(place, *row) for place, row in zip(places, rows, strict=True)]
