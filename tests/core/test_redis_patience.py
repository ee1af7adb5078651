"""A Redis that takes connections and says nothing."""

import socket
from contextlib import ExitStack

import pytest
from redis import RedisError

from app.extensions import limiter, redis_client


@pytest.fixture
def mute_redis(tmp_path):
    """(address, connections()): a server that never answers, and how often it was called."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket(socket.AF_UNIX))
        server.bind(str(tmp_path / "mute.sock"))
        server.listen(50)
        server.setblocking(False)

        def connections() -> int:
            number = 0
            while True:
                try:
                    stack.enter_context(server.accept()[0])
                except BlockingIOError:
                    return number
                number += 1

        yield f"unix://{tmp_path / 'mute.sock'}", connections


def test_a_page_hears_at_the_first_try_that_redis_is_away(app, mute_redis, monkeypatch):
    address, connections = mute_redis
    monkeypatch.delitem(app.extensions, "redis", raising=False)
    monkeypatch.setitem(app.config, "REDIS_URL", address)
    with pytest.raises(RedisError):
        redis_client().ping()
    assert connections() == 1


def test_the_limits_ask_redis_with_the_same_patience(app):
    assert limiter.storage.storage.connection_pool.connection_kwargs["retry"].get_retries() == 0
