"""The RQ worker process: takes numbers from Redis and runs the jobs behind them."""

import gc
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from redis import Redis, RedisError
from rq import Worker
from rq.exceptions import StopRequested
from rq.job import Job as Message
from rq.worker import WorkerStatus
from sqlalchemy.exc import SQLAlchemyError

from app.core.health import seen_key
from app.core.jobs import runner, service  # noqa: F401  (the runner, so that no job's process has to load it)
from app.core.jobs.registry import kinds, queues
from app.extensions import db
from app.factory import create_app

log = logging.getLogger(__name__)
REDIS_AWAITED_SECONDS = 60


class SeenWorker(Worker):
    """An RQ worker that leaves a sign of life every few seconds, idle or busy, whatever happens to Redis' data."""

    is_told_to_stop = False

    def handle_warm_shutdown_request(self) -> None:
        type(self).is_told_to_stop = True
        super().handle_warm_shutdown_request()

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        super().heartbeat(timeout, pipeline)
        signs = {seen_key(f"worker:{name}"): str(time.time()) for name in self.queue_names()}
        (self.connection if pipeline is None else pipeline).mset(signs)
        # Told to stop in the middle of a log call, RQ raises there, and logging swallows it.
        if self.is_told_to_stop and self.get_state() != WorkerStatus.BUSY:
            raise StopRequested

    def maintain_heartbeats(self, job: Message) -> None:
        """Every few seconds of a job: one that has lost its claim, and hangs where no signal helps, is ended."""
        with _database_at_hand(job):
            if service.has_lost_its_claim(*_attempt_in(job)):
                log.warning("%s lost its claim and goes on; its process is ended", job.id)
                self.kill_horse()
        super().maintain_heartbeats(job)


def main(only: Sequence[str] = ()) -> None:
    """Work on all queues, or `only` those named, until told to stop.

    A Redis that goes and comes back within a minute is waited for; after that it exits with 1.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = create_app()
    connection = Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=5, health_check_interval=10)
    with app.app_context():
        _prepare(app, only or queues())
        # The pool must be empty when a job's process is forked: a connection shared with a parent is corrupted.
        db.engine.dispose()
        gc.freeze()  # What was loaded for good is neither looked through in jobs nor copied into their processes.
        try:
            _work(connection, only or queues())
        except StopRequested:
            log.info("told to stop while Redis was away")


def _prepare(app: Flask, names: Sequence[str]) -> None:
    """Load what the processes of jobs would otherwise each load anew: fragments, and what the kinds ask for."""
    for template in app.jinja_env.list_templates(filter_func=lambda name: "/_" in name or "components/" in name):
        app.jinja_env.get_template(template)
    for kind in kinds.values():
        if kind.prepare and kind.queue in names:
            kind.prepare()


def _work(connection: Redis, names: Sequence[str]) -> None:
    while _answers(connection):
        try:
            _new_worker(connection, names).work(logging_level="INFO")
        except RedisError as error:
            log.warning("Redis went away (%s); work goes on as soon as it is back", error)
        # RQ also stops by itself, when something unforeseen happens between two jobs.
        if SeenWorker.is_told_to_stop:
            return
    sys.exit(f"Redis did not answer within {REDIS_AWAITED_SECONDS} seconds; the worker gives up.")


def _new_worker(connection: Redis, names: Sequence[str]) -> SeenWorker:
    """A worker that, idle or busy, looks up every 5 seconds: so often it can be seen."""
    return SeenWorker(
        names,
        connection=connection,
        worker_ttl=20,
        job_monitoring_interval=5,
        work_horse_killed_handler=_put_back,
    )


def _put_back(message: Message, *_death: object) -> None:
    """RQ noticed that the process of a job is gone."""
    with _database_at_hand(message):
        service.end_abandoned(*_attempt_in(message))


def _attempt_in(message: Message) -> tuple[int, int]:
    job_id, attempt = message.id.removeprefix("job-").split("-")
    return int(job_id), int(attempt)


@contextmanager
def _database_at_hand(message: Message) -> Iterator[None]:
    """Connections for a moment only, so that none is shared with the next job's process."""
    try:
        yield
    except SQLAlchemyError as error:
        log.error("%s waits for its deadline: the database cannot be asked (%s)", message.id, error)
    finally:
        db.session.remove()
        db.engine.dispose()


def _answers(connection: Redis) -> bool:
    deadline = time.monotonic() + REDIS_AWAITED_SECONDS
    while time.monotonic() < deadline:
        try:
            connection.ping()
            return True
        except RedisError:
            time.sleep(0.5)
    return False
