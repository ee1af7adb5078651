"""The rules of jobs, without processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from redis import Redis
from rq.timeouts import JobTimeoutException
from sqlalchemy import select, text

from app.core import audit, clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import ClaimLost, Job, JobRefused, NotNow, enqueue, job, registry, scheduler, service
from app.core.jobs.models import PeriodicJob
from app.core.jobs.queries import count_unsolved, job_card
from app.core.jobs.runner import run_job
from app.extensions import db, redis_client


@pytest.fixture
def kind(monkeypatch):
    """kind(function): declare a kind called "trial" for this test."""

    def declare(function, **details):
        monkeypatch.setitem(registry.kinds, "trial", None)
        job("trial", **{"deadline_seconds": 60, **details})(function)

    return declare


def start(**args):
    with transaction():
        return enqueue("trial", subject="it", **args)


def stored(job_id):
    db.session.rollback()
    return db.session.get(Job, job_id, populate_existing=True)


def later(seconds):
    return clock.standing_at(clock.now() + timedelta(seconds=seconds))


def fail(_run):
    raise ValueError("no")


@pytest.fixture
def no_redis(app, monkeypatch):
    """Every call of Redis fails from now on."""
    monkeypatch.setitem(app.extensions, "redis", Redis.from_url("unix:///nowhere/redis.sock"))


class Rounds:
    """Stands in for the event that stops a scheduler: set after so many rounds."""

    def __init__(self, number):
        self.left = number

    def is_set(self):
        return self.left == 0

    def wait(self, _seconds):
        self.left -= 1


def test_a_job_without_an_outcome_of_its_own_is_done(app, kind):
    kind(lambda run: None)
    job_id = start()
    run_job(job_id)
    assert (stored(job_id).state, stored(job_id).token) == ("done", None)


def test_asked_for_twice_it_is_one_job(app, kind):
    kind(lambda run: None)
    first = start()
    assert start() == first
    run_job(first)
    assert start() != first


def test_a_job_is_gone_with_the_transaction_that_wanted_it(app, kind):
    kind(lambda run: None)
    with pytest.raises(ValueError, match="no"), transaction():
        enqueue("trial", subject="it")
        raise ValueError("no")
    assert db.session.scalars(select(Job)).all() == []


def test_a_failure_is_tried_again_later_then_told(app, kind):
    kind(fail, max_attempts=2)
    job_id = start()
    run_job(job_id)
    assert (stored(job_id).state, stored(job_id).due_at > clock.now()) == ("queued", True)
    run_job(job_id)
    assert stored(job_id).attempt == 1
    with later(3600):
        run_job(job_id)
    assert (stored(job_id).state, "ValueError" in stored(job_id).reason) == ("failed", True)


def test_a_refusal_is_final_and_in_its_own_words(app, kind):
    def refuse(_run):
        raise JobRefused("The file is gone.")

    kind(refuse)
    job_id = start()
    run_job(job_id)
    assert (stored(job_id).state, stored(job_id).reason) == ("failed", "The file is gone.")


def test_past_its_deadline_an_attempt_is_put_back_and_the_last_one_fails(app, kind):
    kind(lambda run: None, max_attempts=2)
    job_id = start()
    for state in ("queued", "failed"):
        assert service.claim(job_id) is not None
        with later(61):
            service.put_back_overdue()
        db.session.rollback()
        assert stored(job_id).state == state
        with transaction():
            stored_job = db.session.get(Job, job_id)
            stored_job.due_at = clock.now()
    assert "60 seconds" in stored(job_id).reason


def test_who_says_that_it_goes_on_keeps_its_claim_and_who_lost_it_hears(app, kind):
    kind(lambda run: None, longest_seconds=3600)
    run = service.claim(start())
    for seconds, put_back in ((50, 0), (100, 0), (150, 0), (300, 1)):
        with later(seconds):
            assert service.put_back_overdue() == put_back
            if not put_back:
                run.still_at_work(55)
    with later(300), pytest.raises(ClaimLost):
        run.still_at_work(55)


def test_a_claim_is_written_only_when_it_would_be_too_short(app, kind):
    kind(lambda run: None)
    job_id = start()
    run = service.claim(job_id)
    before = stored(job_id).deadline_at
    for seconds in (0, 20, 59):
        run.still_at_work(seconds)
    assert stored(job_id).deadline_at == before
    run.still_at_work(90)
    assert stored(job_id).deadline_at > before + timedelta(seconds=25)


def test_what_cannot_be_done_now_is_tried_again_in_a_while(app, kind):
    def obstacle(_run):
        raise NotNow("The other side is asleep.")

    kind(obstacle, max_attempts=2)
    job_id = start()
    for seconds, state in ((0, "queued"), (30, "failed")):
        with later(seconds):
            run_job(job_id)
        assert (stored(job_id).state, stored(job_id).reason) == (state, "The other side is asleep.")


def test_one_claim_wins(app, kind):
    kind(lambda run: None)
    job_id = start()
    assert service.claim(job_id) is not None
    assert service.claim(job_id) is None


def test_whoever_lost_the_claim_stores_nothing(app, kind):
    kind(lambda run: None)
    job_id = start()
    lost = service.claim(job_id)
    with later(61):
        service.put_back_overdue()
        assert service.claim(job_id) is not None
    with pytest.raises(ClaimLost), lost.transaction():
        audit.record("never", "stored")
    assert db.session.scalars(select(AuditRecord)).all() == []
    assert stored(job_id).state == "running"


def test_results_and_the_done_mark_stand_or_fall_together(app, kind):
    def half(run):
        with run.transaction():
            audit.record("half", "done")
            run.done("Done.")
            raise ValueError("no")

    kind(half, max_attempts=1)
    job_id = start()
    run_job(job_id)
    assert (stored(job_id).state, db.session.scalars(select(AuditRecord)).all()) == ("failed", [])


def test_progress_is_shown_while_it_runs(app, kind):
    kind(lambda run: None)
    run = service.claim(start())
    run.progress("Half", 1, 2)
    card = job_card(run.job_id)
    assert (card.progress, card.done, card.total) == ("Half", 1, 2)


def test_a_failed_job_is_run_again_as_a_new_one(app, kind):
    kind(fail, max_attempts=1)
    job_id = start()
    run_job(job_id)
    assert count_unsolved() == 1
    again = service.run_again(job_id)
    assert count_unsolved() == 0  # from here on the new one tells how the work fares
    assert (again != job_id, stored(again).state) == (True, "queued")
    (act,) = db.session.scalars(select(AuditRecord))
    assert act.before["state"] == "failed" and act.before["reason"]
    assert act.after == {"job": again}
    assert service.run_again(again) is None


def test_work_that_nobody_knows_any_more_fails_with_a_sentence(app, kind, monkeypatch):
    kind(lambda run: None)
    job_id = start()
    monkeypatch.delitem(registry.kinds, "trial")
    run_job(job_id)
    assert (stored(job_id).state, "knows how" in stored(job_id).reason) == ("failed", True)


def test_what_redis_lost_is_sent_again(app, kind):
    kind(lambda run: None)
    start()
    redis_client().flushall()
    with later(10):
        scheduler.send_waiting()
    assert redis_client().llen("rq:queue:default") == 1
    with later(10):
        scheduler.send_waiting()
    assert redis_client().llen("rq:queue:default") == 1


def test_the_slots_of_periodic_work_follow_what_is_declared(app, kind):
    kind(lambda run: None, every_seconds=10)
    scheduler.reconcile()
    assert db.session.get(PeriodicJob, "trial").every_seconds == 10
    kind(lambda run: None)
    scheduler.reconcile()
    db.session.expire_all()
    assert db.session.get(PeriodicJob, "trial") is None


def test_of_many_schedulers_one_wins_each_slot(app, kind, monkeypatch):
    kind(lambda run: None, every_seconds=10)
    won = []
    monkeypatch.setattr(service, "enqueue", lambda name, subject: won.append(name))
    scheduler.reconcile()
    db.session.remove()
    gate = Barrier(4)

    def race(_number):
        with app.app_context():
            gate.wait(timeout=30)
            scheduler.start_due()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(race, range(4)))
    assert won.count("trial") == 1


def test_old_jobs_are_pruned(app, kind, run_jobs):
    kind(lambda run: None)
    run_job(start())
    with later(25 * 3600):
        with transaction():
            enqueue("prune_jobs", subject="")
        run_jobs()
    assert [row.kind for row in db.session.scalars(select(Job))] == ["prune_jobs"]


def test_each_failure_waits_longer_and_says_why(app, kind):
    kind(fail, max_attempts=5)
    job_id = start()
    moment = clock.now()
    for seconds in (5, 30, 120, 120):
        with clock.standing_at(moment):
            run_job(job_id)
        failed = stored(job_id)
        assert (failed.state, failed.due_at - moment, failed.token) == ("queued", timedelta(seconds=seconds), None)
        assert failed.reason == "Something unexpected went wrong (ValueError); the log says more."
        moment = failed.due_at


def test_work_that_takes_too_long_says_so(app, kind):
    def hang(_run):
        raise JobTimeoutException("stopped")

    kind(hang, max_attempts=1)
    job_id = start()
    run_job(job_id)
    assert (stored(job_id).state, stored(job_id).reason) == ("failed", "It was not done within 60 seconds.")


def test_a_failure_after_the_end_changes_nothing(app, kind):
    def stumble(run):
        with run.transaction():
            run.done("Done.")
        raise ValueError("no")

    kind(stumble)
    job_id = start()
    run_job(job_id)
    assert (stored(job_id).state, stored(job_id).reason) == ("done", "Done.")


def test_an_end_that_was_rolled_back_is_none(app, kind):
    def recover(run):
        with pytest.raises(ValueError, match="no"), run.transaction():
            run.done("Never.")
            raise ValueError("no")

    kind(recover)
    job_id = start()
    run_job(job_id)
    assert (stored(job_id).state, stored(job_id).reason) == ("done", "")


def test_without_redis_jobs_start_tell_and_end_all_the_same(app, kind, no_redis):
    def work(run):
        run.progress("Half")
        assert "while Redis is away" in job_card(run.job_id).progress

    kind(work)
    job_id = start()
    assert stored(job_id).state == "queued"
    run_job(job_id)
    assert stored(job_id).state == "done"


def test_without_redis_the_scheduler_ends_what_hangs_and_complains_once(app, kind, no_redis, caplog):
    kind(lambda run: None, max_attempts=1)
    job_id = start()
    assert service.claim(job_id) is not None
    with later(61):
        scheduler.run_until(Rounds(3))
    assert stored(job_id).state == "failed"
    assert len([line for line in caplog.messages if "could not tick" in line]) == 1


def test_a_database_that_is_not_there_is_complained_of_once(app, caplog):
    with transaction():
        db.session.execute(text("DROP TABLE jobs"))
    scheduler.run_until(Rounds(3))
    assert len([line for line in caplog.messages if "could not tick" in line]) == 1


def test_a_killed_attempt_goes_back_at_once_but_never_a_later_one(app, kind):
    kind(lambda run: None)
    job_id = start()
    assert service.claim(job_id) is not None
    service.end_abandoned(job_id, 1)
    assert stored(job_id).state == "queued"
    assert service.claim(job_id) is not None
    service.end_abandoned(job_id, 1)
    assert (stored(job_id).state, stored(job_id).attempt) == ("running", 2)


def test_a_failed_job_is_not_run_again_beside_the_same_work(app, kind):
    kind(fail, max_attempts=1)
    job_id = start()
    run_job(job_id)
    start()
    assert service.run_again(job_id) is None


def test_overdue_work_that_nobody_knows_any_more_fails(app, kind, monkeypatch):
    kind(lambda run: None)
    job_id = start()
    assert service.claim(job_id) is not None
    monkeypatch.delitem(registry.kinds, "trial")
    with later(61):
        scheduler.tick()
    assert stored(job_id).state == "failed"
    assert job_card(job_id).kind == "trial"


def test_work_that_nobody_knows_any_more_can_be_run_again_and_fails_again(app, kind, monkeypatch):
    kind(fail, max_attempts=1)
    job_id = start()
    run_job(job_id)
    monkeypatch.delitem(registry.kinds, "trial")
    again = service.run_again(job_id)
    run_job(again)
    assert (stored(again).state, "knows how" in stored(again).reason) == ("failed", True)


def test_a_scheduler_leaves_slots_that_it_does_not_know_alone(app):
    with transaction():
        db.session.add(PeriodicJob(kind="from_tomorrow", every_seconds=1, next_due_at=clock.now()))
    scheduler.start_due()
    assert db.session.scalars(select(Job)).all() == []


def test_failed_jobs_are_kept_longer_than_done_ones(app, kind, run_jobs):
    kind(fail, max_attempts=1)
    run_job(start())
    for days, left in ((2, ["failed"]), (31, [])):
        with later(days * 86400):
            with transaction():
                enqueue("prune_jobs", subject="")
            run_jobs()
        assert [row.state for row in db.session.scalars(select(Job)) if row.kind == "trial"] == left
