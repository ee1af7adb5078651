"""The scheduler: starts periodic jobs, sends what got lost, and ends what hangs. Any number may run at once."""

import logging
import time
from datetime import timedelta
from threading import Event

from redis import RedisError
from rq import Queue
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.db import transaction, upsert
from app.core.health import seen_key
from app.core.jobs import service
from app.core.jobs.models import Job, PeriodicJob
from app.core.jobs.registry import kinds, queues
from app.extensions import db, redis_client

log = logging.getLogger(__name__)
TICK_SECONDS = 1.0
SENDING_TAKES_SECONDS = 2


def run_until(stopped: Event) -> None:
    """Tick once a second until `stopped` is set; a database or Redis that is away is logged and tried again."""
    is_reconciled, trouble = False, ""
    while not stopped.is_set():
        try:
            if not is_reconciled:
                reconcile()
                is_reconciled = True
            tick()
            trouble = ""
        except (SQLAlchemyError, RedisError) as error:
            cause = str(getattr(error, "orig", error))  # without the statement, whose moments differ each time
            if cause != trouble:
                log.error("the scheduler could not tick and tries again every second: %s", cause)
            trouble = cause
        finally:
            db.session.remove()
        stopped.wait(TICK_SECONDS)


def reconcile() -> None:
    """Make the table of slots equal what the features declare."""
    declared = {kind.name: kind.every_seconds for kind in kinds.values() if kind.every_seconds}
    with transaction():
        db.session.execute(delete(PeriodicJob).where(PeriodicJob.kind.not_in(declared)))
        for name, seconds in sorted(declared.items()):
            slot = {"every_seconds": seconds, "next_due_at": clock.now()}
            changed = slot if kinds[name].is_due_at_start else {"every_seconds": seconds}
            insert = upsert(PeriodicJob).values(kind=name, **slot)
            db.session.execute(insert.on_conflict_do_update(index_elements=["kind"], set_=changed))


def tick() -> None:
    """One round: a sign of life, overdue attempts, due slots, unsent jobs. Whatever fails comes round again."""
    service.put_back_overdue()
    start_due()
    send_waiting()
    _be_seen()


def start_due() -> None:
    """Enqueue every periodic kind whose moment has come; the UPDATE lets one scheduler win each slot."""
    now = clock.now()
    due = db.session.scalars(select(PeriodicJob.kind).where(PeriodicJob.next_due_at <= now)).all()
    # While versions change, a scheduler of the other one may have put in kinds that this one does not know.
    for name in kinds.keys() & due:
        with transaction():
            next_due_at = now + timedelta(seconds=kinds[name].every_seconds or 0)
            won = db.session.execute(
                update(PeriodicJob)
                .where(PeriodicJob.kind == name, PeriodicJob.next_due_at <= now)
                .values(next_due_at=next_due_at)
            )
            if won.rowcount == 1:  # type: ignore[attr-defined]
                service.enqueue(name, subject="")


def send_waiting() -> None:
    """Send again what is queued and due but of which Redis knows nothing: it was flushed, or away at the time."""
    sent_before = clock.now() - timedelta(seconds=SENDING_TAKES_SECONDS)
    waiting = db.session.scalars(select(Job).where(Job.state == "queued", Job.due_at <= sent_before)).all()
    if not waiting:
        return
    known = {message for name in queues() for message in Queue(name, connection=redis_client()).job_ids}
    for job in waiting:
        if service.message_id(job) not in known:
            service.send(job.id)


def _be_seen() -> None:
    redis_client().set(seen_key("scheduler"), str(time.time()))
