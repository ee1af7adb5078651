"""A whole club, started as a person starts it, with an instance folder and a port of its own."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from ops.processes import session_members
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Club:
    """`ops.run` as a process, and what can be seen of it from outside."""

    def __init__(self, instance: Path, output: Path, port: int | None = None, **environ: str) -> None:
        self.instance, self._output = instance, output
        self.port = port or free_port()
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        one = {"JUDGE_WORKERS": "1"}  # every program of a club takes a second to start
        self._environ = {**one, **kept, "INSTANCE_PATH": str(instance), "PORT": str(self.port), **environ}
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ops.run"],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def wait_until_it_runs(self) -> "Club":
        """Return once the address stands on the screen."""
        wait_for(lambda: "MLBattle runs at" in self.screen() or self.process.poll() is not None, "a start", 180)
        assert self.process.poll() is None, self.screen()
        return self

    def screen(self) -> str:
        """Everything printed so far."""
        return self._output.read_text()

    def supervisor(self) -> int:
        """The supervisor's process id, which is also its session's."""
        return int((self.instance / "supervisord.pid").read_text())

    def pid(self, program: str) -> int:
        """The process id under which a program was last started."""
        log = (self.instance / "logs" / "supervisord.log").read_text()
        return int(re.findall(rf"spawned: '{program}' with pid (\d+)", log)[-1])

    def health(self) -> tuple[int, dict[str, Any]]:
        """Status and answer of /healthz; 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does, unless it has ended; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def what_is_left(self, session: int) -> list[int]:
        """Living processes of the session in which everything ran."""
        return session_members(session)
