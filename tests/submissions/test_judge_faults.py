"""A judge that fails, and tests that change while it works: never the member's fault, and never the end of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job, scheduler
from app.core.jobs.runner import run_job
from app.extensions import db
from app.problems import case_service
from app.submissions import checks, queries, service
from app.submissions.check import Report
from app.submissions.judges.base import JudgeFault, Outcome, Verdict
from app.submissions.models import Judging, Solve, Submission, Trial

LASTING = JudgeFault("The disk is full.", "Empty it.", is_temporary=False)
PASSING = JudgeFault("A box was killed.", "Nothing.", is_temporary=True)


@dataclass
class Pretender:
    """A judge that does as it is told: for each run the next of `acts`, then doubles what it reads."""

    acts: list[Exception | Callable[[], None]] = field(default_factory=list)
    faults: list[JudgeFault] = field(default_factory=list)
    name = identity = "sandbox"
    title, is_remote = "The pretender", False

    def languages(self) -> dict[str, str | None]:
        return {"python": None}

    def probe(self) -> list[JudgeFault]:
        return self.faults

    def fingerprint(self) -> str:
        return self.name

    def run(self, _language, _source, _limits, inputs, _waiting) -> Iterator[Outcome]:
        act = self.acts.pop(0) if self.acts else None
        if isinstance(act, Exception):
            raise act
        if act:
            act()
        for content in inputs:
            yield Outcome(None, b"%d\n" % (2 * int(content)), b"", 5, 900, "")


@pytest.fixture
def judge(app, monkeypatch) -> Pretender:
    pretender = Pretender()
    monkeypatch.setitem(app.extensions, "judge sandbox", pretender)
    return pretender


@pytest.fixture
def run_late(run_jobs):
    """Run all jobs, also those that wait a while before they are tried again."""

    def run() -> None:
        for minute in range(4):
            with clock.standing_at(clock.now() + timedelta(minutes=5 * minute)):
                run_jobs()

    return run


def verdict_of(number: int) -> str | None:
    db.session.rollback()
    return db.session.scalar(select(Submission.verdict).where(Submission.id == number))


@pytest.mark.parametrize(
    ("acts", "verdict"),
    [
        ([PASSING], "AC"),
        ([PASSING, PASSING], "AC"),
        ([PASSING] * 3, "JE"),
        ([LASTING], "JE"),
        ([ValueError("a slip of ours")], "AC"),
        ([ValueError("a slip of ours")] * 3, "JE"),
    ],
    ids=["once", "twice", "always", "lasting", "our slip", "our slip, always"],
)
def test_a_fault_of_the_judge_is_no_verdict_on_the_program(make_member, make_double, judge, run_late, acts, verdict):
    ann, double = make_member("ann"), make_double()
    judge.acts += acts
    first, second = (service.submit(ann, double, "python", source) for source in ("1", "2"))
    run_late()
    with transaction():
        scheduler.service.enqueue("take_turns", subject="")
    run_late()
    assert (verdict_of(first), verdict_of(second)) == (verdict, "AC")
    assert queries.acceptance_of([double.id])[double.id].judged == (2 if verdict == "AC" else 1)


def test_what_the_judge_failed_is_judged_again_when_an_administrator_says_so(
    client, make_member, make_double, judge, run_jobs, log_in
):
    ann, adam, double = make_member("ann"), make_member("adam", role="admin"), make_double()
    judge.acts.append(LASTING)
    number = service.submit(ann, double, "python", "1")
    run_jobs()
    assert "The judge failed, not your program" in log_in(client, ann).get(f"/submissions/{number}").text
    assert "disk" not in client.get(f"/submissions/{number}").text
    assert "it failed 1 submission</a>" in log_in(client, adam).get("/admin").text
    page = client.get("/organise/submissions").text
    assert "The judge failed 1 submission" in page
    assert "The disk is full. Empty it." in client.get(f"/submissions/{number}").text
    client.post("/organise/submissions/judge-again")
    run_jobs()
    assert verdict_of(number) == "AC"
    judgings = db.session.execute(select(Judging.verdict, Judging.is_counted).order_by(Judging.id)).all()
    assert [tuple(row) for row in judgings] == [("JE", False), ("AC", True)]


def test_a_trial_that_the_judge_fails_ends_with_a_sentence(make_member, make_double, judge, run_jobs):
    judge.acts.append(LASTING)
    service.try_out(make_member("ann"), make_double(), "python", "1", "4")
    run_jobs()
    db.session.rollback()
    trial = db.session.scalars(select(Trial)).one()
    assert (trial.finished_at is None, "not your program" in trial.fault) == (False, True)


def test_while_grading_is_off_programs_are_taken_and_wait(make_member, make_double, judge, run_jobs):
    ann, double = make_member("ann"), make_double()
    with transaction():
        checks.keep(Report("sandbox", "", "A fork got through.", "Update the kernel.", {}, []))
    number = service.submit(ann, double, "python", "1")
    run_jobs()
    assert verdict_of(number) is None
    standing = queries.shown_submission(queries.find_submission(number)).standing
    assert standing == "It waits, because grading is off. A fork got through."
    with transaction():
        checks.keep(Report("sandbox", "", "", "", {}, []))
    with transaction():
        scheduler.service.enqueue("take_turns", subject="")
    run_jobs()
    assert verdict_of(number) == "AC"


def test_tests_that_change_in_mid_grade_are_all_judged_by_their_newest_version(
    make_member, make_double, judge, run_late
):
    ann, double = make_member("ann"), make_double()
    judge.acts.append(lambda: change_tests(double.id))
    number = service.submit(ann, double, "python", "1")
    run_late()
    judging = queries.counted_judging(number)
    assert (judging.verdict, judging.total) == ("AC", 3)
    assert judging.tests_version == queries.find_submission(number).problem.tests_version
    assert db.session.scalars(select(Judging.id)).all() == [judging.id]


def change_tests(problem_id):
    from tests.submissions.conftest import pair

    case_service.put_tests(problem_id, [pair(number, str(number), number == 0) for number in range(3)])


def test_an_attempt_that_was_taken_for_dead_stores_nothing(make_member, make_double, judge, run_jobs):
    """While the first attempt is at its first test its claim is lost; another one judges meanwhile."""
    ann, double = make_member("ann"), make_double()
    number = service.submit(ann, double, "python", "1")
    job_id = db.session.scalars(select(Job.id).where(Job.kind == "grade")).one()

    def lose_the_claim_to_another() -> None:
        with clock.standing_at(clock.now() + timedelta(minutes=5)):
            scheduler.service.put_back_overdue()
            run_job(job_id)

    judge.acts.append(lose_the_claim_to_another)
    run_job(job_id)
    assert verdict_of(number) == Verdict.AC
    assert len(db.session.scalars(select(Judging.id)).all()) == len(db.session.scalars(select(Solve.id)).all()) == 1
    assert db.session.scalars(select(Job.state).where(Job.kind == "grade")).all() == ["done"]
