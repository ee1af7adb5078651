import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from app.core.live import hub as hub_module
from app.core.live.client import Client
from app.core.live.frames import PING, close_frame
from app.core.live.hub import HINT, Hub, SocketRefused
from app.core.live.tickets import Ticket
from tests.core.live.test_frames import received


@pytest.fixture
def hub(live_redis: str) -> Iterator[Hub]:
    hub = Hub(live_redis, max_sockets=2)
    yield hub
    hub.close_all()


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    server, browser = socket.socketpair()
    browser.settimeout(10)
    with server, browser:
        yield server, browser


def ticket(*topics: str) -> Ticket:
    return Ticket(topics, time.time() + 1)


def read_texts(browser: socket.socket, last: bytes) -> list[bytes]:
    """The messages up to `last`, hints aside."""
    data, texts = b"", []
    while last not in texts:
        data += browser.recv(65536)
        texts = [bytes(frame.data) for frame in received(data, None) if b"live-hint" not in frame.data]
    return texts


def read_through(browser: socket.socket, wanted: bytes) -> bytes:
    """Bytes until `wanted` came."""
    data = b""
    while wanted not in data:
        part = browser.recv(65536)
        assert part, data
        data += part
    return data


def test_within_a_second_only_the_newest_of_a_topic_is_sent(
    hub: Hub, ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.join(Client(ends[0], None), ticket("board", "other"))
    hub.deliver("board", b"first")
    read_texts(ends[1], b"first")
    monkeypatch.setattr(hub_module, "SECONDS_BETWEEN_SENDS", 3600.0)
    for html in (b"second", b"third", b"fourth"):
        hub.deliver("board", html)
    hub.deliver("other", b"meanwhile")
    assert read_texts(ends[1], b"meanwhile") == [b"meanwhile"]
    monkeypatch.setattr(hub_module, "SECONDS_BETWEEN_SENDS", 0.0)
    hub.deliver("other", b"later")
    assert set(read_texts(ends[1], b"fourth")) <= {b"later", b"fourth"}


def test_who_came_after_the_last_push_but_rendered_before_it_is_told_to_fetch(
    hub: Hub, ends: tuple[socket.socket, socket.socket]
) -> None:
    first, early = socket.socketpair()
    early.settimeout(10)
    with closing(first), closing(early):
        hub.join(Client(first, None), ticket("board"))
        hub.deliver("board", b"moved")
        read_texts(early, b"moved")
        hub.join(Client(ends[0], None), Ticket(("board",), time.time() - 5))
        read_through(ends[1], HINT.form(None))


def test_a_reader_that_answers_no_ping_is_closed_for_another_try(
    live_redis: str, ends: tuple[socket.socket, socket.socket]
) -> None:
    hub = Hub(live_redis, max_sockets=2, ping_seconds=0.05)
    hub.join(Client(ends[0], None), ticket("board"))
    data = read_through(ends[1], close_frame(1012))
    assert PING in data
    hub.close_all()


def test_a_full_hub_asks_to_try_again_later(hub: Hub, ends: tuple[socket.socket, socket.socket]) -> None:
    one, two, three = (Client(ends[0], None) for _ in range(3))
    hub.join(one, ticket("board"))
    hub.join(two, ticket("board"))
    with pytest.raises(SocketRefused) as refused:
        hub.join(three, ticket("board"))
    assert refused.value.code == 1013
    hub.leave(one)
    hub.join(three, ticket("board"))
    assert len(hub) == 2


def test_a_closing_hub_sends_newcomers_to_the_next_process(hub: Hub, ends: tuple[socket.socket, socket.socket]) -> None:
    hub.close_all()
    with pytest.raises(SocketRefused) as refused:
        hub.join(Client(ends[0], None), ticket("board"))
    assert refused.value.code == 1012
