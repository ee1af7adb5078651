"""A Kaggle to sync with."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.kaggle_server import KEY, USERNAME, KaggleServer


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
