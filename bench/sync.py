"""Syncing from a Kaggle on loopback: one board, the memory of 200 syncs, and 20 competitions due at once."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from app.competitions import kaggle_account, service, syncing
from app.competitions.models import Competition
from app.competitions.service import Draft
from app.core.db import transaction
from app.core.jobs import Job
from app.core.jobs.runner import run_job
from app.core.live.hub import CHANNELS
from app.extensions import db, redis_client
from bench.boards import Field, apply, club, make
from bench.figures import tell
from tests.kaggle_server import KEY, USERNAME, KaggleServer, StandInCompetition
from tests.redis_server import RedisProcess
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent
ROWS, MEMBERS, ROUNDS = 15_739, 200, 7
SYNCS = 200
DUE, CLUB = 20, 20
PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024


def main() -> None:
    """Tell the figures."""
    with surroundings() as kaggle, club(""):
        competition_id, field = make(ROWS, MEMBERS), Field(ROWS, MEMBERS)
        board = kaggle.add("board", rows=field.content())
        with transaction():
            db.session.get_one(Competition, competition_id).kaggle_slug = "board"
        measure_one(competition_id, field, board)
        measure_memory(competition_id, field, board)
    with surroundings() as kaggle, club(""):
        measure_many(kaggle)


@contextmanager
def surroundings() -> Iterator[KaggleServer]:
    """A Kaggle and a Redis, named by the environment."""
    with tempfile.TemporaryDirectory() as name, KaggleServer() as kaggle:
        redis = RedisProcess(Path(name))
        account = {"KAGGLE_USERNAME": USERNAME, "KAGGLE_KEY": KEY, "KAGGLE_API_URL": kaggle.url}
        os.environ.update(account, REDIS_URL=redis.url)
        yield kaggle
        for variable in (*account, "REDIS_URL"):
            del os.environ[variable]
        redis.stop()


def measure_one(competition_id: int, field: Field, board: StandInCompetition) -> None:
    """From the claim to the push, beside the client's bare download and applying the file."""
    whole, download, applied = [], [], []
    for _ in range(ROUNDS + 1):
        board.board = field.content()
        began = time.perf_counter()
        content = kaggle_account.client().leaderboard("board")
        download.append(time.perf_counter() - began)
        began = time.perf_counter()
        apply(competition_id, content)
        applied.append(time.perf_counter() - began)
        board.board = field.content()
        whole.append(sync(competition_id))
    floor = statistics.median(download[1:]) + statistics.median(applied[1:])
    tell(f"sync_{ROWS}_rows", statistics.median(whole[1:]) * 1000, "ms", floor=floor * 1000, goal="<= 1.5 x")


def sync(competition_id: int) -> float:
    """Seconds of one sync, run here as a worker's process runs it."""
    with transaction():
        job_id = syncing.begin(competition_id, "button")
    db.session.remove()
    began = time.perf_counter()
    run_job(job_id)
    taken = time.perf_counter() - began
    assert db.session.get_one(Job, job_id).state == "done"
    db.session.remove()
    return taken


def measure_memory(competition_id: int, field: Field, board: StandInCompetition) -> None:
    """How much this process grows over 200 syncs; a worker's would not even keep that, it forks for each."""
    start = resident_kb()
    for number in range(SYNCS):
        if number % 10 == 0:
            board.board = field.content()
        sync(competition_id)
    tell(f"sync_{SYNCS}_times_memory", (resident_kb() - start) / 1024, "MB", goal="<= 10")


def resident_kb() -> float:
    """What this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KB


def measure_many(kaggle: KaggleServer) -> None:
    """20 competitions due at once and two workers, beside half of what they take one after another with one."""
    make(ROWS, CLUB)
    fields = [Field(ROWS, CLUB) for _ in range(DUE)]
    ids = [made(number, kaggle, field) for number, field in enumerate(fields)]
    worker = start_worker()
    run_all(ids)  # the first boards create the entries
    single = 0.0
    for competition_id, field in zip(ids, fields, strict=True):
        renew(kaggle, competition_id, field)
        single += run_all([competition_id])
    second = start_worker()
    wait_for(lambda: workers() == 2, "two workers")
    for competition_id, field in zip(ids, fields, strict=True):
        renew(kaggle, competition_id, field)
    together = run_all(ids)
    for process in (worker, second):
        process.terminate()
        process.wait()
    tell(f"sync_{DUE}_at_once", together, "s", floor=single / 2, goal="<= 1.2 x half the sum of the single times")


def made(number: int, kaggle: KaggleServer, field: Field) -> int:
    """A competition that is on Kaggle as `board-<number>`."""
    slug, now = f"board-{number}", datetime.now(UTC)
    kaggle.add(slug, rows=field.content())
    draft = Draft(slug=slug, title=slug, starts_at=now, ends_at=now + timedelta(days=1), kaggle_slug=slug)
    return service.create_competition(draft).id


def renew(kaggle: KaggleServer, competition_id: int, field: Field) -> None:
    """Have Kaggle show a board with 5 % of the scores changed."""
    slug = db.session.get_one(Competition, competition_id).kaggle_slug or ""
    kaggle.competitions[slug].board = field.content()


def start_worker() -> subprocess.Popen[bytes]:
    """A worker on its own."""
    environ = {**os.environ, "DATABASE_URL": current_app.config["SQLALCHEMY_DATABASE_URI"]}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "worker.py"], cwd=ROOT, env=environ, **quiet)


def workers() -> int:
    """How many workers are at Redis."""
    return redis_client().scard("rq:workers")


def run_all(ids: list[int]) -> float:
    """Seconds from asking for these syncs to the push of the last."""
    db.session.rollback()
    with redis_client().pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(*(f"{CHANNELS}board:{competition_id}:hint" for competition_id in ids))
        began = time.perf_counter()
        with transaction():
            wanted = [syncing.begin(competition_id, "button") for competition_id in ids]
        awaited = set(heard.channels)
        while awaited:
            message = wait_for(lambda: heard.get_message(timeout=1), "a sync to be pushed")
            awaited.discard(message["channel"])
    taken = time.perf_counter() - began
    wait_for(lambda: done(wanted) == len(wanted), "the syncs to be done")
    return taken


def done(wanted: list[int]) -> int:
    """How many of these jobs are done."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Job.id.in_(wanted), Job.state == "done")) or 0


if __name__ == "__main__":
    main()
