"""Many sockets in one process, read with as little work as possible; driven by JSON lines from live.py."""

import json
import random
import select
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DEADLINE_SECONDS = 60
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TEXT_OPCODE, CLOSE_OPCODE = 1, 8


@dataclass
class Tab:
    """One open page: how far its handshake and its frames have come."""

    address: tuple[str, int]
    request: bytes
    sock: socket.socket
    is_open: bool = False
    buffer: bytes = b""
    texts: int = 0
    received: int = 0
    close_code: int = 0


class Tabs:
    """All tabs and the one loop that reads them."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._by_fd: dict[int, Tab] = {}
        self._leaving: dict[int, float] = {}
        self.groups: dict[str, list[Tab]] = {}

    def open(self, group: str, count: int, port: int, path: str) -> dict[str, Any]:
        """Open `count` sockets, all at once, and wait until every one is accepted."""
        request = handshake(port, path)
        began = time.monotonic()
        tabs = [Tab(("127.0.0.1", port), request, socket.socket()) for _ in range(count)]
        self.groups[group] = tabs
        for tab in tabs:
            self._connect(tab)
        self._read_until(lambda: all(tab.is_open for tab in tabs))
        return {"seconds": time.monotonic() - began}

    def update(self, group: str) -> dict[str, Any]:
        """Wait until every tab has one more text message; when the last byte came, and how many each took."""
        tabs = self.groups[group]
        texts = [tab.texts + 1 for tab in tabs]
        before = tabs[0].received
        missing = len(tabs)

        def is_done() -> bool:
            nonlocal missing
            while missing and tabs[missing - 1].texts >= texts[missing - 1]:
                missing -= 1
            return not missing

        self._read_until(is_done)
        return {"at": time.monotonic(), "bytes": tabs[0].received - before}

    def drain(self, seconds: float) -> dict[str, Any]:
        """Read whatever comes for a while."""
        until = time.monotonic() + seconds
        self._read_until(lambda: time.monotonic() >= until)
        return {}

    def reopen(self, group: str) -> dict[str, Any]:
        """Wait until every tab was closed and, coming back as pages do, is open again."""
        tabs = self.groups[group]
        self._read_until(lambda: any(tab.close_code for tab in tabs))
        began = time.monotonic()
        self._read_until(lambda: all(tab.close_code and tab.is_open for tab in tabs))
        return {"seconds": time.monotonic() - began, "codes": sorted({tab.close_code for tab in tabs})}

    def _connect(self, tab: Tab) -> None:
        tab.sock.connect(tab.address)
        tab.sock.setblocking(False)
        tab.sock.send(tab.request)
        tab.is_open, tab.buffer = False, b""
        self._by_fd[tab.sock.fileno()] = tab
        self._poll.register(tab.sock, select.EPOLLIN)

    def _lose(self, tab: Tab) -> None:
        """Let go, and come back after up to a second, as static/js/live.js has pages do."""
        self._poll.unregister(tab.sock)
        tab.is_open = False
        self._leaving[tab.sock.fileno()] = time.monotonic() + random.random()  # noqa: S311

    def _reconnect(self, tab: Tab) -> None:
        del self._by_fd[tab.sock.fileno()]
        tab.sock.close()
        tab.sock = socket.socket()
        self._connect(tab)

    def _read_until(self, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not is_done():
            if time.monotonic() > deadline:
                raise TimeoutError("the sockets did not get there in time")
            for fd, _ in self._poll.poll(0.02):
                self._read(self._by_fd[fd])
            now = time.monotonic()
            for fd in [fd for fd, at in self._leaving.items() if at <= now]:
                del self._leaving[fd]
                self._reconnect(self._by_fd[fd])

    def _read(self, tab: Tab) -> None:
        try:
            data = tab.sock.recv(65536)
        except ConnectionResetError:  # accepted by a server on its way out
            data = b""
        tab.received += len(data)
        tab.buffer += data
        if not tab.is_open:
            _, end, rest = tab.buffer.partition(b"\r\n\r\n")
            if end:
                tab.is_open, tab.buffer = True, rest
        while tab.is_open and (length := frame_length(tab.buffer)):
            frame, tab.buffer = tab.buffer[:length], tab.buffer[length:]
            opcode = frame[0] & 0x0F
            tab.texts += opcode == TEXT_OPCODE
            if opcode == CLOSE_OPCODE:
                tab.close_code = struct.unpack("!H", frame[2:4])[0]
                self._lose(tab)
                return
        if not data:
            self._lose(tab)


def frame_length(data: bytes) -> int:
    """Length of the whole frame `data` begins with; 0 while it is not all there."""
    if len(data) < 4:
        return 2 if len(data) == 2 and data[1] == 0 else 0
    length = data[1] + 2
    if data[1] == 126:
        length = struct.unpack("!H", data[2:4])[0] + 4
    return length if len(data) >= length else 0


def handshake(port: int, path: str) -> bytes:
    """The request a browser sends: it offers permessage-deflate."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    )
    return "\r\n".join([*lines, "", ""]).encode()


def main() -> None:
    """Answer each command line with one line."""
    tabs = Tabs()
    for line in sys.stdin:
        verb, arguments = json.loads(line)
        print(json.dumps(getattr(tabs, verb)(**arguments)), flush=True)


if __name__ == "__main__":
    main()
