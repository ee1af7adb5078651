"""A stand-in for Judge0 on loopback: its queue, its batches, its words, and the ways it can fail.

Programs are really run, in our own sandbox, and what they did is told in Judge0's way. `python -m tests.judge0_server
[--port N]` runs one by itself, and prints its address and token.
"""

import argparse
import base64
import json
import sys
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from app.submissions.judges.base import CompileError, Limits, Outcome, Verdict
from app.submissions.judges.sandbox import Sandbox

TOKEN = "a-token-of-tests"
LANGUAGES = {
    50: "C (GCC 9.2.0)",
    53: "C++ (GCC 8.3.0)",
    54: "C++ (GCC 9.2.0)",
    76: "C++ (Clang 7.0.1)",
    62: "Java (OpenJDK 13.0.1)",
    63: "JavaScript (Node.js 12.14.0)",
    70: "Python (2.7.17)",
    71: "Python (3.8.1)",
}
RUN_AS = {54: "cpp", 62: "java", 63: "javascript", 71: "python"}
CONFIG: dict[str, Any] = {
    "maintenance_mode": False,
    "enable_compiler_options": True,
    "allowed_languages_for_compile_options": [],
    "enable_callbacks": True,
    "enable_batched_submissions": True,
    "max_submission_batch_size": 20,
    "max_queue_size": 100,
    "max_cpu_time_limit": 15.0,
    "max_cpu_extra_time": 5.0,
    "max_wall_time_limit": 20.0,
    "max_memory_limit": 512000,
    "max_stack_limit": 128000,
    "max_max_file_size": 4096,
}
CACHED_SECONDS = 1.0  # one submission asked for twice; a batch is never cached
LINE = 60
ON_EXCEPTION = {"python", "javascript"}  # ignore the signal of a file that grows too large, and fail


class Reply(NamedTuple):
    """What goes back."""

    content: Any
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Kept:
    """One submission; `told` is what is said of it once it is over, binary still plain."""

    asked: dict[str, Any]
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: int = 1
    told: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """All fields, in base64."""
        texts = {name: coded(self.told.get(name)) for name in ("stdout", "stderr", "compile_output", "message")}
        figures = {name: self.told.get(name) for name in ("time", "memory", "exit_code", "exit_signal")}
        return {"token": self.token, "status_id": self.status, **texts, **figures}


