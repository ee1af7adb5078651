"""The RQ worker process: takes numbers from Redis and runs the jobs behind them."""

import logging
import sys
import time
from typing import Any

from redis import Redis, RedisError
from rq import Worker

from app import create_app
from app.core.jobs.registry import queues
from app.extensions import db

log = logging.getLogger(__name__)
REDIS_AWAITED_SECONDS = 60
SEEN_KEY = "mlbattle:seen:worker"


class SeenWorker(Worker):
    """An RQ worker that leaves a sign of life every few seconds, idle or busy, whatever happens to Redis' data."""

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        super().heartbeat(timeout, pipeline)
        (self.connection if pipeline is None else pipeline).set(SEEN_KEY, str(time.time()))


def main() -> None:
    """Work until told to stop; exits with 1 and a sentence where Redis does not come up."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = create_app()
    connection = Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=5, health_check_interval=10)
    if not _answers(connection):
        sys.exit(f"Redis did not answer within {REDIS_AWAITED_SECONDS} seconds; the worker gives up.")
    with app.app_context():
        # The pool must be empty when a job's process is forked: a connection shared with a parent is corrupted.
        db.engine.dispose()
        # Idle it wakes, and busy it looks up, every 5 seconds: so often it can be seen.
        SeenWorker(queues(), connection=connection, worker_ttl=20, job_monitoring_interval=5).work(logging_level="INFO")


def _answers(connection: Redis) -> bool:
    deadline = time.monotonic() + REDIS_AWAITED_SECONDS
    while time.monotonic() < deadline:
        try:
            connection.ping()
            return True
        except RedisError:
            time.sleep(0.5)
    return False
