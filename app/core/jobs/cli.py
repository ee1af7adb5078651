"""`flask jobs ...`"""

import logging
import signal
from threading import Event

from flask.cli import AppGroup

from app.core.jobs import scheduler

jobs = AppGroup("jobs", help="Background work.")


@jobs.command("schedule")
def schedule() -> None:
    """Run a scheduler until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    scheduler.run_until(stopped)
