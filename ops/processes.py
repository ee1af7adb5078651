"""Small dealings with the operating system: ports, sessions, logs."""

import ctypes
import http.client
import os
import signal
import socket
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
SESSION_ENDS_SECONDS = 5


def port_fault(host: str, port: int) -> str | None:
    """Why no server could listen there; None where one could."""
    with socket.socket() as probe:
        # As gunicorn does it: connections of the last run that are still closing do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return f"Only root may listen on port {port}"
        except OSError:
            return f"Port {port} is in use by another program"
    return None


def http_status(host: str, port: int, path: str) -> int | None:
    """The status of a GET, or None where nobody answers in two seconds."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def end_with_parent() -> None:
    """For `preexec_fn`: ask the kernel to stop this process once its parent is gone, even by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def kill_session(session: int) -> None:
    """Kill every process of a session: also those that left their process group, as RQ's job processes do."""
    deadline = time.monotonic() + SESSION_ENDS_SECONDS
    while time.monotonic() < deadline:
        members = session_members(session)
        if not members:
            return
        for pid in members:
            kill(pid)
        time.sleep(0.05)


def kill(pid: int) -> None:
    """SIGKILL; a process that has just ended by itself is fine."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def session_members(session: int) -> list[int]:
    """Process ids of the living members of a session."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if session_of(entry) == session]


def session_of(entry: Path) -> int | None:
    """The session of the process with this folder in /proc; None for one that has ended."""
    try:
        stat = (entry / "stat").read_text()
    except OSError:
        return None
    # The name, in parentheses, may itself hold spaces and parentheses.
    state, _parent, _group, session = stat.rpartition(")")[2].split()[:4]
    return None if state == "Z" else int(session)


def tail(log: Path, lines: int = 20) -> str:
    """The end of a log, indented."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:]) or "    (its log is empty)"
