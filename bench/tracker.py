"""Asking platforms: calls for a thousand handles, and a pace that four workers share."""

import itertools
import math
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path

import flask_migrate
from redis import Redis

from app.extensions import redis_client
from app.factory import create_app
from app.tracker.asking import Asking
from app.tracker.pace import NotNow
from app.tracker.platforms import platforms
from bench.figures import tell
from tests.platform_server import PlatformServer
from tests.redis_server import RedisProcess

HANDLES = [f"coder-{number:04}" for number in range(1000)]
WORKERS, SECONDS = 4, 20.0
SHARED = ("leetcode", "geeksforgeeks")


def main() -> None:
    """Tell the figures."""
    with tempfile.TemporaryDirectory() as name, PlatformServer() as site, environment(name):
        (Path(name) / "redis").mkdir()
        server = RedisProcess(Path(name) / "redis")
        settings = {**site.settings(), "REDIS_URL": server.url, "RATELIMIT_STORAGE_URI": "memory://"}
        try:
            with create_app(settings).app_context():
                flask_migrate.upgrade()
                measure_calls(site)
            measure_pace(Redis.from_url(server.url), settings)
        finally:
            server.stop()


def measure_calls(site: PlatformServer) -> None:
    """A thousand handles on Codeforces, one of which is not there."""
    site.absent.add(HANDLES[500])
    codeforces = platforms()["codeforces"]
    found = dict(codeforces.fetch(HANDLES, Asking(codeforces, time.monotonic() + 60)))
    assert len(found) == len(HANDLES)
    tell("tracker_codeforces_calls", len(site.calls), "calls", floor=math.ceil(1000 / 400), goal="<= 6")


def measure_pace(redis: Redis, settings: dict[str, str]) -> None:
    """Four workers that all want to ask, for each of two platforms: how often they were let, by the clock of Redis."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(WORKERS)
    workers = [context.Process(target=ask_on, args=(settings, ready)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    for key in SHARED:
        pace, moments = platforms()[key].pace, sorted(float(moment) / 1000 for moment in redis.smembers(seen(key)))
        stretches = (len(moments) - 1) // pace.calls
        took = moments[stretches * pace.calls] - moments[0]
        tell(f"tracker_{key}_pace_used", 100 * stretches * pace.seconds / took, "%", goal=">= 98")
        tell(f"tracker_{key}_most_calls", most_in(moments, pace.seconds), "calls", floor=pace.calls, goal="<= 1 x")


def ask_on(settings: dict[str, str], ready: Barrier) -> None:
    """A worker: asks each platform in turn for as long as it may, with those that wait beside it."""
    app = create_app(settings)
    ready.wait()
    for key in SHARED:
        ready.wait()
        with app.app_context():
            ask = Asking(platforms()[key], time.monotonic() + SECONDS)
            try:
                for number in itertools.count():
                    list(platforms()[key].fetch([HANDLES[number]], ask))
                    redis_client().sadd(seen(key), *redis_client().lrange(f"mlbattle:platform:{key}:calls", 0, -1))
            except NotNow:
                continue


def seen(key: str) -> str:
    """Where workers put together at which moments they were let; only the last ones are kept by the pace itself."""
    return f"bench:{key}"


def most_in(moments: list[float], seconds: float) -> int:
    """The highest number of moments in any stretch."""
    return max(sum(begin <= moment < begin + seconds for moment in moments) for begin in moments)


@contextmanager
def environment(folder: str) -> Iterator[None]:
    """An instance in the folder, also for the processes that are started from here."""
    before = os.environ.get("INSTANCE_PATH")
    os.environ["INSTANCE_PATH"] = folder
    try:
        yield
    finally:
        os.environ.pop("INSTANCE_PATH")
        if before is not None:
            os.environ["INSTANCE_PATH"] = before


if __name__ == "__main__":
    main()
