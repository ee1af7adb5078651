"""Jobs that a test can hold, and what the processes that run them do."""

import logging
import os
import signal
import sys
from pathlib import Path

from app.core import audit
from app.core.jobs import Job, Run, job
from app.core.jobs import worker as job_worker
from app.extensions import db
from app.factory import create_app
from tests.waiting import wait_for

log = logging.getLogger(__name__)
DEADLINE_SECONDS = 6
loaded_before_forking: set[str] = set()


@job("hold", deadline_seconds=DEADLINE_SECONDS)
def hold(run: Run, folder: str) -> None:
    """Say that it has started, wait for leave to go on, store one row."""
    # As work does that hangs where no signal reaches it: only the watchdog ends such an attempt.
    signal.setitimer(signal.ITIMER_REAL, 0)
    job_row = db.session.get_one(Job, run.job_id)
    attempt = job_row.attempt
    db.session.rollback()
    run.progress("Holding")
    log.info("attempt %s holds", attempt)
    started(Path(folder), attempt).write_text(str(process_id()))
    wait_for(leave(Path(folder), attempt).exists, "leave to go on")
    try:
        with run.transaction():
            audit.record("held", f"attempt:{attempt}")
            run.done("Held.")
    finally:
        late = sorted(name for name in sys.modules.keys() - loaded_before_forking if name.startswith("app"))
        ended(Path(folder), attempt).write_text("\n".join(late))


def tick(run: Run) -> None:
    """Store one row for each slot."""
    with run.transaction():
        audit.record("ticked", f"job:{run.job_id}")
        run.done("Ticked.")


class StoppingHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Has the worker told to stop in the middle of a log call, where logging swallows what is raised."""

    def format(self, record: logging.LogRecord) -> str:
        if "prune_jobs" in record.getMessage():
            os.kill(os.getpid(), signal.SIGTERM)
        return super().format(record)


def process_id() -> int:
    """The number of this process."""
    return int(Path("/proc/self").resolve().name)


def started(folder: Path, attempt: int) -> Path:
    """Appears, with the process' number in it, when the attempt is at work."""
    return folder / f"started-{attempt}"


def leave(folder: Path, attempt: int) -> Path:
    """The attempt waits until this exists."""
    return folder / f"leave-{attempt}"


def ended(folder: Path, attempt: int) -> Path:
    """Appears when the attempt is over, whatever came of it; names our modules that its process had to load itself."""
    return folder / f"ended-{attempt}"


def main(what: str, how: tuple[str, ...], log: Path, environ: dict[str, str]) -> None:
    """Be a worker or a scheduler: in a session of its own, with its output in `log`, until it ends or is ended."""
    os.setsid()
    os.environ.update(environ)
    with log.open("ab") as output:
        for descriptor in (1, 2):
            os.dup2(output.fileno(), descriptor)
    os.register_at_fork(before=lambda: loaded_before_forking.update(sys.modules))
    job("tick", deadline_seconds=60, every_seconds=1 if "ticking" in how else None)(tick)
    if "stopping" in how:
        logging.getLogger("rq.worker").addHandler(StoppingHandler())
    if what == "worker":
        job_worker.main()
    else:
        create_app().cli.main(["jobs", "schedule"])
