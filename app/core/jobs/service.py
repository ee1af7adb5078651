"""Starting, claiming and ending jobs; every change of state is one UPDATE that only one process can win."""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from redis import RedisError
from rq import Queue
from sqlalchemy import select, update

from app.core import audit, clock
from app.core.db import on_commit, transaction, upsert
from app.core.jobs import announce
from app.core.jobs.models import ACTIVE, Job
from app.core.jobs.registry import Kind, kind_of, kinds
from app.core.jobs.run import Run
from app.extensions import db, redis_client

log = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = (5, 30, 120)


def enqueue(kind: str, subject: str, *, due_at: datetime | None = None, **args: Any) -> int:
    """Add a job to the current transaction and send it once that stands, or, with `due_at`, then; return its number.

    Where a job of this kind and subject is already queued or running, its number is returned and nothing added.
    """
    name = kinds[kind].name
    active = select(Job.id).where(Job.kind == name, Job.subject == subject, ACTIVE)
    while True:
        # The active one may end between the two statements; then the insert succeeds the next time round.
        job_id = _insert(name, subject, args, due_at) or db.session.scalar(active)
        if job_id is not None:
            return job_id


def _insert(kind: str, subject: str, args: dict[str, Any], due_at: datetime | None = None) -> int | None:
    now = clock.now()
    row = {"kind": kind, "subject": subject, "args": args, "created_at": now, "due_at": due_at or now}
    insert = (
        upsert(Job)
        .values(state="queued", reason="", attempt=0, **row)
        .on_conflict_do_nothing(index_elements=["kind", "subject"], index_where=ACTIVE)
        .returning(Job.id)
    )
    job_id: int | None = db.session.scalar(insert)
    if job_id is not None:
        on_commit(lambda: send(job_id))
        announce.job_changed_after_commit(job_id)
    return job_id


def send(job_id: int) -> None:
    """Hand the job's number to RQ. With Redis away this only logs: the scheduler sends what is still queued."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None or job.state != "queued" or job.due_at > clock.now():
        return
    kind = kind_of(job.kind)
    try:
        Queue(kind.queue, connection=redis_client()).enqueue_call(
            "app.core.jobs.runner.run_job",
            args=(job_id,),
            job_id=message_id(job),
            timeout=kind.longest_seconds or kind.deadline_seconds,
            result_ttl=0,
            failure_ttl=0,
            description=f"{job.kind} {job.subject}",
        )
    except RedisError as error:
        log.warning("job %s (%s) waits: Redis cannot be reached (%s)", job_id, job.kind, error)


def message_id(job: Job) -> str:
    """RQ's name for the message that carries this job's next attempt."""
    return f"job-{job.id}-{job.attempt + 1}"


def claim(job_id: int) -> Run | None:
    """Take a queued job for this process; None where it is not, or no longer, to be had."""
    now, token = clock.now(), secrets.token_hex(16)
    with transaction():
        job = db.session.get(Job, job_id, populate_existing=True)
        if job is None:
            return None
        taken = db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "queued", Job.due_at <= now)
            .values(
                state="running",
                token=token,
                attempt=Job.attempt + 1,
                started_at=now,
                deadline_at=now + timedelta(seconds=kind_of(job.kind).deadline_seconds),
            )
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
        announce.job_changed_after_commit(job_id)
    return Run(job_id, token, kind_of(job.kind).deadline_seconds)


def end_badly(run: Run, reason: str, *, again: bool) -> None:
    """Fail the run's job with `reason`, or put it back for a later attempt if `again` and attempts remain."""
    with run.transaction():
        job = db.session.get_one(Job, run.job_id, populate_existing=True)
        _end_attempt(job, kind_of(job.kind), reason, again=again)


def end_abandoned(job_id: int, attempt: int) -> None:
    """End an attempt whose process is known to be dead, without waiting for its deadline."""
    with transaction():
        lost = select(Job).where(Job.id == job_id, Job.state == "running", Job.attempt == attempt).with_for_update()
        job = db.session.scalar(lost.execution_options(populate_existing=True))
        if job is not None:
            reason = f"The process of attempt {attempt} was killed."
            _end_attempt(job, kind_of(job.kind), reason, again=True, wait_seconds=0)


def has_lost_its_claim(job_id: int, attempt: int) -> bool:
    """Whether this attempt was declared dead: the job waits for another one, has one, or has failed."""
    job = db.session.get(Job, job_id, populate_existing=True)
    return job is not None and (job.attempt > attempt or (job.attempt == attempt and job.state in ("queued", "failed")))


def put_back_overdue() -> int:
    """End every attempt that is past its deadline: its process hangs or is dead. Returns how many."""
    with transaction():
        overdue = select(Job).where(Job.state == "running", Job.deadline_at < clock.now()).with_for_update()
        jobs = db.session.scalars(overdue.execution_options(populate_existing=True)).all()
        for job in jobs:
            kind = kind_of(job.kind)
            reason = f"Attempt {job.attempt} did not end within {kind.deadline_seconds} seconds."
            _end_attempt(job, kind, reason, again=True, wait_seconds=0)
        return len(jobs)


def run_again(job_id: int) -> int | None:
    """Start a failed job anew, as a job of its own; None where it has not failed or the same work is under way."""
    with transaction():
        job = db.session.get(Job, job_id, populate_existing=True)
        if job is None or job.state != "failed":
            return None
        new_id = _insert(job.kind, job.subject, job.args)
        if new_id is not None:
            before = {"state": job.state, "reason": job.reason}
            audit.record("run job again", f"job:{job_id}", before=before, after={"job": new_id})
        return new_id


def _end_attempt(job: Job, kind: Kind, reason: str, *, again: bool, wait_seconds: int | None = None) -> None:
    now = clock.now()
    job.token, job.deadline_at, job.reason = None, None, reason
    if again and job.attempt < kind.max_attempts:
        step = min(job.attempt, len(RETRY_AFTER_SECONDS)) - 1
        job.state = "queued"
        job.due_at = now + timedelta(seconds=RETRY_AFTER_SECONDS[step] if wait_seconds is None else wait_seconds)
        job_id = job.id
        on_commit(lambda: send(job_id))
    else:
        job.state, job.finished_at = "failed", now
        if kind.after_failure is not None:
            kind.after_failure(reason, **job.args)
    log.warning("job %s (%s %s) attempt %s: %s", job.id, job.kind, job.subject, job.attempt, reason)
    announce.job_changed_after_commit(job.id)
