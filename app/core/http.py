"""Asking outside sites: every errand has a deadline by the clock and a size it may not pass, whatever they do.

A timeout of requests is per read, so a server that drips a byte a second holds a reader for ever; here the connection
is cut when the errand's time is over, also in the middle of the headers.
"""

import email.utils
import socket
import time
from datetime import UTC, datetime
from threading import Timer
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
CHUNK_BYTES = 256 * 1024


class TooSlow(requests.Timeout):
    """The errand was not over when its `seconds` were."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the answer took longer than {seconds:g} seconds")
        self.seconds = seconds


class TooLarge(requests.RequestException):
    """The answer is longer than the errand allows."""


class ErrandSession(requests.Session):
    """One errand, one session: all its calls and redirects together have `seconds`, each answer `max_bytes` unpacked.

    Answers are read whole before they are returned. Raises TooSlow, TooLarge and what requests raises.
    """

    def __init__(self, *, seconds: float, max_bytes: int) -> None:
        super().__init__()
        self.answer: requests.Response | None = None  # the last one, for callers whose client hides it
        adapter = _ErrandAdapter(seconds, max_bytes)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """As requests does it; the answer is remembered."""
        self.answer = super().send(request, **options)
        return self.answer


def retry_after_seconds(response: requests.Response) -> int | None:
    """How long the answer asks to be left alone, by a number or a date; None where it says neither."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal() and len(text) < 10:
        return int(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return max(0, round((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()))
    except (ValueError, OverflowError):
        return None


class _ErrandAdapter(HTTPAdapter):
    def __init__(self, seconds: float, max_bytes: int) -> None:
        self._seconds, self._max_bytes = seconds, max_bytes
        self._ends_at = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        super().__init__(pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        # The manager makes its pools by these classes; its type says they could only be urllib3's own.
        self.poolmanager.pool_classes_by_scheme = _pools_noting(self._sockets)

    def send(self, request: Any, *_args: Any, **options: Any) -> requests.Response:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TooSlow(self._seconds)
        options |= {"stream": True, "timeout": (min(CONNECT_SECONDS, left), min(READ_SECONDS, left))}
        timer = Timer(left, self._cut)
        timer.daemon = True
        timer.start()
        try:
            response = super().send(request, **options)
            response._content = self._read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if time.monotonic() >= self._ends_at:
                raise TooSlow(self._seconds) from error
            if isinstance(error, requests.RequestException):
                raise
            raise requests.ConnectionError(f"the answer broke off: {error}") from error
        finally:
            timer.cancel()
        return response

    def _read(self, response: requests.Response) -> bytes:
        body = bytearray()
        while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._max_bytes:
                response.close()
                raise TooLarge(f"the answer is longer than {self._max_bytes:,} bytes")
        if time.monotonic() >= self._ends_at:
            raise TooSlow(self._seconds)
        return bytes(body)

    def _cut(self) -> None:
        for open_socket in self._sockets:
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it is closed already, or has become the inside of a TLS socket that is in the list too


def _pools_noting(sockets: list[socket.socket]) -> dict[str, type[HTTPConnectionPool]]:
    """Pools whose connections add each socket they open to `sockets`, before anything is said on it."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sockets.append(super()._new_conn())
            return sockets[-1]

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sockets.append(super()._new_conn())
            return sockets[-1]

        def connect(self) -> None:
            super().connect()
            if isinstance(self.sock, socket.socket):
                sockets.append(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
