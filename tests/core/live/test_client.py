import os
import socket
import threading
from collections.abc import Iterator

import pytest

from app.core.live.client import CONTROL_BYTES, Client
from app.core.live.frames import Frame, close_frame
from tests.core.live.test_frames import received

BIG = 400_000
PONG = b"\x8a\x00"


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The server's socket and a browser's, which answers within ten seconds or fails the test."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        browser = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    browser.settimeout(10)
    with server, browser:
        yield server, browser


def read_all(browser: socket.socket) -> bytes:
    """Everything until the server's end."""
    parts = []
    while part := browser.recv(65536):
        parts.append(part)
    return b"".join(parts)


def big(letter: str) -> Frame:
    """A frame larger than the kernel takes at once."""
    return Frame(letter.encode() + os.urandom(BIG).hex().encode())


def test_a_stalled_reader_never_makes_the_sender_wait(ends: tuple[socket.socket, socket.socket]) -> None:
    client = Client(ends[0], None)
    assert not all(client.push(f"board:{number}", big("a")) for number in range(20))


def test_only_the_newest_of_a_topic_is_kept_for_a_stalled_reader(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    client = Client(ends[0], 15)
    for letter in "abcdefgh":
        client.push("board", big(letter))
        client.push("other", big(letter.upper()))
    frames = read_until(ends[1], client, b"h", b"H")
    assert [data[:1] for data in frames][-2:] in ([b"h", b"H"], [b"H", b"h"])
    assert len(frames) < 8


def read_until(browser: socket.socket, client: Client, *wanted: bytes) -> list[bytes]:
    """The whole messages a reader gets who comes back, until it has those that begin with `wanted`."""
    data, messages = b"", []
    while not set(wanted) <= {message[:1] for message in messages}:
        client.flush()
        data += browser.recv(1 << 20)
        messages = [frame.data for frame in received(data, 15)]
    return messages


def test_pongs_and_frames_of_two_threads_never_mix(ends: tuple[socket.socket, socket.socket]) -> None:
    client = Client(ends[0], 15)
    html = os.urandom(5000).hex().encode()

    def answer_pings() -> None:
        for _ in range(300):
            client.send(PONG)

    def push_and_end() -> None:
        for number in range(300):
            client.push(str(number), Frame(html))

    threads = [threading.Thread(target=answer_pings), threading.Thread(target=push_and_end)]
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(read_all(ends[1])))
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while not client.flush():
        os.sched_yield()
    client.close()
    reader.join()
    frames = received(got[0], 15)
    assert [len(frame.data) for frame in frames if frame.data].count(len(html)) == 300
    assert len(frames) == 600


def test_ending_says_why(ends: tuple[socket.socket, socket.socket]) -> None:
    Client(ends[0], None).end(1012)
    assert read_all(ends[1]) == close_frame(1012)


def test_ending_a_stalled_reader_cuts_it_off_without_a_torn_close(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    server, browser = ends
    client = Client(server, None)
    while client.push("board", big("a")):
        pass
    client.end(1012)
    server.close()
    with pytest.raises(ConnectionResetError):
        read_all(browser)


def test_a_flood_of_pings_that_nobody_reads_the_answers_of_ends_the_socket(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    server, browser = ends
    client = Client(server, None)
    while client.push("board", big("a")):
        pass
    for _ in range(CONTROL_BYTES):
        client.send(PONG)
    server.close()
    with pytest.raises(ConnectionResetError):
        read_all(browser)


def test_a_reader_that_has_gone_is_no_error(ends: tuple[socket.socket, socket.socket]) -> None:
    server, browser = ends
    client = Client(server, None)
    browser.close()
    for _ in range(5):
        client.push("board", Frame(b"<p></p>"))
    client.end(1012)
    client.close()
