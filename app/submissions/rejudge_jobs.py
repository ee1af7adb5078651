"""The background work of rejudging: submissions judged beside what counts, whenever no member's program waits."""

import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.core.jobs import Job, Run, job
from app.extensions import db
from app.problems.models import Problem
from app.submissions import checks, outages, rejudging, storing
from app.submissions.grading import Program, program_of, tests_of
from app.submissions.jobs import is_off, judge_faults, judged
from app.submissions.judge import current_judge
from app.submissions.judges.base import Judge, JudgeFault
from app.submissions.models import RejudgeItem, Submission

TURN_SECONDS = 20
MEMBERS_WAIT_AFTER = timedelta(seconds=1)  # an idle worker takes their programs sooner
LOOKED_EVERY_SECONDS = 0.25


class _MembersFirst(Exception):
    pass


class _NoUse(Exception):
    pass


def give_up(reason: str, rejudge_id: int, lane: int) -> None:
    """The judging of a lane has failed for good: what it was at ends as the judge's fault, the rest goes on later."""
    item_id = rejudging.next_item(rejudge_id, lane)
    if item_id is not None:
        item = db.session.get_one(RejudgeItem, item_id)
        storing.finish_beside(item, "none", 0, clock.now(), storing.judge_error(0, reason))


@job(
    "rejudge",
    deadline_seconds=30,
    longest_seconds=3600,
    queue="rejudging",
    after_failure=give_up,
    prepare=judge_faults,
)
def rejudge_lane(run: Run, rejudge_id: int, lane: int) -> None:
    """Judge the next submissions of the lane, for a while or until a member waits, and get in line again."""
    told, is_in_line_again = "Nothing is judged while grading is off.", False
    judge = current_judge()  # for the whole turn: whoever takes over meanwhile has to be checked first
    if not is_off():
        try:
            told, is_in_line_again = "The lane is through.", _work_on(run, judge, rejudge_id, lane)
        except _MembersFirst:
            told, is_in_line_again = "Members go first.", True
        except JudgeFault as outage:
            outages.note(judge.identity, outage)
            told = f"Nothing is judged at the moment: {outage.reason}"
        except _NoUse:
            told = "It was closed, or the tests or limits were changed: it goes no further."
    with run.transaction():
        run.done(told)
        if is_in_line_again:
            rejudging.ask_for_lane(rejudge_id, lane)


@job("resume_rejudges", deadline_seconds=60, every_seconds=30)
def resume_rejudges(run: Run) -> None:
    """Put lanes in line again that have something left: grading was off, or their last turn failed."""
    with run.transaction():
        lanes = [] if checks.grading_off() else rejudging.lanes_left()
        for rejudge_id, lane in lanes:
            rejudging.ask_for_lane(rejudge_id, lane)
        run.done(f"{len(lanes)} in line.")


def _work_on(run: Run, judge: Judge, rejudge_id: int, lane: int) -> bool:
    """Judge until the lane is through, or the time of this turn; whether there is more."""
    ends_at = time.monotonic() + TURN_SECONDS
    while (item_id := rejudging.next_item(rejudge_id, lane)) is not None:
        if time.monotonic() > ends_at:
            return True
        _judge_beside(run, judge, item_id)
        if _members_wait():
            raise _MembersFirst
    return False


def _judge_beside(run: Run, judge: Judge, item_id: int) -> None:
    item = db.session.get_one(RejudgeItem, item_id, populate_existing=True)
    submission = db.session.get_one(Submission, item.submission_id, populate_existing=True)
    problem = db.session.get_one(Problem, submission.problem_id, populate_existing=True)
    if not rejudging.is_useful(item, problem):
        raise _NoUse
    problem_id, version, started_at = problem.id, problem.tests_version, clock.now()
    program = program_of(problem, submission.language, submission.source)
    found = judged(judge, program, tests_of(problem_id), _telling(run, program))
    with run.transaction():
        item = db.session.get_one(RejudgeItem, item_id, populate_existing=True)
        if not rejudging.is_useful(item, db.session.get_one(Problem, problem_id, populate_existing=True)):
            raise _NoUse
        storing.finish_beside(item, judge.name, version, started_at, found)


def _telling(run: Run, program: Program) -> Callable[[int], None]:
    looked_at = time.monotonic()

    def tell(_number: int) -> None:
        nonlocal looked_at
        run.still_at_work(program.longest_seconds)
        if time.monotonic() - looked_at > LOOKED_EVERY_SECONDS:
            looked_at = time.monotonic()
            if _members_wait():
                raise _MembersFirst

    return tell


def _members_wait() -> bool:
    waiting = (Job.kind == "grade", Job.state == "queued", Job.due_at < clock.now() - MEMBERS_WAIT_AFTER)
    is_waiting = db.session.scalar(select(Job.id).where(*waiting).limit(1)) is not None
    db.session.rollback()
    return is_waiting
