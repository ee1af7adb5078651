"""Applying a board: time, statements and memory, beside reading the same bytes and one upsert of the same members."""

import csv
import gc
import io
import os
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, event, insert

from app.competitions import boards, service
from app.competitions.models import Competition
from app.competitions.service import Draft
from app.competitions.signals import board_applied
from app.competitions.standings import apply_standings
from app.core import clock
from app.core.db import transaction, upsert
from app.extensions import db
from app.factory import create_app
from app.members.models import Member
from bench.figures import tell
from tests.postgresql import running_postgresql

SIZES = ((1_744, 20, 41), (20_000, 200, 11), (100_000, 2_000, 7))  # rows, members, rounds
CHANGED = 0.05
MEGABYTE = 1024 * 1024

# Of an entry, only what the leaderboard shows of it.
floor_table = Table(
    "bench_floor",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("source_rank", Integer),
    Column("team_id", String(40)),
    Column("team_name", String(300)),
    Column("last_submitted_at", String(40)),
    Column("score_text", String(60)),
    Column("submission_count", Integer),
    Column("score", Float),
    Column("points", Float),
    Column("place", Integer),
    Column("place_before", Integer),
)


class Field:
    """A board of `rows` teams, `members` of them the club's; each time 5 % of the rows have a new score."""

    def __init__(self, rows: int, members: int) -> None:
        self.dice = random.Random(rows)  # noqa: S311 - test data
        self.scores = [self.dice.random() for _ in range(rows)]
        step = rows // members
        clubs = range(0, members * step, step)
        self.names = [f"club{n // step}" if n in clubs else f"user{n}" for n in range(rows)]

    def content(self) -> bytes:
        """The next board as a file."""
        for index in self.dice.sample(range(len(self.scores)), int(len(self.scores) * CHANGED)):
            self.scores[index] = self.dice.random()
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(
            ["Rank", "TeamId", "TeamName", "LastSubmissionDate", "Score", "SubmissionCount", "TeamMemberUserNames"]
        )
        order = sorted(range(len(self.scores)), key=lambda index: -self.scores[index])
        writer.writerows(
            (
                rank,
                10_000_000 + i,
                f"Team of {self.names[i]}",
                "2026-01-02 03:04:05",
                f"{self.scores[i]:.5f}",
                7,
                self.names[i],
            )
            for rank, i in enumerate(order, 1)
        )
        return b"\xef\xbb\xbf" + text.getvalue().encode()


def floor(content: bytes) -> None:
    """What cannot be avoided: reading the bytes as CSV, keeping the known rows, one upsert of them."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""))
    club = (row for row in reader if row[6].startswith("club"))
    kept = [
        (int(row[6][4:]) + 1, int(row[0]), *row[1:5], int(row[5]), float(row[4]), None, place, place)
        for place, row in enumerate(club, 1)
    ]
    values = [dict(zip(floor_table.c.keys(), row, strict=True)) for row in kept]
    statement = upsert(floor_table)
    changed = {column.name: statement.excluded[column.name] for column in floor_table.c if column.name != "id"}
    with transaction():
        db.session.connection().execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), values)


def apply(competition_id: int, content: bytes) -> None:
    """What the product does with the same bytes."""
    competition = db.session.get_one(Competition, competition_id)
    standings = boards.read(competition, content, "board.csv", clock.now())
    with board_applied.muted(), transaction():  # rendering and pushing are measured in bench/live.py
        apply_standings(competition_id, standings)


@contextmanager
def club(database: str) -> Iterator[Flask]:
    """The application on an empty database of the given kind, without a Redis."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["INSTANCE_PATH"] = name
        address = database or f"sqlite:///{Path(name) / 'club.db'}"
        app = create_app({"SQLALCHEMY_DATABASE_URI": address, "RATELIMIT_STORAGE_URI": "memory://"})
        with app.app_context():
            flask_migrate.upgrade()
            floor_table.create(db.engine)
            gc.freeze()  # as the worker does
            yield app
            db.session.remove()
            db.engine.dispose()


def make(rows: int, members: int) -> int:
    """The number of a new competition, and members who have Kaggle usernames."""
    now = clock.now()
    with transaction():
        people = [
            {
                "username": f"m{rows}-{n}",
                "username_folded": f"m{rows}-{n}",
                "display_name": f"M{n}",
                "created_at": now,
                "kaggle_username": f"club{n}",
                "kaggle_username_folded": f"club{n}",
                "role": "member",
                "login_version": 1,
            }
            for n in range(members)
        ]
        db.session.query(Member).update({"kaggle_username": None, "kaggle_username_folded": None})
        db.session.execute(insert(Member), people)
    draft = Draft(slug=f"board-{rows}", title="Board", starts_at=now, ends_at=now.replace(year=now.year + 1))
    return service.create_competition(draft).id


def measure(name: str, rows: int, members: int, rounds: int) -> None:
    """Tell the figures of one size on one database; the first round only warms up and creates the entries."""
    competition_id, field = make(rows, members), Field(rows, members)
    ours: list[float] = []
    least: list[float] = []
    for _ in range(rounds + 1):
        content = field.content()
        least.append(seconds(lambda content=content: floor(content)))
        ours.append(seconds(lambda content=content: apply(competition_id, content)))
    statements = count_statements(lambda: apply(competition_id, field.content()))
    base = statistics.median(least[1:]) * 1000
    tell(f"apply_board_{rows}_{name}", statistics.median(ours[1:]) * 1000, "ms", floor=base, goal="<= 2 x")
    tell(f"apply_board_{rows}_{name}_statements", statements, "statements", goal="<= 12")
    if rows == SIZES[-1][0]:
        content = field.content()
        tell(f"apply_board_{rows}_{name}_memory", memory(lambda: apply(competition_id, content)), "MB", goal="<= 40")


def seconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def memory(act: Callable[[], None]) -> float:
    """The peak of what Python allocates meanwhile, in MB, beside the file itself."""
    tracemalloc.start()
    act()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / MEGABYTE


def count_statements(act: Callable[[], object], ignored: tuple[str, ...] = ()) -> int:
    """How many statements it sends, whatever their number of rows."""
    statements: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement not in ("BEGIN", "BEGIN IMMEDIATE", *ignored):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    act()
    event.remove(db.engine, "before_cursor_execute", listen)
    return len(statements)


def main() -> None:
    """All sizes on SQLite, then on PostgreSQL."""
    with club(""):
        for size in SIZES:
            measure("sqlite", *size)
    with running_postgresql(is_durable=True) as address, club(address):
        for size in SIZES:
            measure("postgresql", *size)


if __name__ == "__main__":
    main()
