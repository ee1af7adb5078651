"""What is stored of a judging, each function within the caller's transaction."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, select, update

from app.core import clock
from app.core.jobs import NotNow
from app.extensions import db
from app.problems.models import Problem
from app.submissions import solves, turns
from app.submissions.grading import SHOWN_OUTPUT_BYTES, Grade, shown_text
from app.submissions.judges.base import CompileError, Verdict
from app.submissions.models import Judging, RejudgeItem, Submission, Trial
from app.submissions.signals import submission_judged, submission_judged_beside, submission_queued, trial_finished

TRIAL_FAILED = "The judge failed, not your program. Try it again in a while; an administrator can see what is wrong."


def begin(submission_id: int, judge: str, tests_version: int, total: int) -> None:
    """Note that the submission is being judged; what an attempt that died left unfinished makes way."""
    unfinished = (Judging.submission_id == submission_id, Judging.is_counted, Judging.finished_at.is_(None))
    db.session.execute(delete(Judging).where(*unfinished))
    db.session.add(
        Judging(
            submission_id=submission_id,
            is_counted=True,
            judge=judge,
            tests_version=tests_version,
            started_at=clock.now(),
            total=total,
        )
    )
    db.session.flush()
    submission_queued.send(submission_id=submission_id)


def finish(submission_id: int, tests_version: int, found: Grade) -> None:
    """Give the submission its verdict and its member what it brings; NotNow where the tests have changed meanwhile."""
    submission = db.session.get_one(Submission, submission_id, populate_existing=True)
    problem = db.session.get_one(Problem, submission.problem_id, populate_existing=True)
    if problem.tests_version != tests_version:
        raise NotNow("The tests were changed meanwhile.")
    if found.verdict == Verdict.AC:
        solves.hold([problem.id])
    finished = {**asdict(found), "verdict": found.verdict.value, "finished_at": clock.now()}
    counted = (Judging.submission_id == submission_id, Judging.is_counted)
    db.session.execute(update(Judging).where(*counted).values(finished))
    submission.verdict = found.verdict.value
    db.session.flush()
    if found.verdict == Verdict.AC:
        solves.settle(problem.id, submission.member_id)
    submission_judged.send(submission_id=submission_id)


def finish_beside(item: RejudgeItem, judge: str, tests_version: int, started_at: datetime, found: Grade) -> None:
    """Keep what a rejudge found, beside what counts."""
    judging = Judging(
        submission_id=item.submission_id,
        is_counted=False,
        judge=judge,
        tests_version=tests_version,
        started_at=started_at,
        finished_at=clock.now(),
        **{**asdict(found), "verdict": found.verdict.value},
    )
    db.session.add(judging)
    db.session.flush()
    item.judging_id = judging.id
    submission_judged_beside.send(rejudge_id=item.rejudge_id)


def finish_trial(trial_id: int, **values: object) -> None:
    """Store what came of a trial."""
    db.session.execute(update(Trial).where(Trial.id == trial_id).values(finished_at=clock.now(), **values))
    trial_finished.send(trial_id=trial_id)


def give_up(reason: str, member_id: int) -> None:
    """A member's turn has failed for good: what it was for ends as the judge's fault."""
    trial_id, submission_id = turns.waiting_trial(member_id), turns.waiting_submission(member_id)
    if trial_id is not None:
        finish_trial(trial_id, fault=TRIAL_FAILED)
    elif submission_id is not None:
        _give_up_submission(submission_id, reason)


def judge_error(total: int, reason: str) -> Grade:
    """What came of a program that the judge could not judge."""
    return Grade(total=total, verdict=Verdict.JE, reason=reason)


def compile_output(error: CompileError) -> str:
    """What the compiler said, as it is kept."""
    return shown_text(error.output.encode(), SHOWN_OUTPUT_BYTES)


def _give_up_submission(submission_id: int, reason: str) -> None:
    version = db.session.scalar(select(Problem.tests_version).join(Submission).where(Submission.id == submission_id))
    begun = select(func.count()).where(Judging.submission_id == submission_id, Judging.is_counted)
    if not db.session.scalar(begun):
        begin(submission_id, "none", version or 0, 0)
    finish(submission_id, version or 0, judge_error(0, reason))
