"""Starting a process in a box of its own.

The box is bubblewrap's: namespaces of its own, a file system of read-only parts, no network, no environment. What
namespaces do not stop, the seccomp filter does; what the kernel can limit, prlimit sets; the rest is for box.py.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from app.submissions.judges.base import JudgeFault

# Root's boxes run as this user, because the kernel exempts uid 0 from the limit on processes. It is nobody's: it lies
# between the numbers that distributions and systemd give away.
BOX_USER = 60777
BOX_PATH = "/usr/bin:/bin:/usr/local/bin"
PRLIMIT = "/usr/bin/prlimit"
MEGABYTE = 1024 * 1024
TMP, SHARED = "/tmp", "/dev/shm"  # noqa: S108 (those of the box)
SYSTEM = (
    *("--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session"),
    *("--clearenv", "--setenv", "PATH", BOX_PATH, "--setenv", "HOME", TMP, "--setenv", "LANG", "C.UTF-8"),
    *("--hostname", "box", "--ro-bind", "/usr", "/usr"),
    *("--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin"),
    *("--ro-bind-try", "/etc/alternatives", "/etc/alternatives"),
    *("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"),
    *("--proc", "/proc", "--dev", "/dev"),
    # The box's first process is bubblewrap itself, as the same user but without limits: nobody writes to its memory.
    *("--ro-bind", "/dev/null", "/proc/1/mem", "--ro-bind", "/dev/null", "/proc/1/task/1/mem"),
)


@dataclass(frozen=True)
class Bounds:
    """What one process may use; `memory_mb` is what it may hold resident, `prlimit` that program's options."""

    cpu_seconds: float
    wall_seconds: float
    memory_mb: float
    output_bytes: int
    tmp_mb: int
    prlimit: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """What to run where: `mounts` are bubblewrap's options for this box's own files, `/box` among them."""

    command: Sequence[str]
    mounts: Sequence[str]
    seccomp: bytes
    bounds: Bounds


def start_box(order: Order, stdin: bytes) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """The running bubblewrap, and the file on which it tells its first process and, at the end, the exit status."""
    status, tell = os.pipe()
    with ExitStack() as given:
        given.callback(os.close, tell)
        # A sealed file in memory never blocks, and cannot be opened anew for writing from inside.
        entry, law = memory_file(given, stdin), memory_file(given, order.seccomp)
        # Arguments on a file, because /proc/1/cmdline inside would show the paths outside; env={} for /proc/1/environ.
        options = memory_file(given, b"".join(os.fsencode(option) + b"\0" for option in _options(order, law, tell)))
        command = [_tool("bwrap"), "--args", str(options), "--", *_limited(order.bounds), *order.command]
        process = subprocess.Popen(
            [*_as_box_user(), *command],
            stdin=entry,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pipesize=MEGABYTE,  # Node loses what a pipe does not hold when a program ends itself
            env={},
            cwd="/",
            pass_fds=(law, options, tell),
            start_new_session=True,
        )
    return process, open(status, "rb")


def memory_file(given: ExitStack, content: bytes) -> int:
    """A descriptor of a sealed file that holds `content`, closed with `given`."""
    descriptor = os.memfd_create("box", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    given.callback(os.close, descriptor)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    fcntl.fcntl(
        descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
    )
    return descriptor


def _options(order: Order, law: int, tell: int) -> list[str]:
    return [
        *SYSTEM,
        *("--size", str(order.bounds.tmp_mb * MEGABYTE), "--tmpfs", TMP),
        *("--size", str(MEGABYTE), "--tmpfs", SHARED),
        *order.mounts,
        *("--chdir", "/box", "--remount-ro", "/dev", "--remount-ro", "/"),
        *("--seccomp", str(law), "--json-status-fd", str(tell)),
    ]


def _limited(bounds: Bounds) -> list[str]:
    seconds = int(bounds.cpu_seconds) + 1
    always = [f"--cpu={seconds}:{seconds + 1}", "--nofile=128", "--core=0", "--memlock=65536", "--msgqueue=0"]
    return [PRLIMIT, *always, *bounds.prlimit, "--"]


def _as_box_user() -> list[str]:
    if os.geteuid() != 0:
        return []
    user = str(BOX_USER)
    return [_tool("setpriv"), "--reuid", user, "--regid", user, "--clear-groups", "--"]


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise JudgeFault(f"{name} is not installed.", f"apt-get install {PACKAGES[name]}", is_temporary=False)
    return path


PACKAGES = {"bwrap": "bubblewrap", "setpriv": "util-linux"}
