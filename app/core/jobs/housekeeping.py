"""The job that keeps the job table small."""

from datetime import timedelta

from sqlalchemy import delete

from app.core import clock
from app.core.jobs.models import Job
from app.core.jobs.registry import job
from app.core.jobs.run import Run
from app.extensions import db

DONE_KEPT = timedelta(days=1)
FAILED_KEPT = timedelta(days=30)


@job("prune_jobs", deadline_seconds=60, every_seconds=3600)
def prune_jobs(run: Run) -> None:
    """Delete done jobs after a day and failed ones after thirty."""
    with run.transaction():
        now = clock.now()
        old = ((Job.state == "done") & (Job.finished_at < now - DONE_KEPT)) | (
            (Job.state == "failed") & (Job.finished_at < now - FAILED_KEPT)
        )
        pruned = db.session.execute(delete(Job).where(old)).rowcount  # type: ignore[attr-defined]
        run.done(f"{pruned} old jobs removed.")