class Judge0Server:
    """The stand-in; between start() and stop() it listens at `url`. Its state may be changed at any moment.

    `faults` names what goes wrong by what is asked: languages, config, workers, create, look, or * for all. They are of
    BEFORE and AFTER; a list of them is used up, one a call. `calls` counts what was asked, `ran` what was run.
    """

    def __init__(self, port: int = 0, workers: int = 2) -> None:
        self.port, self.workers = port, workers
        self.config, self.languages = dict(CONFIG), dict(LANGUAGES)
        self.faults: dict[str, str | list[str]] = {}
        self.calls: Counter[str] = Counter()
        self.looked_at: list[float] = []
        self.ran, self.most_in_batch = 0, 0
        self.headers: dict[str, str] = {"X-Auth-Token": TOKEN}
        self.kept: dict[str, Kept] = {}
        self.cached: dict[str, tuple[float, dict[str, Any]]] = {}
        self.queue: deque[Kept] = deque()
        self.lock = threading.Condition()

    def start(self) -> Self:
        """Listen, at first on any free port unless one was given, and after a stop at the same `url` again."""
        self.is_over = False
        self._listener = _Listener(self)
        self.port = self._listener.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        loops = [lambda: self._listener.serve_forever(0.02), *[self._work] * self.workers]
        self._threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """End every thread, and forget what was queued."""
        self._listener.shutdown()
        with self.lock:
            self.is_over = True
            self.queue.clear()
            self.lock.notify_all()
        for thread in self._threads:
            thread.join()
        self._listener.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if not self.is_over:
            self.stop()

    def forget(self) -> None:
        """Lose all submissions, as after a restart without its database."""
        with self.lock:
            self.kept.clear()

    def fault_of(self, call: str) -> str:
        """What is to go wrong with this call; "" for nothing."""
        fault = self.faults.get(call) or self.faults.get("*") or ""
        return (fault.pop(0) if fault else "") if isinstance(fault, list) else fault

    def answer(self, call: str, query: dict[str, str], body: Any) -> Reply:
        """What Judge0 would say to this."""
        if call == "languages":
            return Reply([{"id": number, "name": name} for number, name in self.languages.items()])
        if call == "config":
            return Reply(self.config)
        if call == "workers":
            return Reply([{"queue": "1.13.1", "size": len(self.queue), "available": self.workers, "failed": 0}])
        if call == "create":
            return self._create(body["submissions"])
        if call == "look":
            return self._look(query["tokens"].split(","))
        return self._look_at_one(call) if call in self.kept else Reply(None, 404)

    def _create(self, wanted: list[dict[str, Any]]) -> Reply:
        if not 1 <= len(wanted) <= self.config["max_submission_batch_size"]:
            words = "number of submissions in a batch should be less than or equal to 20"
            return Reply({"error": words if wanted else "there should be at least one submission in a batch"}, 400)
        with self.lock:
            self.most_in_batch = max(self.most_in_batch, len(wanted))
            if len(self.queue) >= self.config["max_queue_size"]:
                return Reply({"error": "queue is full"}, 503)
            entries = [self._take(asked) for asked in wanted]
            self.lock.notify_all()
        return Reply(entries, 201 if any("token" in entry for entry in entries) else 422)

    def _take(self, asked: dict[str, Any]) -> dict[str, Any]:
        wrong = {}
        if asked.get("language_id") not in self.languages:
            wrong["language_id"] = [f"language with id {asked.get('language_id')} doesn't exist"]
        for name in (
            "cpu_time_limit",
            "cpu_extra_time",
            "wall_time_limit",
            "memory_limit",
            "stack_limit",
            "max_file_size",
        ):
            if asked[name] > self.config[f"max_{name}"]:
                wrong[name] = [f"must be less than or equal to {self.config[f'max_{name}']}"]
        if wrong:
            return wrong
        kept = Kept(
            {name: plain(value) if name in ("source_code", "stdin") else value for name, value in asked.items()}
        )
        self.kept[kept.token] = kept
        self.queue.append(kept)
        return {"token": kept.token}

    def _look(self, tokens: list[str]) -> Reply:
        self.looked_at.append(time.monotonic())
        rows = [self.kept[token].shown() if token in self.kept else None for token in tokens]
        return Reply({"submissions": rows})

    def _look_at_one(self, token: str) -> Reply:
        at, shown = self.cached.get(token, (0.0, {}))
        if time.monotonic() - at > CACHED_SECONDS:
            at, shown = self.cached[token] = (time.monotonic(), self.kept[token].shown())
        return Reply(shown)

    def _work(self) -> None:
        while programs := self._next():
            for kept, told in zip(programs, run(programs), strict=True):
                with self.lock:
                    kept.told, kept.status = told, told["status_id"]
                    self.ran += 1
                self._ring(kept)
                if self.is_over:
                    return

    def _next(self) -> list[Kept]:
        """The first in the queue, and those behind it that are the same program: compiled once, to save our time."""
        with self.lock:
            self.lock.wait_for(lambda: self.queue or self.is_over)
            programs = [self.queue.popleft()] if self.queue else []
            while self.queue and same(self.queue[0]) == same(programs[0]):
                programs.append(self.queue.popleft())
            for kept in programs:
                kept.status = 2
            return programs

    def _ring(self, kept: Kept) -> None:
        if url := kept.asked.get("callback_url"):
            said = json.dumps(kept.shown()).encode()
            with suppress(OSError), urlopen(Request(url, said, method="PUT"), timeout=5) as answer:
                answer.read()


def same(kept: Kept) -> dict[str, Any]:
    """What programs have in common that differ in their input alone."""
    return {name: value for name, value in kept.asked.items() if name != "stdin"}


