"""A replay that never commits: `python -m tests.ratings.stage FILE` writes FILE, then waits to be killed."""

import signal
import sys
from pathlib import Path
from typing import Any

from app.factory import create_app
from app.ratings import service
from app.ratings.signals import ratings_moved


def hold(_sender: Any, **_told: Any) -> None:
    """Everything is written, nothing stands yet."""
    Path(sys.argv[1]).touch()
    signal.pause()


if __name__ == "__main__":
    ratings_moved.connect(hold)
    with create_app({"RATELIMIT_STORAGE_URI": "memory://"}).app_context():
        service.replay_all()
