"""The background work of grading: one turn of a member at the judge, and what keeps turns going."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from app.core import clock
from app.core.db import transaction
from app.core.jobs import NotNow, Run, enqueue, job
from app.extensions import db
from app.members.signals import member_deleted
from app.problems.models import Problem
from app.submissions import checks, outages, service, storing, turns
from app.submissions.grading import Grade, Program, Test, grade, program_of, samples_of, tests_of, try_on
from app.submissions.judge import current_judge
from app.submissions.judges.base import CompileError, Judge, JudgeFault
from app.submissions.live import tell_progress
from app.submissions.models import Draft, Submission, Trial

TOLD_EVERY_SECONDS = 0.25  # more often nobody can read it
NO_TESTS = "The problem has no tests. Give it some, then have it judged again."
LONGEST_SECONDS = 24 * 3600  # 500 tests may take as long; one that hangs is ended by the deadline of its test
TRIALS_KEPT = timedelta(days=1)


@job("forget_trials", deadline_seconds=60)
def forget_trials(run: Run, member_id: int) -> None:
    """Let go of what a former member was writing and trying; what they handed in stays with its results."""
    with run.transaction():
        for table in (Draft, Trial):
            db.session.execute(delete(table).where(table.member_id == member_id))
        run.done("The former member's drafts and trials are gone.")


def connect() -> None:
    """Listen for members who leave."""
    member_deleted.connect(_on_member_deleted)


def _on_member_deleted(_sender: Any, *, member_id: int) -> None:
    enqueue("forget_trials", subject=f"member:{member_id}", member_id=member_id)


def is_off() -> bool:
    """Whether programs are to wait, because the judge does not hold or runs nothing."""
    return bool(checks.grading_off() or judge_faults())


def judge_faults() -> list[JudgeFault]:
    """What is wrong with the judge as it stands; a sandbox is tried once in each worker, and then known to hold.

    One elsewhere shows it when it is handed something.
    """
    judge = current_judge()
    db.session.rollback()
    return [] if judge.is_remote else judge.probe()


@job(
    "grade",
    deadline_seconds=30,
    longest_seconds=LONGEST_SECONDS,
    queue="judging",
    after_failure=storing.give_up,
    prepare=judge_faults,
)
def grade_next(run: Run, member_id: int) -> None:
    """A member’s turn: run the trial that waits, else judge their oldest waiting submission, and get in line again."""
    trial_id, submission_id = turns.waiting_trial(member_id), turns.waiting_submission(member_id)
    if is_off():
        with _ending(run, member_id, is_asking_again=False):
            run.done("Nothing is judged while grading is off.")
    elif trial_id is not None:
        _run_trial(run, trial_id)
    elif submission_id is not None:
        _judge_submission(run, submission_id)
    else:
        with _ending(run, member_id):  # something may be handed in this very moment
            run.done("Nothing waits.")


@job("take_turns", deadline_seconds=60, every_seconds=30)
def take_turns(run: Run) -> None:
    """Put every member in line who has something waiting and is not: grading was off, or their last turn failed.

    A judge that ran nothing is tried here, so that one job asks it and not every member's.
    """
    judge = current_judge()
    if outages.outage_of(judge.identity):
        db.session.rollback()
        _try_again(judge)
    with run.transaction():
        members = [] if checks.grading_off() else turns.members_out_of_line()
        for member_id in members:
            service.ask_for_turn(member_id)
        run.done(f"{len(members)} in line again.")


def _try_again(judge: Judge) -> None:
    faults = judge.probe()
    if faults:
        outages.note(judge.identity, faults[0])
        return
    with transaction():
        outages.end(judge.identity)
        enqueue("check_judge", subject="")  # what came back may be another one


@job("prune_trials", deadline_seconds=60, every_seconds=3600)
def prune_trials(run: Run) -> None:
    """Let trials go after a day."""
    with run.transaction():
        old = (Trial.finished_at.is_not(None), Trial.created_at < clock.now() - TRIALS_KEPT)
        pruned = db.session.execute(delete(Trial).where(*old)).rowcount  # type: ignore[attr-defined]
        run.done(f"{pruned} old trials removed.")


def _judge_submission(run: Run, submission_id: int) -> None:
    judge, tests = current_judge(), []
    submission = db.session.get_one(Submission, submission_id, populate_existing=True)
    problem = db.session.get_one(Problem, submission.problem_id, populate_existing=True)
    member_id, version = submission.member_id, problem.tests_version
    program, tests = program_of(problem, submission.language, submission.source), tests_of(problem.id)
    with run.transaction():
        storing.begin(submission_id, judge.name, version, len(tests))
    tell = _telling(run, program, f"submission:{submission_id}", len(tests))
    try:
        found = judged(judge, program, tests, tell)
    except JudgeFault as outage:
        _wait(run, member_id, judge, outage)
        return
    with _ending(run, member_id):
        storing.finish(submission_id, version, found)
        run.done(f"Submission {submission_id}: {found.verdict.value}.")


def judged(judge: Judge, program: Program, tests: Sequence[Test], tell: Callable[[int], None]) -> Grade:
    """What came of the program, be it the judge's own fault; NotNow where that may pass, or the tests were changed.

    JudgeFault where the judge runs nothing at all.
    """
    try:
        return grade(judge, program, tests, tell) if tests else storing.judge_error(0, NO_TESTS)
    except JudgeFault as fault:
        if fault.is_outage:
            raise
        if fault.is_temporary:
            raise NotNow(f"{fault.reason} {fault.fix}") from fault
        return storing.judge_error(len(tests), f"{fault.reason} {fault.fix}")


def _run_trial(run: Run, trial_id: int) -> None:
    trial = db.session.get_one(Trial, trial_id, populate_existing=True)
    problem = db.session.get_one(Problem, trial.problem_id, populate_existing=True)
    member_id, own_input = trial.member_id, trial.own_input
    program = program_of(problem, trial.language, trial.source)
    inputs, answers = samples_of(problem.id) if own_input is None else ([own_input.encode(errors="replace")], [None])
    tell, judge = _telling(run, program, f"trial:{trial_id}", len(inputs)), current_judge()
    values: dict[str, object]
    try:
        values = {"results": try_on(judge, program, inputs, answers, tell)}
    except CompileError as error:
        values = {"compile_output": storing.compile_output(error)}
    except JudgeFault as fault:
        if fault.is_outage:
            _wait(run, member_id, judge, fault)
            return
        if fault.is_temporary:
            raise NotNow(f"{fault.reason} {fault.fix}") from fault
        values = {"fault": storing.TRIAL_FAILED}
    with _ending(run, member_id):
        storing.finish_trial(trial_id, **values)
        run.done("Tried.")


def _wait(run: Run, member_id: int, judge: Judge, fault: JudgeFault) -> None:
    """End the turn with nothing judged: the member's programs wait, with everybody's, until the judge is back."""
    with _ending(run, member_id, is_asking_again=False):
        outages.note(judge.identity, fault)
        run.done(f"Nothing is judged at the moment: {fault.reason}")


def _telling(run: Run, program: Program, topic: str, total: int) -> Callable[[int], None]:
    told_at = 0.0

    def tell(number: int) -> None:
        nonlocal told_at
        run.still_at_work(program.longest_seconds)
        if time.monotonic() - told_at > TOLD_EVERY_SECONDS:
            tell_progress(run, topic, number, total)
            told_at = time.monotonic()

    return tell


@contextmanager
def _ending(run: Run, member_id: int, *, is_asking_again: bool = True) -> Iterator[None]:
    """The transaction that ends a turn, and asks for the next one where the member has more waiting."""
    with transaction():
        service.hold_turn(member_id)  # before the job's row, as whoever hands something in does
        with run.transaction():
            yield
            if is_asking_again and turns.has_waiting(member_id):
                service.ask_for_turn(member_id)
