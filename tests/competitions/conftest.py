"""A Kaggle to sync with, and an ear for what open pages are told."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.extensions import redis_client
from tests.kaggle_server import KEY, USERNAME, KaggleServer
from tests.waiting import wait_for


@pytest.fixture
def kaggle() -> Iterator[KaggleServer]:
    """The stand-in, with no one connected to it yet."""
    with KaggleServer() as server:
        yield server


@pytest.fixture
def connected(app: Flask, kaggle: KaggleServer, monkeypatch: pytest.MonkeyPatch) -> KaggleServer:
    """The stand-in, and the club's account on it named by the environment."""
    settings = {"KAGGLE_API_URL": kaggle.url, "KAGGLE_USERNAME": USERNAME, "KAGGLE_KEY": KEY}
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    return kaggle


@pytest.fixture
def told(app):
    """told(): the topics published since, newest last."""
    listener = redis_client().pubsub(ignore_subscribe_messages=True)
    listener.psubscribe("mlbattle:live:*")

    def topics():
        redis_client().publish("mlbattle:live:end", "")
        seen = []
        while True:
            # None comes for the acknowledgement of the subscription too.
            message = wait_for(lambda: listener.get_message(timeout=1), "the end of what was told")
            topic = message["channel"].decode().removeprefix("mlbattle:live:")
            if topic == "end":
                return seen
            seen.append(topic)

    yield topics
    listener.close()
