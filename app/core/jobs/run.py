"""One attempt at a job, as the function that does the work sees it."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from redis import RedisError
from sqlalchemy import update

from app.core import clock
from app.core import db as core_db
from app.core.db import on_commit
from app.core.jobs import announce, queries
from app.core.jobs.models import Job
from app.extensions import db, redis_client

log = logging.getLogger(__name__)
PROGRESS_KEPT_SECONDS = 3600


class ClaimLost(Exception):
    """This attempt was taken to be dead and the job given to another: nothing of it may be stored any more."""


class Run:
    """An attempt that holds the claim on job `job_id` by its `token`, for `seconds` from now."""

    def __init__(self, job_id: int, token: str, seconds: int) -> None:
        self.job_id = job_id
        self.token = token
        self.is_done = False
        self._seconds = seconds
        self._held_until = clock.now() + timedelta(seconds=seconds)

    def still_at_work(self, seconds: float) -> None:
        """Hold the claim for at least `seconds` from now, which the next step may take; ClaimLost if it is gone.

        So the deadline of long work is that of its longest step, and a process that dies is soon missed.
        """
        now = clock.now()
        if self._held_until < now + timedelta(seconds=seconds):
            self._held_until = now + timedelta(seconds=max(seconds, self._seconds))
            with core_db.transaction():
                self._set(deadline_at=self._held_until)

    def progress(self, sentence: str, done: int | None = None, total: int | None = None) -> None:
        """Tell watching pages how far it is; kept in Redis only, and not worth failing for."""
        value = json.dumps({"sentence": sentence, "done": done, "total": total})
        try:
            redis_client().set(queries.progress_key(self.job_id), value, ex=PROGRESS_KEPT_SECONDS)
        except RedisError as error:
            log.warning("job %s: progress not told (%s); the work goes on", self.job_id, error)
        announce.job_changed(self.job_id)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A write transaction that commits only while the claim stands; ClaimLost, before any work, if it is gone."""
        with core_db.transaction():
            self._set(state="running")
            yield

    def done(self, sentence: str) -> None:
        """Finish, within the transaction that holds the results, with what was done in a sentence."""
        self._set(state="done", reason=sentence, finished_at=clock.now(), token=None)
        on_commit(self._settle)
        announce.job_changed_after_commit(self.job_id)

    def fail(self, sentence: str) -> None:
        """End badly and for good, within the transaction that holds what follows from it."""
        self._set(state="failed", reason=sentence, finished_at=clock.now(), token=None)
        on_commit(self._settle)
        announce.job_changed_after_commit(self.job_id)

    def _settle(self) -> None:
        self.is_done = True

    def _set(self, **values: object) -> None:
        # The row lock this takes holds off the watchdog until the transaction ends.
        held = (Job.id == self.job_id, Job.token == self.token, Job.state == "running")
        result = db.session.execute(update(Job).where(*held).values(**values))
        if result.rowcount != 1:  # type: ignore[attr-defined]
            raise ClaimLost(f"job {self.job_id} is no longer this attempt's")
