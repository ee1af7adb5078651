"""A site of one page around the live part, under real gunicorn workers, and browsers' ends of its sockets."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from app.core import live
from app.extensions import sock
from ops.redis_binary import find_redis
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[3]
HINT = '<div id="live-hint"'


def create_app(redis_url: str, max_sockets: int = 20) -> Flask:
    """The application; the secret is fixed, so that tests can sign tickets for it."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="stage", REDIS_URL=redis_url, LIVE_MAX_SOCKETS=max_sockets)
    sock.init_app(app)
    live.init_app(app)

    @app.get("/")
    def page() -> str:
        return str(live.open_sockets())

    return app


def wsgi() -> Flask:
    """What gunicorn calls."""
    return create_app(os.environ["REDIS_URL"], int(os.environ["LIVE_MAX_SOCKETS"]))


@dataclass(frozen=True)
class Site:
    """A running site."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        """What a browser on one of its pages sends."""
        return f"http://127.0.0.1:{self.port}"

    def socket(self, ticket: str, origin: str | None = "own") -> connect:
        """A browser's end of a socket, to be used in a `with`."""
        origin = self.origin if origin == "own" else origin
        return connect(f"ws://127.0.0.1:{self.port}/live?ticket={ticket}", origin=origin, open_timeout=30)  # type: ignore[arg-type]

    @contextmanager
    def listening(self, *tickets: str) -> Iterator[list[ClientConnection]]:
        """Browsers' ends that the site has taken in, one per ticket, and no others."""
        wait_for(lambda: self.get() == "0", "the sockets of the test before to go")
        with ExitStack() as stack:
            pages = [stack.enter_context(self.socket(ticket)) for ticket in tickets]
            wait_for(lambda: self.get() == str(len(tickets)), "the site to take the sockets in")
            yield pages

    def get(self) -> str:
        """The body of its page: how many sockets it holds."""
        with urllib.request.urlopen(self.origin, timeout=30) as answer:
            return str(answer.read().decode())


@contextmanager
def running_site(kind: str, redis_url: str, folder: Path, max_sockets: int = 20) -> Iterator[Site]:
    """The site under gunicorn workers of `kind`, with two threads more than sockets."""
    log = folder / f"{kind}.log"
    options = ["-k", kind, "--threads", str(max_sockets + 2), "--graceful-timeout", "60", "-b", "127.0.0.1:0"]
    config = Path(__file__).with_name("gunicorn_stage.py")
    command = [sys.executable, "-m", "gunicorn", "-c", str(config), *options, "tests.core.live.stage:wsgi()"]
    environ = {**os.environ, "REDIS_URL": redis_url, "LIVE_MAX_SOCKETS": str(max_sockets)}
    with log.open("wb") as output, subprocess.Popen(command, cwd=ROOT, env=environ, stderr=output) as process:
        try:
            yield Site(wait_for(lambda: _port_in(log), f"a port in {log}"), process)
        finally:
            process.terminate()


def _port_in(log: Path) -> int:
    listening = next((line for line in log.read_text().splitlines() if "Listening at:" in line), "")
    return int(listening.split(":")[-1].split()[0]) if listening else 0


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """A Redis in `folder`; killed at the end. Yields its address; the same folder gives the same one."""
    folder.mkdir(exist_ok=True)
    path = folder / "redis.sock"
    path.unlink(missing_ok=True)
    with subprocess.Popen(find_redis().command(path, folder), stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(path.exists, "Redis")
            yield f"unix://{path}"
        finally:
            process.kill()


def next_text(socket: ClientConnection) -> str:
    """The next fragment; hints to fetch, which may come at any time, are passed over."""
    while True:
        text = str(socket.recv(timeout=30))
        if not text.startswith(HINT):
            return text


def close_code(socket: ClientConnection) -> int:
    """The code the server closes with, whatever it sends before."""
    try:
        while True:
            socket.recv(timeout=30)
    except ConnectionClosed as closed:
        assert closed.rcvd, "the connection broke without a close frame"
        return closed.rcvd.code
