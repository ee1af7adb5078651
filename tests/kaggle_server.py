"""A stand-in for Kaggle's API on loopback: its calls, its answers, and the ways it can fail.

`python -m tests.kaggle_server [--port N]` runs one by itself, and prints its address.
"""

import argparse
import base64
import functools
import io
import json
import os
import socket
import struct
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

USERNAME, KEY, TOKEN = "ann-organiser", "secret-key", "KGAT_good"
WELCOME = {f"Bearer {TOKEN}", "Basic " + base64.b64encode(f"{USERNAME}:{KEY}".encode()).decode()}
HEADER = "Rank,TeamId,TeamName,LastSubmissionDate,Score,SubmissionCount,TeamMemberUserNames"
ROWS = [
    '1,12000001,"ann example","2026-11-04 14:41:19",0.98102,3,annexample',
    '2,12000002," Bob, Carol & Friends","2026-11-16 08:37:55",0.95500,12,"bobexample,carolexample"',
    '3,12000003,"Команда 例 🚀","2026-11-18 10:42:15",0.91000,1,danexample',
]
DETAILS = {"organizationName": "Example Organisation", "category": "Getting Started", "reward": "Knowledge"}
NESTED = {"code": 429, "message": "Too many requests", "status": "RESOURCE_EXHAUSTED"}


def csv_of(rows: list[str]) -> bytes:
    """A board's file in today's layout, with its byte order mark."""
    return "".join(f"{line}\n" for line in (HEADER, *rows)).encode("utf-8-sig")


def zip_of(members: dict[str, bytes]) -> bytes:
    """An archive of these files by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def renamed(body: bytes, *names: str) -> bytes:
    """The one file in an archive, in another archive under each of these names."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        content = archive.read(archive.namelist()[0])
    return zip_of(dict.fromkeys(names, content))


# A small archive of one CSV of 200 MB of zeros.
bomb = functools.cache(lambda: zip_of({"bomb.csv": bytes(200 << 20)}))


@dataclass
class StandInCompetition:
    """One competition; `board` is rows without the header, or the bytes of a whole CSV; `at` None means now."""

    slug: str
    title: str
    board: list[str] | bytes
    at: datetime | None = None
    deadline: datetime = datetime(2030, 1, 1, 23, 59, tzinfo=UTC)
    metric: str = "Categorization Accuracy"
    team_count: int = 3
    has_entered: bool = True

    def described(self) -> dict[str, Any]:
        """An ApiCompetition, as it travels."""
        return {
            **DETAILS,
            "id": zlib.crc32(self.slug.encode()),
            "ref": f"https://www.kaggle.com/competitions/{self.slug}",
            "title": self.title,
            "description": f"What {self.title} asks for.",
            "deadline": f"{self.deadline.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "enabledDate": "2026-01-02T03:04:05Z",
            "evaluationMetric": self.metric,
            "teamCount": self.team_count,
            "userHasEntered": self.has_entered,
        }

    def archive(self) -> bytes:
        """The ZIP a download answers with."""
        at = (self.at or datetime.now(UTC)).astimezone(UTC)
        content = self.board if isinstance(self.board, bytes) else csv_of(self.board)
        return zip_of({f"{self.slug}-publicleaderboard-{at:%Y-%m-%dT%H:%M:%S}.csv": content})


@dataclass
class Call:
    """One request; `at_once` counts it and those of its method and slug before it that were still unanswered."""

    method: str
    slug: str | None
    authorization: str | None
    at_once: int = 1
    called_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished_at: datetime | None = None


class Answer(NamedTuple):
    """What goes back, before a fault of delivery is done to it."""

    body: bytes
    kind: str = "application/zip"
    status: int = 200
    headers: Mapping[str, str] = {}


def as_json(content: dict[str, Any], status: int = 200, **headers: str) -> Answer:
    """An answer of JSON; a header's name has _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(json.dumps(content).encode(), "application/json", status, named)


def refusal(status: int, message: str, **headers: str) -> Answer:
    """An error in Kaggle's usual form."""
    return as_json({"code": status, "message": message}, status, **headers)


