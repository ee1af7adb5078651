"""Whatever is killed, every job reaches a final state, once: real workers, schedulers and Redis."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import func, select

from app import create_app
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import Job, enqueue
from app.extensions import db, redis_client
from tests.core.jobs.stage import ended, leave, started
from tests.redis_server import RedisProcess
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[3]


class Shop:
    """A folder with a database, a Redis, two schedulers, and workers as wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.redis = RedisProcess(folder)
        self.processes: list[subprocess.Popen[bytes]] = []
        for _ in range(2):
            self.start("schedule")

    def start(self, what: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "INSTANCE_PATH": str(self.folder), "REDIS_URL": self.redis.url}
        log = (self.folder / f"{what}.log").open("ab")
        command = [sys.executable, "-m", "tests.core.jobs.stage", what]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)
        log.close()
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        for path in self.folder.glob("started-*"):
            pid = int(path.read_text() or 0)
            if pid and Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGKILL)
        self.redis.stop()

    def enqueue(self) -> int:
        with transaction():
            return enqueue("hold", subject="it", folder=str(self.folder))

    def job(self) -> Job:
        db.session.rollback()
        return db.session.scalars(select(Job).where(Job.kind == "hold")).one()

    def pid_of(self, attempt: int) -> int:
        path = started(self.folder, attempt)
        return int(wait_for(lambda: path.exists() and path.read_text(), f"attempt {attempt} to start"))

    def let_go(self, attempt: int) -> None:
        leave(self.folder, attempt).touch()

    def results(self) -> int:
        db.session.rollback()
        return db.session.scalar(select(func.count()).where(AuditRecord.act == "held"))

    def await_done(self) -> Job:
        wait_for(lambda: self.job().state in ("done", "failed"), "the job to end")
        return self.job()


@pytest.fixture
def shop(whole_app, monkeypatch) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory() as name:
        monkeypatch.setenv("INSTANCE_PATH", name)
        monkeypatch.setenv("REDIS_URL", f"unix://{name}/redis.sock")
        app = create_app({"RATELIMIT_STORAGE_URI": "memory://"})
        with app.app_context():
            flask_migrate.upgrade()
            place = Shop(Path(name))
            yield place
            place.close()
            db.session.remove()
            db.engine.dispose()
            redis_client().close()


def test_the_orphan_of_a_killed_worker_ends_the_job_once(shop):
    worker = shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    worker.kill()
    worker.wait()
    shop.let_go(1)
    assert shop.await_done().attempt == 1
    assert shop.results() == 1


def test_an_orphan_that_comes_too_late_stores_nothing(shop):
    worker = shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    worker.kill()
    worker.wait()
    shop.start("worker")
    shop.pid_of(2)
    shop.let_go(1)
    wait_for(ended(shop.folder, 1).exists, "the orphan to end")
    assert shop.results() == 0
    shop.let_go(2)
    assert (shop.await_done().state, shop.job().attempt, shop.results()) == ("done", 2, 1)


def test_a_killed_attempt_is_put_back_at_once(shop):
    shop.start("worker")
    shop.enqueue()
    os.kill(shop.pid_of(1), signal.SIGKILL)
    shop.pid_of(2)
    assert "killed" in shop.job().reason
    shop.let_go(2)
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_redis_may_go_and_come_back_in_mid_job(shop):
    shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    shop.redis.kill()
    shop.let_go(1)
    wait_for(ended(shop.folder, 1).exists, "the attempt to end without Redis")
    shop.redis.start()
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_what_is_queued_while_redis_is_away_is_sent_when_it_is_back(shop):
    shop.start("worker")
    wait_for(lambda: redis_client().get("mlbattle:seen:worker"), "the worker")
    shop.redis.kill()
    for attempt in (1, 2, 3):
        shop.let_go(attempt)
    shop.enqueue()
    assert shop.job().state == "queued"
    shop.redis.start()
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_what_redis_forgets_is_sent_again(shop):
    shop.let_go(1)
    shop.enqueue()
    redis_client().flushall()
    shop.start("worker")
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_whoever_watches_sees_the_worker_also_while_it_works_and_after_a_flush(shop):
    shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    redis_client().flushall()
    wait_for(lambda: redis_client().get("mlbattle:seen:worker"), "the worker's sign of life")
    wait_for(lambda: redis_client().get("mlbattle:seen:scheduler"), "the scheduler's sign of life")
