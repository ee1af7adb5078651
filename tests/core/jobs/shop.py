"""A folder with a database, a Redis, and real workers and schedulers as wanted."""

import os
import signal
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import func, select

from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import Job, enqueue
from app.extensions import db
from tests.core.jobs import stage
from tests.core.jobs.stage import leave, started
from tests.redis_server import RedisProcess
from tests.waiting import wait_for

# Forked from a process that has the application loaded: it takes a second to load.
LOADED = get_context("forkserver")
LOADED.set_forkserver_preload([stage.__name__])


class Shop:
    """A folder with a database, a Redis, and schedulers and workers as wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.redis = RedisProcess(folder)
        self.processes: list[ForkServerProcess] = []

    def start(self, what: str, *how: str) -> ForkServerProcess:
        environ = {**os.environ, "INSTANCE_PATH": str(self.folder), "REDIS_URL": self.redis.url}
        log = self.folder / f"{what}.log"
        log.touch()
        process = LOADED.Process(target=stage.main, args=(what, how, log, environ))
        process.start()
        self.processes.append(process)
        return process

    def log(self, what: str) -> str:
        return (self.folder / f"{what}.log").read_text()

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.join()
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
