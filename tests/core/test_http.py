"""Outside calls end in time and stay small, whatever the far side does; a raw socket plays it."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import requests

from app.core.http import ErrandSession, TooLarge, TooSlow

Script = Callable[[socket.socket, threading.Event], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Script], str]]:
    """serve(script): the address of a server that takes one call and does what the script says."""
    over, threads = threading.Event(), []

    def start(script: Script) -> str:
        listener = socket.create_server(("127.0.0.1", 0))

        def answer() -> None:
            with listener, listener.accept()[0] as connection:
                connection.recv(65536)
                try:
                    script(connection, over)
                except OSError:
                    over.wait(0)

        threads.append(threading.Thread(target=answer))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    over.set()
    for thread in threads:
        thread.join()


def drip(text: bytes) -> Script:
    """One byte after the other, forever."""

    def script(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(text)
        while not over.wait(0.02):
            connection.sendall(b"x")

    return script


def say(text: bytes) -> Script:
    return lambda connection, _over: connection.sendall(text)


def ask(address: str, seconds: float = 30, max_bytes: int = 1000) -> requests.Response:
    with ErrandSession(seconds=seconds, max_bytes=max_bytes) as session:
        return session.get(address)


def test_an_answer_is_read_whole(serve):
    assert ask(serve(say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))).content == b"hi"


@pytest.mark.parametrize(
    "begin", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"],
    ids=["first line", "headers", "body"],
)  # fmt: skip
def test_a_drip_is_cut_off_wherever_it_begins(serve, begin):
    with pytest.raises(TooSlow):
        ask(serve(drip(begin)), seconds=0.5)


def test_silence_is_cut_off(serve):
    with pytest.raises(requests.Timeout):
        ask(serve(lambda _connection, over: over.wait()), seconds=0.5)


def test_too_long_an_answer_is_not_read_to_its_end(serve):
    with pytest.raises(TooLarge):
        ask(serve(drip(b"HTTP/1.1 200 OK\r\n\r\n" + b"y" * 2000)))


def test_an_answer_shorter_than_it_says_is_no_answer(serve):
    with pytest.raises(requests.ConnectionError):
        ask(serve(say(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhi")))


def test_redirects_share_the_time(serve):
    second = serve(drip(b"HTTP/1.1 200 OK\r\n\r\n"))
    first = serve(say(f"HTTP/1.1 302 Found\r\nLocation: {second}\r\nContent-Length: 0\r\n\r\n".encode()))
    with pytest.raises(TooSlow):
        ask(first, seconds=0.5)
