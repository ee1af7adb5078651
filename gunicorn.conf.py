"""How the web process serves. Read by gunicorn before the application; it must not import it."""

import os
import resource
import sys
from typing import Any

OPEN_FILES = 65536

_database = os.environ.get("DATABASE_URL", "")
_sockets = int(os.environ.get("LIVE_MAX_SOCKETS") or 300)
_is_postgresql = _database.startswith("postgres")

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_WORKERS") or 1)
# SQLite waits for its lock inside C, which under gevent would stop every other request with it.
worker_class = "gevent" if _is_postgresql else "gthread"
# Every open socket holds a thread; the rest are for plain requests.
threads = 1 if _is_postgresql else int(os.environ.get("WEB_THREADS") or _sockets + 100)
worker_connections = max(4000, 2 * _sockets)
graceful_timeout = 3
# The default one in the home folder would be shared by every gunicorn of this user.
control_socket_disable = True
# A worker's sign of life is a file: on a slow disk it would stall.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

if worker_class == "gthread" and threads <= _sockets:
    sys.exit(
        f"WEB_THREADS ({threads}) must be larger than LIVE_MAX_SOCKETS ({_sockets}): "
        "open pages would leave no thread for requests."
    )

_, _most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
_wanted = OPEN_FILES if _most_files == resource.RLIM_INFINITY else min(OPEN_FILES, _most_files)
resource.setrlimit(resource.RLIMIT_NOFILE, (_wanted, _most_files))


def post_fork(_server: Any, _worker: Any) -> None:
    """Let a killed master take its workers along: with pages open they would go on beside the new ones."""
    from ops.processes import end_with_parent

    end_with_parent()


def post_worker_init(worker: Any) -> None:
    """Let open sockets be told to come back when this process is stopped."""
    from app.core.live import install_shutdown

    install_shutdown(worker)
