"""A Redis that takes connections and says nothing."""

import socket
from contextlib import ExitStack

import pytest
from limits.storage import storage_from_string
from redis import RedisError

from app.extensions import redis_client


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


def test_the_limits_ask_redis_with_the_same_patience(app, mute_redis):
    address, connections = mute_redis
    storage = storage_from_string(f"redis+{address}", **app.config["RATELIMIT_STORAGE_OPTIONS"])
    connections()
    assert not storage.check()
    assert connections() == 1
