"""A stand-in on loopback for all platforms: it answers by the examples that each declares, and fails in many ways."""

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit

from app.tracker.platforms import platforms
from app.tracker.platforms.base import Example, Platform


class Answer(NamedTuple):
    """What goes back."""

    status: int
    body: Any
    headers: Mapping[str, str] = {}

    def content(self) -> bytes:
        """Its bytes: text as it is, everything else as JSON."""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Call:
    """One request to one platform; `site` is "" for the main one."""

    key: str
    site: str
    method: str
    path: str
    body: Any
    headers: dict[str, str]
    called_at: float = field(default_factory=time.monotonic)


class PlatformServer:
    """Between start() and stop() it listens at `url`; state may be changed at any moment.

    `absent` are handles, in small letters, that are not there. `faults` says by platform what goes wrong: a name, or a
    function of the call that gives an Answer, or None for the usual one.
    """

    def __init__(self) -> None:
        self.absent: set[str] = set()
        self.faults: dict[str, str | Callable[[Call], Answer | None]] = {}
        self.calls: list[Call] = []
        self.release = threading.Event()

    def __enter__(self) -> Self:
        self._listener = _Listener(("127.0.0.1", 0), _Handler)
        self._listener.stand_in = self
        self.url = f"http://127.0.0.1:{self._listener.server_port}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        if self._listener.errors:
            raise self._listener.errors[0]

    def settings(self) -> dict[str, str]:
        """The addresses of all platforms, and a value for everything they need, as settings name them."""
        found = {}
        for platform in platforms().values():
            for site, _ in platform.sites:
                name = "_".join(part for part in (platform.key.upper(), site, "URL") if part)
                found[name] = f"{self.url}/{platform.key}/{site or 'main'}"
            for need in platform.needs:
                found[f"{platform.key.upper()}_{need.name}"] = (
                    f"example-{need.name.lower()}" if need.is_required else ""
                )
        return found

    def calls_of(self, key: str) -> list[Call]:
        """The calls that a platform got, oldest first."""
        return [call for call in self.calls if call.key == key]

    def answer(self, call: Call) -> Answer:
        """What the platform would say, by its examples, of whichever handle is asked for."""
        platform = platforms()[call.key]
        if call.key == "codeforces":
            return self._codeforces(call)
        for example in platform.examples:
            match = re.fullmatch(re.escape(example.path).replace(r"\*", "([^/?&]*)") + r"(\?.*)?", call.path)
            if match and example.site == call.site:
                return self._by(platform, example, self._handle_in(call, match))
        return Answer(404, "Not here.")

    @staticmethod
    def _handle_in(call: Call, match: re.Match[str]) -> str:
        variables = call.body.get("variables", {}) if isinstance(call.body, dict) else {}
        return unquote(variables.get("username") or next((group for group in match.groups() if group), ""))

    def _by(self, platform: Platform, example: Example, handle: str) -> Answer:
        if example.missing and handle.casefold() in self.absent:
            return Answer(*example.missing)
        if not example.missing:
            return Answer(200, example.body)
        text = json.dumps(example.body).replace(platform.example_handle, json.dumps(handle)[1:-1])
        return Answer(200, json.loads(text))

    def _codeforces(self, call: Call) -> Answer:
        handles = parse_qs(urlsplit(call.path).query, separator="&")["handles"][0].split(";")
        bad = next((handle for handle in handles if handle.casefold() in self.absent), None)
        if bad:
            return Answer(400, {"status": "FAILED", "comment": f"handles: User with handle {bad} not found"})
        rows = [{**codeforces_row(), "handle": handle} for handle in handles]
        return Answer(200, {"status": "OK", "result": rows})


def codeforces_row() -> dict[str, Any]:
    """Somebody on Codeforces, as the example has them."""
    row: dict[str, Any] = platforms()["codeforces"].examples[0].body["result"][0]
    return row


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Listener"

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _respond(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, key, rest = self.path.split("/", 2)
        site = re.match(r"[A-Za-z]+", rest)[0]  # type: ignore[index]
        call = Call(
            key, site if site != "main" else "", self.command, rest.removeprefix(site),
            json.loads(body) if body else None, dict(self.headers),
        )  # fmt: skip
        self.server.stand_in.calls.append(call)
        fault = self.server.stand_in.faults.get(key)
        if isinstance(fault, str):
            FAULTS[fault](self)
        else:
            self.send((fault(call) if fault else None) or self.server.stand_in.answer(call))

    def send(self, answer: Answer) -> None:
        content = answer.content()
        self.send_response(answer.status)
        for header in {"Connection": "close", **answer.headers, "Content-Length": str(len(content))}.items():
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(content)

    def hang(self) -> None:
        self.server.stand_in.release.wait()

    def drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        while not self.server.stand_in.release.wait(0.05):
            self.wfile.write(b"{")


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    stand_in: PlatformServer

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.errors: list[BaseException] = []

    def handle_error(self, *_: object) -> None:
        error = sys.exception()
        if error and not isinstance(error, ConnectionError):
            self.errors.append(error)


def _always(status: int, body: Any, **headers: str) -> Callable[[_Handler], None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.send(Answer(status, body, named))


SHIELD = "<!doctype html><title>Just a moment...</title><p>Checking your browser."
FAULTS: dict[str, Callable[[_Handler], None]] = {
    "429": _always(429, "Too many requests"),
    "429 with Retry-After": _always(429, {"message": "Too many requests"}, Retry_After="120"),
    "429 with a date": lambda handler: handler.send(
        Answer(429, "", {"Retry-After": formatdate(time.time() + 120, usegmt=True)})
    ),
    "403 from a shield": _always(403, SHIELD),
    "500": _always(500, {"message": "user not found!"}),
    "503": _always(503, "<h1 class='error-title'>Service unavailable</h1>"),
    "hang": _Handler.hang,
    "drip": _Handler.drip,
    "html for data": _always(200, "<!doctype html><title>Maintenance</title>"),
    "nothing": _always(200, ""),
    "an empty object": _always(200, {}),
    "a list of nothing known": _always(200, [{"x": 1}]),
    "null": _always(200, None),
    "404 without a word": _always(404, "<h1>nginx</h1>"),
    "too deep": _always(200, "[" * 100_000),
}
