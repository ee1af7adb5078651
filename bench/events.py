"""An event of 5 competitions with 2,000 entries each: a page of its leaderboard beside the one query it stands on."""

import statistics
from collections.abc import Callable

from flask import Flask
from sqlalchemy import insert, select

from app.competitions import event_queries, service
from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Competition, Entry, Event
from app.competitions.service import Draft
from app.core import clock
from app.core.db import transaction
from app.core.paging import PER_PAGE
from app.extensions import db
from app.members.models import Member
from bench.boards import club, count_statements, make, seconds
from bench.figures import tell
from tests.postgresql import running_postgresql

COMPETITIONS = 5
ENTRIES = 2_000
ROUNDS = 15
PAGE = "/events/night?page=20"


def fill() -> Event:
    """The event with its competitions and entries."""
    make(ENTRIES, ENTRIES)
    event = create_event(EventDetails(title="Night"))
    member_ids = list(db.session.scalars(select(Member.id).order_by(Member.id)))
    now = clock.now()
    for number in range(COMPETITIONS):
        draft = Draft(slug=f"night-{number}", title=f"Night {number}", starts_at=now, ends_at=now.replace(year=2100))
        competition = service.create_competition(draft)
        with transaction():
            stored = db.session.get_one(Competition, competition.id)
            stored.event_id, stored.worst_score, stored.best_score = event.id, 0.0, 1.0
            db.session.execute(insert(Entry), [entry(stored.id, one, now, number) for one in member_ids])
    return event


def entry(competition_id: int, member_id: int, now: object, number: int) -> dict[str, object]:
    """A member's entry, its points a number that looks like none in particular."""
    points = (member_id * 7919 * (number + 1)) % 10_000 / 100
    common = {"competition_id": competition_id, "member_id": member_id, "entered_at": now, "is_found": True}
    return common | {"points": points, "score": points / 100, "place": member_id}


def measure(name: str, app: Flask) -> None:
    """Tell the figures on one database."""
    event = fill()
    query = event_queries.standings_query(event).limit(PER_PAGE).offset(19 * PER_PAGE)
    client = app.test_client()
    base = typical(lambda: list(db.session.execute(query)))
    tell(f"event_page_{name}", typical(lambda: client.get(PAGE)), "ms", floor=base, goal="<= 3 x")
    number = count_statements(lambda: client.get(PAGE), ignored=("SELECT 1",))
    tell(f"event_page_{name}_statements", number, "statements", goal="<= 6")


def typical(act: Callable[[], object]) -> float:
    """The median time of `act` in milliseconds; the first round only warms up."""
    times = [seconds(act) for _ in range(ROUNDS + 1)]
    return statistics.median(times[1:]) * 1000


def main() -> None:
    """On SQLite, then on PostgreSQL."""
    with club("") as app:
        measure("sqlite", app)
    with running_postgresql(is_durable=True) as address, club(address) as app:
        measure("postgresql", app)


if __name__ == "__main__":
    main()
