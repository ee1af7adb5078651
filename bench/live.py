"""How fast one update of a board reaches every open page, beside a raw asyncio server in the same run.

A client process holds the sockets of both and offers permessage-deflate as browsers do; the two servers take
turns. The board has 200 entries; a page shows, and a push carries, 50 rows (about 24 kB of HTML).
"""

import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from redis import Redis

from app.core import live
from app.core.live.frames import Frame
from ops.redis_binary import find_redis

ROOT = Path(__file__).resolve().parent.parent
SECRET = "bench"  # noqa: S105 - lives as long as the run
UPDATES = 21
ROWS = 50
START_SECONDS = 30


class Process:
    """A helper process spoken to in lines."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def say(self, line: str) -> None:
        """Send one line."""
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """Wait for one line."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def ask(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """One command, one answer."""
        self.say(json.dumps([verb, arguments]))
        return dict(json.loads(self.hear()))

    def stop(self) -> None:
        """End it and wait."""
        self.process.kill()
        self.process.communicate()


def board_rows(seed: int) -> str:
    """A page of a board as the product pushes it: one tbody of 50 rows with stable ids."""
    chance = random.Random(seed)  # noqa: S311 - data, not secrets
    rows = "".join(_row(place, chance) for place in range(1, ROWS + 1))
    return f'<tbody id="board-7-page-1" hx-swap-oob="morph">{rows}</tbody>'


def _row(place: int, chance: random.Random) -> str:
    entry, moved = chance.randrange(1000, 9999), chance.randrange(-3, 4)
    minute = chance.randrange(60)
    return f"""
  <tr id="entry-{entry}" data-member-id="{entry}">
    <td class="number">{place}</td>
    <td class="number">{chance.randrange(1, 1744)} <span class="muted">of 1,744</span></td>
    <th scope="row"><a href="/members/{entry:x}">{entry:x} {chance.randbytes(5).hex()}</a></th>
    <td class="number">{chance.random():.5f}</td>
    <td class="number">{chance.random() * 1000:.1f}</td>
    <td><span class="change" aria-hidden="true">▲</span>{moved}<span class="hidden"> places</span></td>
    <td><time datetime="2026-11-20T12:{minute:02}:00Z">20 Nov 12:{minute:02}</time></td>
    <td class="number">{chance.randrange(1, 60)}</td>
  </tr>"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis of its own; yields its address."""
    path = folder / "redis.sock"
    command = find_redis().command(path, folder)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(path.exists)
            yield f"unix://{path}"
        finally:
            process.kill()


@contextmanager
def web_server(kind: str, sockets: int, redis_url: str, folder: Path) -> Iterator[tuple[int, int]]:
    """The site under its own gunicorn.conf.py with workers of `kind`; yields its port and process id."""
    port = free_port()
    settings = {
        "SECRET_KEY": SECRET,
        "REDIS_URL": redis_url,
        "INSTANCE_PATH": str(folder),
        "PORT": str(port),
        "LIVE_MAX_SOCKETS": str(sockets),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-k", kind, "wsgi:app"]
    log = (folder / f"{kind}.log").open("w")
    with log, subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stderr=log) as process:
        try:
            wait_for(lambda: is_listening(port))
            yield port, process.pid
        finally:
            process.terminate()


def wait_for(condition: Any) -> None:
    """Wait until `condition()` holds."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a server did not start in time")
        time.sleep(0.05)


def is_listening(port: int) -> bool:
    """Whether an HTTP request on `port` is answered."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"GET /live HTTP/1.0\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def worker_kb(master: int) -> int:
    """Resident memory of the one worker of a gunicorn, in kB."""
    worker = Path(f"/proc/{master}/task/{master}/children").read_text().split()[0]
    status = Path(f"/proc/{worker}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1])


def figure(name: str, value: float, unit: str, goal: str, floor: float | None = None) -> None:
    """Print one line."""
    ratio = None if floor is None else round(value / floor, 2)
    line = {"name": name, "value": round(value, 2), "unit": unit, "floor": floor and round(floor, 2)}
    print(json.dumps({**line, "ratio": ratio, "goal": goal}), flush=True)


def start_floor(client: Process, count: int, folder: Path, stack: ExitStack) -> Process:
    """The raw server with as many sockets and a frame of the same bytes."""
    port, frame = free_port(), folder / "frame"
    frame.write_bytes(Frame(board_rows(0).encode()).form(15))
    floor = Process("bench.live_floor", str(port))
    stack.callback(floor.stop)
    floor.say(str(frame))
    floor.hear()
    client.ask("open", group="floor", count=count, port=port, path="/")
    return floor


def measure_updates(client: Process, floor: Process, kind: str) -> tuple[list[float], list[float], int]:
    """Milliseconds to the last client for the site and the floor in turn, and bytes one client took."""
    site_ms, floor_ms, size = [], [], 0
    for number in range(UPDATES):
        html = board_rows(number)
        took = timed_update(client, "site", lambda n=number, h=html: live.publish(f"{kind}:{n}", h))
        site_ms.append(took["ms"])
        size = max(size, took["bytes"])
        floor_ms.append(timed_update(client, "floor", lambda: floor.say("go"))["ms"])
    return site_ms, floor_ms, size


def timed_update(client: Process, group: str, send: Any) -> dict[str, Any]:
    """Have the client wait, send, and see when its last socket had everything."""
    client.say(json.dumps(["update", {"group": group}]))
    time.sleep(0.05)  # the client is in its loop by then
    began = time.monotonic()
    send()
    answer = json.loads(client.hear())
    return {"ms": (answer["at"] - began) * 1000, "bytes": answer["bytes"]}


def measure(kind: str, count: int, goal: int, redis_url: str, folder: Path) -> None:
    """All figures of one kind of worker."""
    with ExitStack() as stack:
        port, master = stack.enter_context(web_server(kind, count, redis_url, folder))
        client = Process("bench.live_client")
        stack.callback(client.stop)
        path = f"/live?ticket={live.ticket(*(f'{kind}:{number}' for number in range(UPDATES)))}"
        client.ask("open", group="warm", count=1, port=port, path="/live?ticket=none")
        idle_kb = worker_kb(master)
        client.ask("open", group="site", count=count, port=port, path=path)
        floor = start_floor(client, count, folder, stack)
        client.ask("drain", seconds=1.5)  # the hint to those who came before the subscription
        site_ms, floor_ms, size = measure_updates(client, floor, kind)
        name = f"live_{kind}_{count}"
        median = statistics.median
        figure(f"{name}_last_client", median(site_ms), "ms", f"ratio <= {goal}", median(floor_ms))
        figure(f"{name}_wire", size / 1000, "kB a client", "<= 8")
        figure(f"{name}_memory", (worker_kb(master) - idle_kb) / count, "kB a client", "<= 80")
        os.kill(master, signal.SIGHUP)
        back = client.ask("reopen", group="site")
        assert back["codes"] == [1012], back
        figure(f"{name}_reconnect", back["seconds"], "s to the last, restart included", "<= 3")


def main() -> None:
    """Measure both kinds of workers."""
    with tempfile.TemporaryDirectory() as name, redis_server(Path(name)) as redis_url:
        app = Flask(__name__)
        app.config.update(SECRET_KEY=SECRET, REDIS_URL=redis_url)
        app.extensions["redis"] = Redis.from_url(redis_url, socket_timeout=1)
        with app.app_context():
            measure("gevent", 1000, 4, redis_url, Path(name))
            measure("gthread", 300, 12, redis_url, Path(name))


if __name__ == "__main__":
    main()
