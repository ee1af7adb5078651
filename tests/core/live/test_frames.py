import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame as SentFrame
from websockets.protocol import Protocol, Side, State

from app.core.live.frames import Frame, accepted_offer, close_frame, offered_window

OFFERS = {
    "": None,
    "permessage-deflate": 15,
    "permessage-deflate; client_max_window_bits": 15,
    "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12": 12,
    'permessage-deflate; server_max_window_bits="10"': 10,
    "permessage-deflate; server_max_window_bits=8": None,
    "permessage-deflate; server_max_window_bits=16": None,
    "permessage-deflate; server_max_window_bits=x": None,
    "permessage-deflate; server_max_window_bits=8, permessage-deflate": 15,
    "x-webkit-deflate-frame": None,
    "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits": 15,
}


def received(data: bytes, window: int | None) -> list[SentFrame]:
    """What a strict client makes of the bytes."""
    browser = Protocol(Side.CLIENT, state=State.OPEN, max_size=None)
    if window:
        browser.extensions = [PerMessageDeflate(True, False, window, 15)]
    browser.receive_data(data)
    assert browser.parser_exc is None
    return [event for event in browser.events_received() if isinstance(event, SentFrame)]


@pytest.mark.parametrize(("header", "window"), OFFERS.items())
def test_the_window_is_the_one_the_client_allows(header: str, window: int | None) -> None:
    assert offered_window(header) == window


@pytest.mark.parametrize("window", [None, 9, 12, 15])
@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 200_000])
def test_every_client_reads_what_was_written(window: int | None, size: int) -> None:
    html = ("<td>é" * size)[:size].encode()
    frame = Frame(html)
    first, second = received(frame.form(window) + frame.form(window), window)
    assert first.data == second.data == html


def test_a_frame_is_made_once_and_shared() -> None:
    frame = Frame(b"<tbody></tbody>")
    assert frame.form(15) is frame.form(15)
    assert frame.form(None) is frame.form(None)


def test_a_narrow_window_is_confirmed() -> None:
    assert "server_max_window_bits=10" in accepted_offer(10)
    assert "server_max_window_bits" not in accepted_offer(15)


def test_a_close_frame_carries_its_code() -> None:
    assert close_frame(1012) == b"\x88\x02\x03\xf4"
