"""Whatever is killed, every job reaches a final state, once: real workers, schedulers and Redis."""

import os
import re
import signal
from datetime import datetime, timedelta
from pathlib import Path

import flask_migrate
from sqlalchemy import select, text

from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import Job
from app.extensions import db, redis_client
from tests.core.jobs.stage import ended
from tests.waiting import wait_for


def test_the_orphan_of_a_killed_worker_ends_the_job_once(shop):
    worker = shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    worker.kill()
    worker.join()
    shop.let_go(1)
    assert shop.await_done().attempt == 1
    assert shop.results() == 1


def test_an_orphan_that_comes_too_late_stores_nothing(shop):
    worker = shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    worker.kill()
    worker.join()
    shop.start("worker")
    shop.pid_of(2)
    shop.let_go(1)
    wait_for(ended(shop.folder, 1).exists, "the orphan to end")
    assert shop.results() == 0
    shop.let_go(2)
    assert (shop.await_done().state, shop.job().attempt, shop.results()) == ("done", 2, 1)


def test_a_killed_attempt_is_put_back_at_once(shop):
    worker = shop.start("worker")
    shop.enqueue()
    os.kill(shop.pid_of(1), signal.SIGKILL)
    shop.pid_of(2)
    assert [name for name in open_files(worker.pid) if "mlbattle.db" in name] == []
    assert "killed" in shop.job().reason
    shop.let_go(2)
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_an_attempt_that_hangs_past_its_deadline_is_ended_and_its_worker_free_again(shop):
    shop.start("worker")
    shop.enqueue()
    hanging = shop.pid_of(1)
    shop.let_go(2)
    assert (shop.await_done().attempt, shop.results()) == (2, 1)
    assert not Path(f"/proc/{hanging}").exists()


def test_redis_may_go_and_come_back_in_mid_job(shop):
    shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    shop.redis.kill()
    shop.let_go(1)
    wait_for(ended(shop.folder, 1).exists, "the attempt to end without Redis")
    shop.redis.start()
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_what_is_queued_while_redis_is_away_is_sent_when_it_is_back(shop):
    shop.start("worker")
    wait_for(lambda: redis_client().get("mlbattle:seen:worker:default"), "the worker")
    shop.redis.kill()
    for attempt in (1, 2, 3):
        shop.let_go(attempt)
    shop.enqueue()
    assert shop.job().state == "queued"
    shop.redis.start()
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_what_redis_forgets_is_sent_again(shop):
    shop.let_go(1)
    shop.enqueue()
    redis_client().flushall()
    shop.start("worker")
    assert (shop.await_done().state, shop.results()) == ("done", 1)


def test_a_worker_ends_when_told_to(shop):
    worker = shop.start("worker")
    wait_for(lambda: "prune_jobs" in shop.log("worker"), "the worker's first job")
    worker.terminate()
    worker.join(60)
    assert worker.exitcode == 0


def test_a_worker_ends_when_told_to_in_the_middle_of_a_log_call(shop):
    worker = shop.start("worker", "stopping")
    worker.join(60)
    assert worker.exitcode == 0
    assert "Logging error" in shop.log("worker")


def test_a_job_finds_everything_loaded_and_its_words_in_the_workers_log(shop):
    shop.start("worker")
    shop.let_go(1)
    shop.enqueue()
    shop.await_done()
    wait_for(ended(shop.folder, 1).exists, "the attempt to end")
    assert ended(shop.folder, 1).read_text() == ""
    assert shop.log("worker").count("attempt 1 holds") == 1


def test_a_worker_is_seen_while_it_works_and_after_a_flush_and_outlives_redis(shop):
    worker = shop.start("worker")
    shop.enqueue()
    shop.pid_of(1)
    redis_client().flushall()
    wait_for(lambda: redis_client().get("mlbattle:seen:worker:default"), "the worker's sign of life")
    wait_for(lambda: redis_client().get("mlbattle:seen:scheduler"), "the scheduler's sign of life")
    shop.redis.kill()
    wait_for(lambda: re.search("Redis went away|could not connect to Redis", shop.log("worker")), "it to miss Redis")
    for attempt in (1, 2, 3):
        shop.let_go(attempt)
    shop.redis.start()
    assert (shop.await_done().state, shop.results(), worker.is_alive()) == ("done", 1, True)


def test_a_scheduler_waits_for_the_migrations(bare_shop):
    scheduler = bare_shop.start("schedule")
    log = bare_shop.folder / "schedule.log"
    wait_for(lambda: log.exists() and "could not tick" in log.read_text(), "the scheduler to miss its tables")
    flask_migrate.upgrade()
    wait_for(lambda: redis_client().get("mlbattle:seen:scheduler"), "the scheduler's sign of life")
    assert scheduler.is_alive()


def test_two_schedulers_win_each_slot_once(still_shop):
    with transaction():
        db.session.execute(text("CREATE TABLE slots (old TEXT, new TEXT)"))
        db.session.execute(
            text(
                "CREATE TRIGGER won AFTER UPDATE OF next_due_at ON periodic_jobs WHEN new.kind = 'tick' "
                "BEGIN INSERT INTO slots VALUES (old.next_due_at, new.next_due_at); END"
            )
        )
    schedulers = [still_shop.start("schedule", "ticking") for _ in range(2)]
    still_shop.start("worker")
    wait_for(lambda: len(slots()) >= 5, "five slots")
    for scheduler in schedulers:
        scheduler.terminate()
        scheduler.join(30)
        assert scheduler.exitcode == 0
    wait_for(lambda: set(states("tick")) == {"done"}, "every job to end")
    assert all(new - old >= timedelta(seconds=1) for old, new in slots())
    db.session.rollback()
    ticked = db.session.scalars(select(AuditRecord.subject).where(AuditRecord.act == "ticked")).all()
    assert len(ticked) == len(set(ticked)) == len(states("tick")) <= len(slots())


def slots() -> list[tuple[datetime, datetime]]:
    db.session.rollback()
    rows = db.session.execute(text("SELECT old, new FROM slots ORDER BY rowid"))
    return [(datetime.fromisoformat(old), datetime.fromisoformat(new)) for old, new in rows]


def states(kind: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Job.state).where(Job.kind == kind)))


def open_files(pid: int) -> list[str]:
    return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
