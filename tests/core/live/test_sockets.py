import secrets
import socket
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame
from websockets.http11 import Response
from websockets.uri import parse_uri

from app.core import live
from app.extensions import redis_client
from tests.core.live.conftest import KINDS
from tests.core.live.stage import HINT, Site, close_code, create_app, next_text, running_redis, running_site
from tests.core.live.test_tickets import old_ticket
from tests.waiting import wait_for


def new_topic() -> str:
    return f"board:{uuid4().hex}"


def test_a_page_hears_its_topic_and_no_other(site: Site, stage: Flask) -> None:
    mine, other = new_topic(), new_topic()
    with site.listening(live.ticket(mine), live.ticket(other)) as (insider, outsider):
        live.publish(mine, "<p>mine</p>")
        assert next_text(insider) == "<p>mine</p>"
        live.publish(other, "<p>other</p>")
        assert next_text(outsider) == "<p>other</p>"


def test_what_is_sent_is_compressed_for_those_who_offer_it(site: Site, stage: Flask) -> None:
    topic = new_topic()
    with site.listening(live.ticket(topic)) as (page,):
        assert "server_no_context_takeover" in page.response.headers["Sec-WebSocket-Extensions"]
        for number in range(2):
            live.publish(topic, f"<p>{number}</p>" * 1000)
            assert next_text(page) == f"<p>{number}</p>" * 1000


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_another_sites_page_is_refused_before_the_handshake(site: Site, stage: Flask, origin: str | None) -> None:
    with pytest.raises(InvalidStatus, match="403"), site.socket(live.ticket("board"), origin=origin):
        pass


def test_a_forged_or_expired_ticket_is_closed_so_that_the_page_fetches_a_fresh_one(
    site: Site, stage: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bad in ("", "forged", old_ticket(monkeypatch, 13, "board")):
        with site.socket(bad) as page:
            assert close_code(page) == 1008


def test_what_a_page_says_is_ignored_and_an_essay_ends_the_socket(site: Site, stage: Flask) -> None:
    topic = new_topic()
    with site.listening(live.ticket(topic)) as (page,):
        page.send("hello")
        live.publish(topic, "<p>1</p>")
        assert next_text(page) == "<p>1</p>"
        page.send(secrets.token_hex(5000))
        assert close_code(page) == 1009


def test_sockets_that_went_are_forgotten(site: Site, stage: Flask) -> None:
    with site.listening(live.ticket("board"), live.ticket("board")):
        pass
    wait_for(lambda: site.get() == "0", "no open socket")


class StalledPage:
    """A browser that shakes hands and then reads nothing until it is asked to."""

    def __init__(self, site: Site, ticket: str) -> None:
        address = f"ws://127.0.0.1:{site.port}/live?ticket={ticket}"
        self._protocol = ClientProtocol(
            parse_uri(address),
            origin=site.origin,  # type: ignore[arg-type]
            extensions=[ClientPerMessageDeflateFactory(server_max_window_bits=12)],
            max_size=None,
        )
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.settimeout(30)
        self._socket.connect(("127.0.0.1", site.port))
        self._protocol.send_request(self._protocol.connect())
        self._socket.sendall(b"".join(self._protocol.data_to_send()))
        assert any(isinstance(event, Response) for event in self._read())

    def texts(self) -> list[str]:
        """The whole messages that the next bytes complete; fails when they are no valid frames."""
        return [event.data.decode() for event in self._read() if isinstance(event, Frame)]

    def close(self) -> None:
        self._socket.close()

    def _read(self) -> list[object]:
        self._protocol.receive_data(self._socket.recv(65536))
        assert self._protocol.parser_exc is None
        return list(self._protocol.events_received())


def test_a_stalled_reader_costs_nobody_anything_and_reads_whole_frames_later(site: Site, stage: Flask) -> None:
    topics = [new_topic() for _ in range(20)]
    with site.listening(live.ticket(*topics)) as (page,):
        stalled = StalledPage(site, live.ticket(*topics))
        wait_for(lambda: site.get() == "2", "the stalled page to be taken in")
        for state in ("first", "second", "third"):
            for topic in topics:
                live.publish(topic, f"{state} {topic} {secrets.token_hex(40_000)}")
            got = {next_text(page).rsplit(" ", 1)[0] for _ in topics}
            assert got == {f"{state} {topic}" for topic in topics}
    seen: list[str] = []
    while not {f"third {topic}" for topic in topics} <= set(seen):
        seen += [text.rsplit(" ", 1)[0] for text in stalled.texts() if not text.startswith(HINT)]
    stalled.close()
    assert len(seen) < 3 * len(topics)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("kind", KINDS)
def test_sockets_at_the_cap_starve_no_request_and_a_stop_sends_them_to_the_next_process(
    kind: str, live_redis: str, stage: Flask, tmp_path: Path
) -> None:
    ticket = live.ticket("board")
    with (
        running_site(kind, live_redis, tmp_path, max_sockets=2) as site,
        site.listening(ticket, ticket) as (one, two),
    ):
        with site.socket(ticket) as third:
            assert close_code(third) == 1013
        assert site.get() == "2"
        site.process.terminate()
        assert close_code(one) == close_code(two) == 1012
        assert site.process.wait(timeout=30) == 0  # its own patience with open requests would be 60 s


@pytest.mark.parametrize("kind", KINDS)
def test_after_redis_was_killed_the_pages_are_told_to_fetch_and_hear_again(kind: str, tmp_path: Path) -> None:
    first_redis = ExitStack()
    url = first_redis.enter_context(running_redis(tmp_path))
    app = create_app(url)
    with (
        app.app_context(),
        closing(redis_client()),
        running_site(kind, url, tmp_path) as site,
        site.socket(live.ticket("board")) as page,
    ):
        assert str(page.recv(timeout=30)).startswith(HINT)
        assert live.publish("board", "<p>before</p>")
        assert next_text(page) == "<p>before</p>"
        first_redis.close()
        assert not live.publish("board", "<p>lost</p>")
        with running_redis(tmp_path):
            assert str(page.recv(timeout=30)).startswith(HINT)
            assert live.publish("board", "<p>after</p>")
            assert next_text(page) == "<p>after</p>"