class KaggleServer:
    """The stand-in; between start() and stop() it listens at `url`. Its state may be changed at any moment.

    `faults` names what goes wrong: by slug for DownloadLeaderboard, under "*list*" for ListCompetitions and
    GetCompetition, under "*" for every call without a fault of its own. `release` ends "hang" and "drip": what they
    held back is then sent. A call its caller gave up on counts as in progress until the server has to notice.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.competitions: dict[str, StandInCompetition] = {}
        self.faults: dict[str, str] = {}
        self.calls: list[Call] = []
        self.gates: dict[str, threading.Event] = {}
        self.release, self.lock = threading.Event(), threading.Lock()
        self.add("titanic", "Titanic - Machine Learning from Disaster")
        self.add("harbour-tides", "Harbour Tides")
        self.add("orchard-yield", "Orchard Yield, Autumn Round")

    def start(self) -> Self:
        """Listen, at first on any free port unless one was given, and after a stop at the same `url` again."""
        self.release.clear()
        self._listener = _Listener(self)
        self.port = self._listener.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every request and thread; raises what went wrong in the stand-in itself, such as an unknown fault."""
        self._listener.shutdown()
        self._thread.join()
        for event in (self.release, *self.gates.values()):
            event.set()
        self._listener.end_all()
        if self._listener.errors:
            raise self._listener.errors[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def add(
        self, slug: str, title: str = "", rows: list[str] | bytes | None = None, at: datetime | None = None
    ) -> StandInCompetition:
        """Put a competition there, in place of one of the same slug; without rows it has three invented teams."""
        self.competitions[slug] = StandInCompetition(slug, title or slug, list(ROWS) if rows is None else rows, at)
        return self.competitions[slug]

    def gate(self, slug: str) -> threading.Event:
        """Hold the downloads of one competition until the event is set."""
        gate = self.gates.setdefault(slug, threading.Event())
        gate.clear()
        return gate

    def count(self, method: str, slug: str | None = None) -> int:
        """How many calls of a method came, finished or not; with a slug, of that competition's only."""
        with self.lock:
            return sum(call.method == method and slug in (None, call.slug) for call in self.calls)

    def most_at_once(self, slug: str) -> int:
        """The highest number of downloads of one competition that were in progress at one moment."""
        with self.lock:
            downloads = [call for call in self.calls if (call.method, call.slug) == ("DownloadLeaderboard", slug)]
        return max((call.at_once for call in downloads), default=0)

    def fault_of(self, call: Call) -> str | None:
        """What is to go wrong with this call."""
        narrow = {"ListCompetitions": "*list*", "GetCompetition": "*list*", "DownloadLeaderboard": call.slug}
        return self.faults.get(narrow.get(call.method) or "*") or self.faults.get("*")

    def answer(self, path: str, request: dict[str, Any]) -> Answer:
        """What Kaggle would say to this."""
        if path == "/v1/security.OAuthService/IntrospectToken":
            is_known = request.get("token") == TOKEN
            return as_json({"active": True, "username": USERNAME} if is_known else {"active": False})
        method = path.removeprefix("/v1/competitions.CompetitionApiService/")
        if method == "ListCompetitions":
            return self._found(request.get("search", "").casefold(), request)
        competition = self.competitions.get(request.get("competitionName", ""))
        if competition and method == "GetCompetition":
            return as_json(competition.described())
        if competition and method == "DownloadLeaderboard":
            return Answer(competition.archive())
        return refusal(404, "Not found")

    def _found(self, words: str, request: dict[str, Any]) -> Answer:
        page, size = int(request.get("pageToken") or request.get("page") or 1), int(request.get("pageSize") or 20)
        found = [c for c in list(self.competitions.values()) if words in c.title.casefold() or words in c.slug]
        shown = [competition.described() for competition in found[(page - 1) * size : page * size]]
        return as_json({"competitions": shown, "nextPageToken": str(page + 1) if page * size < len(found) else ""})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Listener"

    def do_POST(self) -> None:
        self.close_connection = True
        self.stand_in = self.server.stand_in
        request = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        method, slug = self.path.rsplit("/", 1)[-1], request.get("competitionName")
        self.call = Call(method, slug, self.headers.get("Authorization"))
        with self.stand_in.lock:
            calls = self.stand_in.calls
            calls.append(self.call)
            self.call.at_once = sum(not c.finished_at and (c.method, c.slug) == (method, slug) for c in calls)
        try:
            self._respond(request)
        finally:
            self.note_end()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _respond(self, request: dict[str, Any]) -> None:
        if self.call.method != "IntrospectToken" and self.call.authorization not in WELCOME:
            self.send(refusal(401, "Unauthenticated"))
            return
        if self.call.method == "DownloadLeaderboard" and self.call.slug in self.stand_in.gates:
            self.stand_in.gates[self.call.slug].wait()
        answer, fault = self.stand_in.answer(self.path, request), self.stand_in.fault_of(self.call)
        if fault in DELIVERIES:
            DELIVERIES[fault](self, answer)
        else:
            self.send(OTHER_ANSWERS[fault](answer.body) if fault else answer)

    def send(self, answer: Answer, missing: int = 0) -> None:
        """Send it all, having announced as many bytes more as are missing."""
        self.send_head(answer, {"Content-Length": str(len(answer.body) + missing)})
        self.send_rest(answer.body)

    def send_head(self, answer: Answer, length: dict[str, str]) -> None:
        self.send_response(answer.status)
        for header in {"Content-Type": answer.kind, "Connection": "close", **answer.headers, **length}.items():
            self.send_header(*header)
        self.end_headers()

    def send_rest(self, body: bytes) -> None:
        # The caller must not know that this call is over before it is noted, or its next one would seem to overlap.
        self.wfile.write(body[:-1])
        self.note_end()
        self.wfile.write(body[-1:])

    def note_end(self) -> None:
        with self.stand_in.lock:
            self.call.finished_at = self.call.finished_at or datetime.now(UTC)

    def hang(self, answer: Answer) -> None:
        self.stand_in.release.wait()
        self.send(answer)

    def drip(self, answer: Answer) -> None:
        self.send_head(answer, {"Content-Length": str(len(answer.body))})
        sent = 0
        while sent < len(answer.body) - 1 and not self.stand_in.release.wait(0.2):
            self.wfile.write(answer.body[sent : sent + 1])
            sent += 1
        self.send_rest(answer.body[sent:])

    def no_length(self, answer: Answer) -> None:
        self.send_head(answer, {})
        self.send_rest(answer.body)

    def huge(self, _: Answer) -> None:
        self.send_head(Answer(b"", "text/plain"), {})
        while not self.stand_in.release.is_set():
            self.wfile.write(b"0" * 65536)

    def reset(self, _: Answer) -> None:
        self.note_end()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def redirect(self, _: Answer) -> None:
        elsewhere = f"http://127.0.0.2:{self.stand_in.port}{self.path}"
        self.send(Answer(b"Moved.", "text/plain", 302, {"Location": elsewhere}))


class _Listener(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, stand_in: KaggleServer) -> None:
        super().__init__(("127.0.0.1", stand_in.port), _Handler)
        self.stand_in = stand_in
        self.errors: list[BaseException] = []
        self._open: dict[threading.Thread, socket.socket] = {}

    def process_request(self, *arguments: Any) -> None:
        thread = threading.Thread(target=self.process_request_thread, args=arguments, daemon=True)
        self._open[thread] = arguments[0]
        thread.start()

    def process_request_thread(self, *arguments: Any) -> None:
        super().process_request_thread(*arguments)
        del self._open[threading.current_thread()]

    def handle_error(self, *_: object) -> None:
        error = sys.exception()
        if error and not isinstance(error, ConnectionError):
            self.errors.append(error)

    def end_all(self) -> None:
        """Cut what is still open, wait for its threads, and close."""
        for thread, connection in list(self._open.items()):
            with suppress(OSError):  # it may have closed by itself meanwhile
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()
        self.server_close()


# Faults of what is said: each makes the answer from the body that would have been right.
OTHER_ANSWERS: dict[str, Callable[[bytes], Answer]] = {
    "401": lambda _: refusal(401, "Unauthenticated"),
    "403": lambda _: refusal(403, "You must accept this competition's rules before you can continue."),
    "404": lambda _: refusal(404, "Not found"),
    "429": lambda _: refusal(429, "Too many requests"),
    "429 retry": lambda _: refusal(429, "Too many requests", Retry_After="120"),
    "429 date": lambda _: refusal(429, "Too many requests", Retry_After=formatdate(time.time() + 120, usegmt=True)),
    "429 nested": lambda _: as_json({"error": NESTED}, 429),
    "500": lambda _: refusal(500, "Internal error"),
    "503": lambda _: refusal(503, "The service is unavailable"),
    "error in 200": lambda _: as_json({"code": 403, "message": "Permission denied"}),
    "401 without a word": lambda _: Answer(b"", "application/json", 401),
    "429 inside a 200": lambda _: as_json({"error": NESTED}),
    "429 at the end of time": lambda _: refusal(429, "Later", Retry_After="Fri, 31 Dec 9999 23:59:59 -2359"),
    "too deep": lambda _: Answer(b"[" * 200_000, "application/json"),
    "html": lambda _: Answer(b"<!doctype html><title>Maintenance</title><p>Back soon.", "text/html"),
    "truncated zip": lambda body: Answer(body[: len(body) // 2]),
    "empty zip": lambda _: Answer(zip_of({})),
    "two csvs": lambda body: Answer(renamed(body, "one.csv", "two.csv")),
    "path in name": lambda body: Answer(renamed(body, "../../etc/x.csv")),
    "bomb": lambda _: Answer(bomb()),
}
# Faults of how it is said.
DELIVERIES: dict[str | None, Callable[[_Handler, Answer], None]] = {
    "hang": _Handler.hang,
    "drip": _Handler.drip,
    "short body": lambda handler, answer: handler.send(answer, missing=1000),
    "no length": _Handler.no_length,
    "huge": _Handler.huge,
    "reset": _Handler.reset,
    "redirect elsewhere": _Handler.redirect,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    with KaggleServer(parser.parse_args().port) as server, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        threading.Event().wait()
