"""What an RQ worker executes: claim the row, do the work, end the row. RQ itself decides nothing."""

import logging

from rq.timeouts import JobTimeoutException

from app.core import audit
from app.core.jobs import service
from app.core.jobs.models import Job
from app.core.jobs.registry import JobRefused, NotNow, kind_of
from app.core.jobs.run import ClaimLost, Run
from app.extensions import db

log = logging.getLogger(__name__)


def run_job(job_id: int) -> None:
    """Run one attempt at the job, if it can still be claimed; every outcome ends in the row."""
    run = service.claim(job_id)
    if run is None:
        log.info("job %s is not to be had: done, running elsewhere, or not due", job_id)
        return
    job = db.session.get_one(Job, job_id, populate_existing=True)
    kind, args = kind_of(job.kind), job.args
    db.session.rollback()
    try:
        with audit.by_the_club():
            kind.function(run, **args)
        if not run.is_done:
            with run.transaction():
                run.done("")
    except ClaimLost as lost:
        log.warning("%s; its results are dropped", lost)
    except JobRefused as refusal:
        _end(run, str(refusal), again=False)
    except NotNow as obstacle:
        _end(run, str(obstacle), again=True)
    except JobTimeoutException:
        _end(run, f"It was not done within {kind.longest_seconds or kind.deadline_seconds} seconds.", again=True)
    except Exception as error:
        log.exception("job %s (%s) failed", job_id, kind.name)
        _end(run, f"Something unexpected went wrong ({type(error).__name__}); the log says more.", again=True)


def _end(run: Run, reason: str, *, again: bool) -> None:
    try:
        service.end_badly(run, reason, again=again)
    except ClaimLost as lost:
        log.warning("%s; its failure (%s) changes nothing", lost, reason)
