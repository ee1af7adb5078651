"""Whether the parts of the site are there: `/healthz` for machines, sentences for the banner of pages."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.jobs.registry import queues
from app.extensions import db, redis_client

log = logging.getLogger(__name__)
bp = Blueprint("health", __name__)
SEEN_WITHIN_SECONDS = 20
KEPT_SECONDS = 2.0
ANSWER_SECONDS = 0.9
CONSEQUENCES = {
    "database": "Nothing can be read or stored for the moment: the database does not answer.",
    "redis": "Live updates are paused and background jobs wait: Redis does not answer.",
    "worker": "Background jobs are waiting{of}: the worker {seen}.",
    "scheduler": "Nothing starts by itself for the moment: the scheduler {seen}.",
}


@dataclass(frozen=True)
class Part:
    """One part of the site: whether it can be used, a sentence on it, and what members miss if it is down."""

    ok: bool
    detail: str
    consequence: str = ""


Report = dict[str, Part]


def init_app(app: Flask) -> None:
    """Serve `/healthz` and give templates `degradations()`."""
    app.extensions["health"] = Watch(app)
    app.register_blueprint(bp)
    app.jinja_env.globals["degradations"] = degradations


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Every part with a sentence; 503 and the names in `down` when one is missing."""
    report = current_report()
    down = [name for name, part in report.items() if not part.ok]
    parts = {name: {"ok": part.ok, "detail": part.detail} for name, part in report.items()}
    response = jsonify(ok=not down, down=down, **parts)
    response.headers["Cache-Control"] = "no-store"
    return response, 503 if down else 200


def degradations() -> list[str]:
    """What members should know is not working; empty when all is well. At most 2 seconds old."""
    return [part.consequence for part in current_report().values() if part.consequence]


def current_report() -> Report:
    """The report of this process, measured anew when it is older than 2 seconds."""
    watch: Watch = current_app.extensions["health"]
    return watch.report()


class Watch:
    """Measures in threads of its own, so that a part that hangs costs a request a second and not more."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = Lock()
        self._executor = ThreadPoolExecutor(max_workers=len(CHECKS), thread_name_prefix="health")
        self._running: dict[str, Future[Report]] = {}
        self._report: Report = {}
        self._measured_at = float("-inf")

    def report(self) -> Report:
        """Whoever comes while another request measures gets the last report."""
        if time.monotonic() - self._measured_at < KEPT_SECONDS:
            return self._report
        if self._lock.acquire(blocking=not self._report):
            try:
                self._report = self._measure()
                self._measured_at = time.monotonic()
            finally:
                self._lock.release()
        return self._report

    def _measure(self) -> Report:
        for name, check in CHECKS.items():
            if name not in self._running:
                self._running[name] = self._executor.submit(self._in_context, check)
        deadline = time.monotonic() + ANSWER_SECONDS
        report: Report = {}
        for name in CHECKS:
            report |= self._answer(name, max(0.0, deadline - time.monotonic()))
        return report

    def _answer(self, name: str, seconds: float) -> Report:
        """The check's result; a check that has not ended stays running, and is asked again next time."""
        try:
            return self._running[name].result(timeout=seconds)
        except TimeoutError:
            return down_report(name, "It did not answer within a second.")
        finally:
            if self._running[name].done():
                del self._running[name]

    def _in_context(self, check: Callable[[], Report]) -> Report:
        with self._app.app_context():
            return check()


def check_database() -> Report:
    """Whether the database answers the simplest question."""
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("the database does not answer: %s", error)
        return down_report("database", "It does not answer.")
    return {"database": Part(True, "It answers.")}


def check_redis() -> Report:
    """Whether Redis answers, and when the worker and the scheduler last left their sign in it."""
    names = queues()
    keys = [seen_key("scheduler"), *(seen_key(f"worker:{name}") for name in names)]
    try:
        seen: list[Any] = redis_client().mget(keys)
    except RedisError as error:
        log.warning("Redis does not answer: %s", error)
        return down_report("redis", "It does not answer.")
    return {
        "redis": Part(True, "It answers."),
        "worker": workers_part(dict(zip(names, seen[1:], strict=True))),
        "scheduler": seen_part("scheduler", seen[0]),
    }


def seen_key(program: str) -> str:
    """Where in Redis a program leaves the Unix time, as its sign of life."""
    return f"mlbattle:seen:{program}"


CHECKS: dict[str, Callable[[], Report]] = {"database": check_database, "redis": check_redis}


def down_report(name: str, detail: str) -> Report:
    """The report on a part that cannot be used, and on those that can only be seen through it."""
    report = {name: Part(False, detail, CONSEQUENCES[name])}
    if name == "redis":
        unknown = Part(False, "It leaves its signs in Redis, which does not answer.")
        report |= {"worker": unknown, "scheduler": unknown}
    return report


def workers_part(seen_at: dict[str, Any]) -> Part:
    """The workers, by what the longest unseen of them leaves undone; `seen_at` by queue, as in `seen_part`."""
    missed = [name for name, moment in seen_at.items() if not seen_part("worker", moment).ok]
    longest = min(missed or seen_at, key=lambda name: float(seen_at[name] or 0))
    return seen_part("worker", seen_at[longest], f" ({', '.join(missed)})" if len(missed) < len(seen_at) else "")


def seen_part(name: str, seen_at: bytes | None, of: str = "") -> Part:
    """A process, judged by the Unix time it last wrote; None: it never did, or Redis was emptied. `of`: for what."""
    if seen_at is None:
        seen = "has not been seen yet"
        return Part(False, f"It {seen}{of}.", CONSEQUENCES[name].format(seen=seen, of=of))
    moment = datetime.fromtimestamp(float(seen_at), UTC)
    if (clock.now() - moment).total_seconds() <= SEEN_WITHIN_SECONDS:
        return Part(True, f"Seen at {moment:%H:%M:%S} UTC.")
    seen = f"was last seen at {moment:%H:%M} UTC"
    return Part(False, f"It {seen}{of}.", CONSEQUENCES[name].format(seen=seen, of=of))
