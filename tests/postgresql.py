"""A private PostgreSQL for tests and benches: Debian's programs, a temporary folder, a Unix socket, no port."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNPRIVILEGED = "nobody"
SECONDS = 120


@contextmanager
def running_postgresql(*, is_durable: bool = False) -> Iterator[str]:
    """Yields the address of an empty database; everything is gone afterwards. `is_durable`: commits reach the disk."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, UNPRIVILEGED)
        data = folder / "data"
        _run(programs / "initdb", "-D", data, "-U", "club", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync={'on' if is_durable else 'off'}"
        _run(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql+psycopg://club@/postgres?host={folder}"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise FileNotFoundError("PostgreSQL's server is missing: apt-get install postgresql")
    return found[-1]


def _run(program: Path, *arguments: object) -> None:
    command = [str(program), *map(str, arguments)]
    user = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    subprocess.run(command, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL, cwd="/", **identity)
