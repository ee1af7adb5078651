"""One process in a box: watched until it ends or goes beyond a bound, and what it used counted exactly."""

import ctypes
import json
import os
import select
import selectors
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.submissions.judges.base import JudgeFault
from app.submissions.judges.launch import Order, start_box

TICK_SECONDS = 0.02
REAPING_MS = 60
STDERR_KEPT = 64 * 1024
CHUNK = 64 * 1024
SET_CHILD_SUBREAPER = 36
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
BROKEN = "See that `bwrap --ro-bind / / true` works on this machine; where it does not, install bubblewrap anew."


@dataclass(frozen=True)
class Ended:
    """How it went. `beyond` is empty, or the bound it went beyond: cpu, wall, memory, output.

    `status` is the exit status, 128 more than the number of the signal where one ended it. stderr is cut at 64 KB.
    """

    beyond: str
    status: int
    stdout: bytes
    stderr: bytes
    cpu_ms: int
    memory_kb: int


def run_boxed(order: Order, stdin: bytes = b"") -> Ended:
    """Run the order in a new box; JudgeFault where the box itself fails. Nothing of it is left, whatever happens."""
    # Bubblewrap does not wait for its first process: as subreaper this process inherits it, and reads what it used.
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    box = Box(order, stdin)
    try:
        beyond = box.watch()
    finally:
        used = box.end()
    return box.result(beyond, *used)


class Stream:
    """What a process writes: read to the end, the first `kept` bytes of it held."""

    def __init__(self, file: IO[bytes] | None, kept: int) -> None:
        assert file is not None  # noqa: S101 (always a pipe)
        self.file, self.content, self.total = file, bytearray(), 0
        self._kept = kept

    def read(self) -> bool:
        """Take what is there; False at the end."""
        chunk = os.read(self.file.fileno(), CHUNK)
        self.total += len(chunk)
        self.content += chunk[: self._kept - len(self.content)]
        return bool(chunk)


class Box:
    """A started box; whoever makes one calls `end`."""

    def __init__(self, order: Order, stdin: bytes) -> None:
        self._bounds = order.bounds
        self._started_at = time.monotonic()
        self._process, self._status = start_box(order, stdin)
        self._has_ended = os.pidfd_open(self._process.pid)
        self._first = 0
        self._stdout = Stream(self._process.stdout, order.bounds.output_bytes)
        self._stderr = Stream(self._process.stderr, STDERR_KEPT)

    def watch(self) -> str:
        """Wait until it has ended, and return ""; or until it goes beyond a bound, and return which."""
        self._first = int(self._told().get("child-pid", 0))
        look_at = time.monotonic() + TICK_SECONDS
        with selectors.DefaultSelector() as selector:
            for stream in (self._stdout, self._stderr):
                selector.register(stream.file, selectors.EVENT_READ, stream)
            selector.register(self._has_ended, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select(TICK_SECONDS):
                    if key.data is None:
                        return ""
                    if not key.data.read():
                        selector.unregister(key.fileobj)
                beyond = self._beyond_output()
                if not beyond and time.monotonic() >= look_at:
                    beyond = self._beyond_use()
                    look_at = time.monotonic() + TICK_SECONDS
                if beyond:
                    return beyond

    def end(self) -> tuple[int, int]:
        """End what still runs; the processor's ms and the most KB held at once, as the kernel counted them."""
        if self._process.poll() is None:
            # The program first: what it used counts only once its first process has reaped it.
            for pid in descendants(self._first):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            wait_for(self._has_ended, REAPING_MS)
            self._process.kill()
            self._process.wait()
        used = reap(self._first) if self._first else (0, 0)
        for stream in (self._stdout, self._stderr):
            while stream.read():
                pass
            stream.file.close()
        os.close(self._has_ended)
        return used

    def result(self, beyond: str, cpu_ms: int, memory_kb: int) -> Ended:
        """How it went, once it has ended; JudgeFault where the program never began, or the box was taken away."""
        beyond = beyond or self._beyond_output() or self._beyond(cpu_ms / 1000, memory_kb / 1024)
        status = self._told().get("exit-code")
        self._status.close()
        if status is None and not beyond:
            said = self._stderr.content.decode(errors="replace").strip()[-300:]
            if not self._first:
                status = self._process.returncode
                said = said or f"it ended with status {status} and without a word"
                raise JudgeFault(f"Bubblewrap made no box: {said}.", BROKEN, True)
            raise JudgeFault(f"A box ended by itself: {said or 'it was killed'}", "Run flask judge check.", True)
        content = bytes(self._stdout.content), bytes(self._stderr.content)
        return Ended(beyond, status or 0, *content, cpu_ms, memory_kb)

    def _told(self) -> dict[str, int]:
        line = self._status.readline()
        return json.loads(line) if line else {}

    def _beyond_output(self) -> str:
        most = self._bounds.output_bytes
        return "output" if max(self._stdout.total, self._stderr.total) > most else ""

    def _beyond_use(self) -> str:
        beyond = self._beyond(*usage_now(self._first))
        if not beyond and time.monotonic() - self._started_at > self._bounds.wall_seconds:
            return "wall"
        return beyond

    def _beyond(self, cpu_seconds: float, memory_mb: float) -> str:
        if cpu_seconds > self._bounds.cpu_seconds:
            return "cpu"
        return "memory" if memory_mb > self._bounds.memory_mb else ""


def wait_for(descriptor: int, milliseconds: int) -> None:
    """Return once the descriptor has something to say, or time is up."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.poll(milliseconds)


def descendants(pid: int) -> Iterator[int]:
    """The processes below `pid`, nearest first; those that end meanwhile are left out."""
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield int(child)
            yield from descendants(int(child))


def usage_now(pid: int) -> tuple[float, float]:
    """Seconds of processor time and MB held by `pid` and all below it, those it has reaped included."""
    ticks = pages = 0
    for each in (pid, *descendants(pid)):
        with suppress(OSError):
            # Counted from behind the name, which may hold spaces: user, system, and the same of reaped children.
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
            pages += int(fields[21])
    return ticks / CLOCK_TICKS, pages * PAGE_BYTES / 2**20


def reap(pid: int) -> tuple[int, int]:
    """End the inherited process `pid`; ms of processor time and the largest KB, (0, 0) where it is not ours."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return 0, 0
    os.kill(pid, signal.SIGKILL)
    _, _, used = os.wait4(pid, 0)
    return round((used.ru_utime + used.ru_stime) * 1000), used.ru_maxrss
