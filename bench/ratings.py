"""Rating one large field, and replaying a long history, beside the arithmetic and one bulk write of the same rows."""

import random
import statistics
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Table, delete, insert

from app.competitions.models import Competition, Entry
from app.core import clock
from app.core.db import transaction
from app.extensions import db
from app.members.models import Member
from app.ratings import elo, history
from app.ratings.models import RatingEvent
from bench.boards import club, seconds
from bench.figures import tell
from tests.postgresql import running_postgresql

LARGE = 20_000
COMPETITIONS, EACH = 200, 300
ROUNDS = 5

Rows = list[dict[str, object]]


def bare_pass(places: np.ndarray, ratings: np.ndarray) -> np.ndarray:
    """The least that the formula asks for: no ties, no checks."""
    n = len(ratings)
    expected = 1 / (1 + 10 ** ((ratings.mean() - ratings) / 400))
    return np.maximum(0, ratings + 8 * np.log2(n) * (1 - (places - 1) / (n - 1) - expected))


def make(competitions: int, entrants: int) -> None:
    """Competitions that are over, each with the same number of ranked entrants out of the same members."""
    now, dice = clock.now(), random.Random(entrants)  # noqa: S311 - test data
    ids = range(1, entrants + 1)
    with transaction():
        for model in (RatingEvent, Entry, Competition, Member):
            db.session.execute(delete(model))
        members = [
            {"id": n, "username": f"m{n}", "username_folded": f"m{n}", "display_name": f"M{n}", "created_at": now}
            for n in ids
        ]
        db.session.execute(insert(Member), members)
        db.session.execute(insert(Competition), [competition(n, now) for n in range(1, competitions + 1)])
        for number in range(1, competitions + 1):
            places = dice.sample(ids, entrants)
            db.session.execute(insert(Entry), [entry(number, n, places[n - 1], now) for n in ids])
    db.session.expunge_all()


def competition(number: int, now: datetime) -> dict[str, object]:
    """One that has been finalised, though nothing is rated yet."""
    ends_at = now - timedelta(days=1000 - number)
    return {
        "id": number,
        "slug": f"c{number}",
        "title": "C",
        "starts_at": ends_at - timedelta(days=1),
        "ends_at": ends_at,
        "created_at": now,
        "finalized_at": now,
    }


def entry(competition_id: int, member_id: int, place: int, now: datetime) -> dict[str, object]:
    """A ranked one."""
    return {"competition_id": competition_id, "member_id": member_id, "entered_at": now, "place": place}


def replay() -> None:
    """What the product does."""
    with transaction():
        history.lock()
        history.replay()


def write(rows: Rows) -> None:
    """One bulk write of these rows and nothing else."""
    table = RatingEvent.__table__
    assert isinstance(table, Table)
    with transaction():
        db.session.connection().execute(insert(table), rows)


def events() -> Rows:
    """The rows that a replay writes."""
    return history.work_out()[0]


def emptied(act: Callable[[], None]) -> float:
    """The median seconds of an act that begins without any rating event."""
    taken = []
    for _ in range(ROUNDS):
        with transaction():
            db.session.execute(delete(RatingEvent))
        taken.append(seconds(act))
    return statistics.median(taken)


def measure(name: str) -> None:
    """Tell the figures on one database."""
    make(1, LARGE)
    rows = events()
    bare = statistics.median(seconds(lambda: rate_bare(LARGE)) for _ in range(ROUNDS))
    least = bare + emptied(lambda: write(rows))
    tell(f"rate_{LARGE}_{name}", emptied(replay) * 1000, "ms", floor=least * 1000, goal="<= 3 x")
    make(COMPETITIONS, EACH)
    rows = events()
    once = emptied(lambda: (rate_once(rows), write(rows))[-1])
    figure = f"replay_{COMPETITIONS}_of_{EACH}_{name}"
    tell(figure, emptied(replay) * 1000, "ms", floor=once * 1000, goal="<= 5 x")


def rate_bare(n: int) -> None:
    """One pass of bare arithmetic."""
    bare_pass(np.arange(1.0, n + 1), np.full(n, 1500.0))


def rate_once(rows: Rows) -> None:
    """The arithmetic of all competitions, from what is known already."""
    for start in range(0, len(rows), EACH):
        field = rows[start : start + EACH]
        elo.rate([row["place"] for row in field], [row["before"] for row in field])


def main() -> None:
    """On SQLite, then on PostgreSQL."""
    with club(""):
        measure("sqlite")
    with running_postgresql(is_durable=True) as address, club(address):
        measure("postgresql")


if __name__ == "__main__":
    main()
