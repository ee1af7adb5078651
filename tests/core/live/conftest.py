"""One Redis and one site per kind of worker for all tests here that leave them standing."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.core.live import ticket
from app.extensions import redis_client
from tests.core.live.stage import Site, create_app, running_redis, running_site

KINDS = ("gthread", "gevent")


@pytest.fixture(scope="session")
def live_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session", params=KINDS)
def site(request: pytest.FixtureRequest, live_redis: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(request.param, live_redis, tmp_path_factory.mktemp("site")) as running:
        with create_app(live_redis).app_context(), running.socket(ticket("warm")) as page:
            page.recv(timeout=30)  # the hint that comes when the site has subscribed
        yield running


@pytest.fixture
def stage(live_redis: str) -> Iterator[Flask]:
    """The same application in this process, as a worker has it: it signs and publishes."""
    app = create_app(live_redis)
    with app.app_context():
        yield app
        redis_client().close()
