"""Telling open pages about a job: its fragment goes out on the topic `job:<id>`."""

from app.core import live
from app.core.db import on_commit
from app.core.jobs import queries


def topic(job_id: int) -> str:
    """The live topic of one job."""
    return f"job:{job_id}"


def job_changed(job_id: int) -> None:
    """Push the job as it stands now."""
    card = queries.job_card(job_id)
    if card is not None:
        live.publish(topic(job_id), live.render("jobs/_job.html", job=card))


def job_changed_after_commit(job_id: int) -> None:
    """Push the job once the surrounding transaction stands."""
    on_commit(lambda: job_changed(job_id))