def run(programs: list[Kept]) -> Iterator[dict[str, Any]]:
    """Run one program on the inputs of all, and tell of each as Judge0 does."""
    asked = programs[0].asked
    language = RUN_AS[asked["language_id"]]
    own_mb = 96 if language in ("java", "javascript") else 0
    memory_mb = max(1, round((asked["memory_limit"] / 1024 - 8 - own_mb) / 1.05))
    limits = Limits(asked["cpu_time_limit"], memory_mb, asked["max_file_size"] * 1024)
    try:
        for outcome in Sandbox().run(
            language, asked["source_code"], limits, [each.asked["stdin"] for each in programs]
        ):
            yield told(outcome, language, asked)
    except CompileError as error:
        yield from [not_compiled(language, error.output.encode())] * len(programs)


def not_compiled(language: str, output: bytes) -> dict[str, Any]:
    """An interpreter's complaint is Judge0's run-time error."""
    if language in ON_EXCEPTION:
        figures = {"time": "0.02", "memory": 3784, "exit_code": 1}
        indent = b"  " if language == "python" else b""  # our sandbox has stripped it
        return {"status_id": 11, "stderr": indent + output, "message": b"Exited with error status 1", **figures}
    return {"status_id": 6, "compile_output": output}


def told(outcome: Outcome, language: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What Judge0 would say of this."""
    used = {"time": f"{outcome.cpu_ms / 1000:.3f}", "memory": outcome.memory_kb, "exit_code": 0}
    texts = {"stdout": outcome.stdout, "stderr": outcome.stderr}
    if outcome.verdict is None:
        return {"status_id": 3, **texts, **used}
    if outcome.verdict == Verdict.TLE:
        clock = b" (wall clock)" if "waited" in outcome.reason else b""
        return {"status_id": 5, **texts, **used, "message": b"Time limit exceeded" + clock, "exit_code": None}
    if outcome.verdict == Verdict.MLE:
        return {"status_id": 11, **texts, **exited(137), **used, "memory": asked["memory_limit"], "exit_code": 137}
    if outcome.verdict == Verdict.OLE:
        # Of what went beyond, the sandbox keeps a part, 64 kB of errors at least; Judge0 keeps all up to the limit.
        status, size = 1 if language in ON_EXCEPTION else 153, asked["max_file_size"] * 1024
        cut = {name: text.ljust(size, b"x")[:size] if len(text) > size // 16 else text for name, text in texts.items()}
        return {"status_id": 11, **cut, **used, **exited(status)}
    words = outcome.reason.rstrip(".").split()
    status = int(words[-1]) if words[-1].isdecimal() else 128 + SIGNALS[words[-1]]
    return {"status_id": 11, **texts, **used, **exited(status)}


SIGNALS = {"SIGABRT": 6, "SIGFPE": 8, "SIGKILL": 9, "SIGSEGV": 11}


def exited(status: int) -> dict[str, Any]:
    """How the shell that runs programs tells of their end."""
    return {"exit_code": status, "message": f"Exited with error status {status}".encode()}


def coded(content: bytes | None) -> str | None:
    """Base64 with a new line every 60 characters, and none where there is nothing."""
    if not content:
        return None
    text = base64.b64encode(content).decode()
    return "".join(f"{text[start : start + LINE]}\n" for start in range(0, len(text), LINE))


def plain(text: str | None) -> bytes:
    """What was encoded."""
    return base64.b64decode(text or "")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Listener"

    def do_GET(self) -> None:
        self._respond(None)

    def do_POST(self) -> None:
        self._respond(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null"))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _respond(self, body: Any) -> None:
        self.close_connection = True
        stand_in, address = self.server.stand_in, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        call = NAMES.get((self.command, address.path), address.path.rpartition("/")[2])
        stand_in.calls[call] += 1
        if any(self.headers.get(name) != value for name, value in stand_in.headers.items()):
            self.send(Reply(None, 401))
            return
        fault = stand_in.fault_of(call)
        if fault in BEFORE:
            BEFORE[fault](self)
            return
        reply = stand_in.answer(call, query, body)
        if fault:
            AFTER[fault](self, reply)
        else:
            self.send(reply)

    def send(self, reply: Reply) -> None:
        content = reply.content
        body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
        self.send_response(reply.status)
        headers = (("Content-Type", "application/json"), ("Connection", "close"), ("Content-Length", str(len(body))))
        for header in (*headers, *reply.headers):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(body)

    def break_off(self, *_: object) -> None:
        """Say half a line."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    def hang(self) -> None:
        """Say nothing until the caller has given up."""
        self.connection.settimeout(10)
        with suppress(OSError):
            self.connection.recv(1)


class _Listener(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, stand_in: Judge0Server) -> None:
        super().__init__(("127.0.0.1", stand_in.port), _Handler)
        self.stand_in = stand_in

    def handle_error(self, *_: object) -> None:
        """A caller who is gone is no error; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*_)


NAMES = {
    ("GET", "/languages"): "languages",
    ("GET", "/config_info"): "config",
    ("GET", "/workers"): "workers",
    ("POST", "/submissions/batch"): "create",
    ("GET", "/submissions/batch"): "look",
}


def altered(change: Callable[[Any], Any]) -> Callable[[_Handler, Reply], None]:
    """The answer, with its content changed."""
    return lambda handler, reply: handler.send(reply._replace(content=change(reply.content)))


def instead(reply: Reply) -> Callable[[_Handler], None]:
    """This in the place of the answer."""
    return lambda handler: handler.send(reply)


def each_row(**changed: Any) -> Callable[[_Handler, Reply], None]:
    """The answer about a batch with these fields of each submission."""
    return altered(lambda content: {"submissions": [{**row, **changed} for row in content["submissions"]]})


# Faults that come in the place of the work, and faults in telling of it.
BEFORE: dict[str, Callable[[_Handler], None]] = {
    "400": instead(Reply({"error": "invalid fields: [x]"}, 400)),
    "401": instead(Reply(None, 401)),
    "403": instead(Reply(None, 403)),
    "404": instead(Reply(None, 404)),
    "413": instead(Reply(b"<html>Request Entity Too Large</html>", 413)),
    "422": instead(Reply({"language_id": ["language with id 71 doesn't exist"]}, 422)),
    "429": instead(Reply({"message": "Too many requests"}, 429, (("Retry-After", "3"),))),
    "500": instead(Reply(None, 500)),
    "502": instead(Reply(b"<html>Bad Gateway</html>", 502)),
    "503": instead(Reply({"error": "queue is full"}, 503)),
    "maintenance": instead(Reply({"error": "Back at noon"}, 503)),
    "redirect": instead(Reply(None, 302, (("Location", "http://127.0.0.2:9/elsewhere"),))),
    "html": instead(Reply(b"<!doctype html><title>Welcome</title>")),
    "deep": instead(Reply(b"[" * 100_000)),
    "a number": instead(Reply(7)),
    "hang": _Handler.hang,
}
AFTER: dict[str, Callable[[_Handler, Reply], None]] = {
    "lost answer": _Handler.break_off,
    "one short": altered(lambda content: content[:-1] if isinstance(content, list) else {"submissions": []}),
    "no tokens": altered(lambda content: [{"error": "no"} for _ in content]),
    "vanished": altered(lambda content: {"submissions": [None for _ in content["submissions"]]}),
    "no base64": each_row(status_id=3, stdout="a"),
    "a wordy time": each_row(status_id=3, time="soon"),
    "other tokens": each_row(token="another"),
    "no status": each_row(status_id=None),
    "internal error": each_row(status_id=13),
    "unheard-of status": each_row(status_id=99),
    "status 0": each_row(status_id=0),
    "too much memory": each_row(status_id=3, memory=10**25),
    "endless time": each_row(status_id=3, time="1e300"),
    "time below zero": each_row(status_id=3, time="-1"),
    "a time that is none": each_row(status_id=3, time="NaN"),
    "one name for all": altered(lambda content: [content[0] for _ in content]),
    "always queued": each_row(status_id=1),
    "huge": each_row(status_id=3, stdout="A" * 3_000_000),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    with Judge0Server(parser.parse_args().port) as server, suppress(KeyboardInterrupt):
        sys.stdout.write(f"JUDGE0_URL={server.url} JUDGE0_TOKEN={TOKEN}\n")
        sys.stdout.flush()
        threading.Event().wait()
