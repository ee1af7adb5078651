"""The leaderboard of a cohort of 10,000: its arithmetic, a page of it with the statements that takes, its workbook."""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import flask_migrate
import numpy as np
from sqlalchemy import event, insert
from xlsxwriter import Workbook

from app.core import clock
from app.core.db import transaction
from app.core.paging import PER_PAGE
from app.extensions import db
from app.factory import create_app
from app.tracker.board import board
from app.tracker.cohorts import CohortDetails, create_cohort
from app.tracker.export import extract
from app.tracker.models import Cohort, Handle, Participant, Snapshot
from app.tracker.ordering import Wish
from app.tracker.standing import standings
from app.tracker.workbook import workbook_of
from bench.figures import tell
from bench.tracker import environment

PEOPLE, DAYS = 10_000, (0, 3, 7, 9, 30, 33)
SITES = ("codechef", "codeforces", "geeksforgeeks", "hackerrank", "leetcode")


def main() -> None:
    """Tell the figures."""
    measure_arithmetic()
    with tempfile.TemporaryDirectory() as name, environment(name):
        url = f"sqlite:///{Path(name) / 'club.db'}"
        app = create_app({"SQLALCHEMY_DATABASE_URI": url, "RATELIMIT_STORAGE_URI": "memory://"})
        with app.test_request_context("/"):
            flask_migrate.upgrade()
            cohort_id = fill()
            measure_pages(cohort_id)
            measure_workbook(cohort_id)


def measure_arithmetic() -> None:
    """Totals, scores, percentiles and places, against Python's sort of the totals alone."""
    dice = random.Random(7)  # noqa: S311 - invented ratings
    people = [[dice.uniform(500, 3000) if dice.random() < 0.8 else np.nan for _ in SITES] for _ in range(PEOPLE)]
    ratings = np.ascontiguousarray(np.array(people).T)
    totals = standings(ratings).total.tolist()
    floor = shortest(lambda: sorted(totals))
    tell("tracker_standings_10000", shortest(lambda: standings(ratings)), "ms", floor=floor, goal="<= 3 x")


def measure_pages(cohort_id: int) -> None:
    """A page as it is read most often, and one for which everybody's changes must be known."""
    for name, wish in (("page", Wish()), ("page_by_change", Wish("week", is_descending=True))):
        read = partial(read_page, cohort_id, wish)
        tell(f"tracker_board_{name}_statements", statements_of(read), "statements", goal="<= 8")
        tell(f"tracker_board_{name}_10000", shortest(read), "ms", goal="< 1000")


def measure_workbook(cohort_id: int) -> None:
    """The whole file, from the database on, against XlsxWriter writing the same cells without any looks."""
    cohort = db.session.get_one(Cohort, cohort_id)
    found = extract(cohort, is_for_organisers=True)
    rows = [found.header, *map(found.row, found.lines)]

    def bare() -> None:
        with Workbook(BytesIO(), {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    floor = shortest(bare)
    took = shortest(lambda: workbook_of(extract(cohort, is_for_organisers=True), lambda done: None))
    tell("tracker_workbook_10000", took, "ms", floor=floor, goal="<= 2 x")


def read_page(cohort_id: int, wish: Wish) -> None:
    """One page of the leaderboard, by a session that knows nothing yet."""
    db.session.remove()
    assert len(board(db.session.get_one(Cohort, cohort_id), wish, 0).lines) == PER_PAGE


def statements_of(work: Callable[[], object]) -> int:
    """How many statements the database is sent."""
    statements: list[str] = []

    def note(*of_statement: Any) -> None:
        statements.append(of_statement[2])

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def shortest(work: Callable[[], object]) -> float:
    """The best of five, in milliseconds."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times) * 1000


def fill() -> int:
    """The number of a cohort of invented people, each on every platform, with snapshots of some days."""
    dice, now = random.Random(8), clock.now()  # noqa: S311 - invented ratings
    cohort_id = create_cohort(CohortDetails("Bench College", "2027")).id
    people = range(1, PEOPLE + 1)
    handles = [(number, key) for number in people for key in SITES]
    common = {"state": "verified", "why": "", "failures": 0, "checked_at": now, "known_at": now, "next_due_at": now}
    with transaction():
        rows = [{"id": n, "cohort_id": cohort_id, "name": f"Person {n}", "created_at": now} for n in people]
        db.session.execute(insert(Participant), rows)
        named = [{"participant_id": n, "platform": key, "handle": f"p{n}", "folded": f"p{n}"} for n, key in handles]
        rows = [row | common | {"id": at, "rating": dice.uniform(500, 3000)} for at, row in enumerate(named, 1)]
        db.session.execute(insert(Handle), rows)
        for ago in DAYS:
            day = (now - timedelta(days=ago)).date()
            shown = [{"handle_id": at, "day": day, "rating": dice.uniform(500, 3000)} for at in range(1, len(rows) + 1)]
            db.session.execute(insert(Snapshot), shown)
    return cohort_id


if __name__ == "__main__":
    main()
