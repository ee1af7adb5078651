"""Many programs at once, and whatever is killed in mid-grade: real workers, schedulers, boxes and Redis."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, update

from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job
from app.core.jobs import service as job_service
from app.extensions import db, redis_client
from app.members.models import Member
from app.problems.models import Problem
from app.submissions import checks, queries, rejudge_queries, rejudging, service
from app.submissions.check import Report
from app.submissions.judge import current_judge
from app.submissions.judges.box import descendants
from app.submissions.models import Judging, Solve, Submission
from ops.processes import kill_session
from tests.core.jobs.shop import Shop
from tests.waiting import wait_for

RIGHT = "print(2 * int(input()))\n"
SLOW = f"import time\ntime.sleep(1)\n{RIGHT}"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Flask:
    """In the place of the usual one: an application with a judge, which other processes share; checked already."""
    monkeypatch.setenv("JUDGE", "sandbox")
    request.getfixturevalue("still_shop")
    with transaction():
        checks.keep(Report("sandbox", current_judge().fingerprint(), "", "", {}, []))
    return current_app._get_current_object()  # for other threads too


@pytest.fixture
def place(app: Flask, still_shop: Shop) -> Shop:
    return still_shop


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Submission).where(Submission.verdict.is_(None)))


def test_fifty_at_once_of_ten_members_count_exactly(app, place, make_member, make_double):
    """Each member solves both problems, one of them twice, and hands in one wrong and one broken program."""
    members = [make_member(f"member{number}") for number in range(10)]
    easy, hard = make_double("easy", points=10), make_double("hard", points=30)
    programs = [(easy, RIGHT), (easy, f"{RIGHT}#"), (easy, "print(0)"), (hard, "print("), (hard, RIGHT)]
    workers = [place.start("worker") for _ in range(2)]

    def hand_in(turn: tuple[Member, Problem, str]) -> None:
        member, problem, source = turn
        with app.app_context():
            service.submit(member, problem, "python", source)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(hand_in, [(member, *program) for program in programs for member in members]))
    wait_for(lambda: waiting() == 0, "everything to be judged", 120)
    assert [queries.totals_of(member.id) for member in members] == [queries.Totals(40, 2)] * 10
    rates = queries.acceptance_of([easy.id, hard.id])
    assert (rates[easy.id], rates[hard.id]) == (queries.Acceptance(20, 30), queries.Acceptance(10, 20))
    assert queries.solvers_of([easy.id, hard.id]) == {easy.id: 10, hard.id: 10}
    assert db.session.scalar(select(func.count()).select_from(Judging)) == 50
    assert all(worker.is_alive() for worker in workers)


@pytest.fixture
def in_mid_grade(app, place, make_member, make_double):
    """A worker that is at a test of a program which takes a second for each."""
    worker = place.start("worker")
    number = service.submit(make_member("ann"), make_double(hidden=("1", "2")), "python", SLOW)
    wait_for(lambda: "Test" in standing(number), "the first test")
    return worker


def standing(number: int) -> str:
    db.session.rollback()
    return queries.shown_submission(queries.find_submission(number)).standing


def assert_judged_once() -> None:
    wait_for(lambda: waiting() == 0, "the verdict")
    assert db.session.scalars(select(Submission.verdict)).all() == ["AC"]
    assert db.session.scalars(select(Judging.verdict)).all() == ["AC"]
    assert db.session.scalar(select(func.sum(Solve.points))) == 10


def test_a_killed_worker_is_missed_in_time_and_the_next_one_judges(in_mid_grade, place):
    kill_session(in_mid_grade.pid)
    in_mid_grade.join()
    db.session.rollback()
    job = db.session.scalars(select(Job).where(Job.kind == "grade")).one()
    assert job.deadline_at - clock.now() < timedelta(seconds=35)
    with clock.standing_at(job.deadline_at + timedelta(seconds=1)):
        assert job_service.put_back_overdue() == 1
    with transaction():
        db.session.execute(update(Job).values(due_at=clock.now()))
    place.start("worker")
    place.start("schedule")
    assert_judged_once()


def test_a_killed_box_is_no_verdict(in_mid_grade, place):
    place.start("schedule")
    os.kill(wait_for(lambda: box_below(in_mid_grade.pid), "a box"), signal.SIGKILL)
    wait_for(lambda: "A box ended by itself" in reason_of_grade(), "the fault to be noticed")
    assert_judged_once()


def test_redis_may_be_killed_in_mid_grade(in_mid_grade, place):
    place.redis.kill()
    assert_judged_once()
    place.redis.start()
    wait_for(redis_client().ping, "Redis")
    service.submit(db.session.scalars(select(Member)).one(), db.session.scalars(select(Problem)).one(), "python", RIGHT)
    place.start("schedule")
    wait_for(lambda: waiting() == 0, "the next verdict")


def test_a_rejudge_goes_on_after_its_worker_was_killed_and_judges_nothing_twice(app, place, make_member, make_double):
    ann, double = make_member("ann"), make_double(hidden=("1", "2"))
    with transaction():
        program = {"member_id": ann.id, "problem_id": double.id, "language": "python", "submitted_at": clock.now()}
        for source in (RIGHT, SLOW, "print(0)", RIGHT, RIGHT):
            db.session.add(Submission(verdict="AC", source=source, **program))
    worker = place.start("worker")
    number = rejudging.rejudge_problem(double)
    wait_for(lambda: done(number) > 0 and box_below(worker.pid), "a rejudge in its midst")
    kill_session(worker.pid)
    worker.join()
    with clock.standing_at(clock.now() + timedelta(minutes=2)):
        job_service.put_back_overdue()
    with transaction():
        db.session.execute(update(Job).where(Job.state == "queued").values(due_at=clock.now()))
    place.start("worker")
    place.start("schedule")
    wait_for(lambda: done(number) == 5, "the rejudge to end")
    rejudging.apply_rejudge(number)
    assert db.session.scalars(select(Submission.verdict).order_by(Submission.id)).all() == [
        "AC",
        "AC",
        "WA",
        "AC",
        "AC",
    ]
    assert db.session.scalar(select(func.count()).select_from(Judging)) == 5
    assert queries.totals_of(ann.id) == queries.Totals(10, 1)


def done(number: int) -> int:
    db.session.rollback()
    return rejudge_queries.progress_of(number).done


def box_below(pid: int) -> int | None:
    """A bubblewrap that this process, or one it forked, has started."""
    names = {each: Path(f"/proc/{each}/comm") for each in descendants(pid)}
    return next((each for each, name in names.items() if name.exists() and name.read_text() == "bwrap\n"), None)


def reason_of_grade() -> str:
    db.session.rollback()
    return db.session.scalar(select(Job.reason).where(Job.kind == "grade")) or ""
