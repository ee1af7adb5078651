"""Reads of jobs, shaped for pages."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import RedisError
from sqlalchemy import and_, func, select

from app.core.jobs.models import Job
from app.core.paging import Paging, paging
from app.extensions import db, redis_client


@dataclass(frozen=True)
class JobCard:
    """One job as a page shows it; `progress`, `done` and `total` are there only while it runs."""

    id: int
    kind: str
    subject: str
    state: str
    reason: str
    attempt: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    ahead: int
    progress: str
    done: int | None
    total: int | None
    is_unsolved: bool

    @property
    def is_active(self) -> bool:
        return self.state in ("queued", "running")


STATES = ("queued", "running", "done", "failed")
# Failed, and the same work has not been begun again since.
IS_UNSOLVED = and_(Job.state == "failed", Job.id.in_(select(func.max(Job.id)).group_by(Job.kind, Job.subject)))


def job_card(job_id: int) -> JobCard | None:
    """The job, or None where it has been pruned."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None:
        return None
    told = _progress(job_id) if job.state == "running" else {}
    return _card(job, ahead=_ahead(job) if job.state == "queued" else 0, told=told)


def count_unsolved() -> int:
    """How many jobs have failed whose work has not been begun again since."""
    return db.session.scalar(select(func.count()).select_from(Job).where(IS_UNSOLVED)) or 0


def list_jobs(state: str) -> tuple[list[JobCard], Paging]:
    """The page of jobs that the address asks for, newest first; `state` "" for all, "failed" for the unsolved."""
    wanted = {"": [], "failed": [IS_UNSOLVED]}.get(state, [Job.state == state])
    pages = paging(db.session.scalar(select(func.count()).select_from(Job).where(*wanted)) or 0)
    query = select(Job, IS_UNSOLVED).where(*wanted).order_by(Job.id.desc()).limit(pages.per_page).offset(pages.offset)
    return [_card(job, ahead=0, told={}, is_unsolved=unsolved) for job, unsolved in db.session.execute(query)], pages


def _card(job: Job, *, ahead: int, told: dict[str, Any], is_unsolved: bool = False) -> JobCard:
    return JobCard(
        id=job.id,
        kind=job.kind,
        subject=job.subject,
        state=job.state,
        reason=job.reason,
        attempt=job.attempt,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        ahead=ahead,
        progress=str(told.get("sentence") or ""),
        done=told.get("done"),
        total=told.get("total"),
        is_unsolved=is_unsolved,
    )


def latest_job(kind: str, subject: str) -> JobCard | None:
    """The newest job of that kind on that subject."""
    job_id = db.session.scalar(
        select(Job.id).where(Job.kind == kind, Job.subject == subject).order_by(Job.id.desc()).limit(1)
    )
    return job_card(job_id) if job_id is not None else None


def told_progress(job_id: int) -> str:
    """The sentence that a running job told of itself last; empty before the first."""
    return str(_progress(job_id).get("sentence") or "")


def progress_key(job_id: int) -> str:
    """The Redis key under which a running job's progress stands."""
    return f"mlbattle:job:{job_id}:progress"


def _ahead(job: Job) -> int:
    earlier = select(func.count()).where(Job.state == "queued", Job.id < job.id)
    return db.session.scalar(earlier) or 0


def _progress(job_id: int) -> dict[str, Any]:
    try:
        value = redis_client().get(progress_key(job_id))
    except RedisError:
        return {"sentence": "Progress is not known while Redis is away."}
    return json.loads(value) if value else {}
