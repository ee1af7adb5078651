"""Background work that is never silent: the row in `jobs` is the truth, RQ only carries its number.

A feature declares a kind with `@job(...)` in its jobs.py and starts one with `enqueue(...)` inside the transaction
that causes it. The function gets a `Run`: it tells progress, and commits results only while its claim still stands.
"""

from flask import Flask

from app.core.jobs.models import Job
from app.core.jobs.registry import JobRefused, NotNow, job
from app.core.jobs.run import ClaimLost, Run
from app.core.jobs.service import enqueue

__all__ = ["ClaimLost", "Job", "JobRefused", "NotNow", "Run", "enqueue", "init_app", "job"]


def init_app(app: Flask) -> None:
    """Bring in the command line and the jobs that keep the job table itself tidy."""
    from app.core.jobs import cli, housekeeping  # noqa: F401  (importing registers the housekeeping jobs)

    app.cli.add_command(cli.jobs)
