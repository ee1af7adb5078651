"""Submissions, trials and what they brought, as pages show them. Nothing here reads a hidden test."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from app.core.jobs.queries import told_progress
from app.core.paging import PER_PAGE, Paging, paging
from app.extensions import db
from app.members.models import Member
from app.problems.languages import LANGUAGES
from app.problems.models import Problem
from app.submissions import checks
from app.submissions.judges.base import Offer, Verdict
from app.submissions.models import Draft, Judging, Solve, Submission, Trial
from app.submissions.turns import ahead_of, line_before

WAITING = "waiting"
COMPARED = (  # what an output is held against its answer by
    *(Problem.slug, Problem.comparison, Problem.is_case_sensitive),
    *(Problem.absolute_tolerance, Problem.relative_tolerance),
)
COUNTED = and_(Judging.submission_id == Submission.id, Judging.is_counted)


@dataclass(frozen=True)
class Wanted:
    """Which submissions a list shows; None and "" for all. `verdict` may be WAITING, for those without one."""

    member_id: int | None = None
    problem_id: int | None = None
    language: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class SubmissionRow:
    """One line of a list; figures are None until there is a judging, `verdict` until there is a verdict."""

    id: int
    member_id: int
    username: str | None  # None: somebody who has left
    display_name: str
    problem_slug: str
    problem_title: str
    language: str
    submitted_at: datetime
    verdict: str | None
    passed: int | None
    total: int | None
    cpu_ms: int | None
    memory_kb: int | None


@dataclass(frozen=True)
class ShownSubmission:
    """A submission as its page shows it: with its judging once that has ended, until then with where it stands.

    `waits_since`: since when the judge has run nothing, where the submission waits for that.
    """

    submission: Submission
    language: str
    judging: Judging | None
    standing: str
    waits_since: datetime | None

    @property
    def is_judge_error(self) -> bool:
        return self.submission.verdict == Verdict.JE.value


@dataclass(frozen=True)
class Acceptance:
    """How many submissions were accepted of those judged: of all that have a verdict, but for JE."""

    accepted: int
    judged: int

    @property
    def percent(self) -> float | None:
        return 100 * self.accepted / self.judged if self.judged else None


@dataclass(frozen=True)
class Totals:
    """What solving has brought a member."""

    points: int
    solved: int


def submission_page(wanted: Wanted, per_page: int = PER_PAGE) -> tuple[list[SubmissionRow], Paging]:
    """The page that the address asks for of the submissions that are wanted, newest first."""
    conditions = _conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(Submission).where(*conditions)) or 0
    pages = paging(total, per_page)
    query = _rows().where(*conditions).order_by(Submission.id.desc()).limit(per_page).offset(pages.offset)
    return [SubmissionRow(*row) for row in db.session.execute(query)], pages


def newest_submissions(wanted: Wanted, most: int) -> list[SubmissionRow]:
    """The newest of the submissions that are wanted."""
    query = _rows().where(*_conditions(wanted)).order_by(Submission.id.desc()).limit(most)
    return [SubmissionRow(*row) for row in db.session.execute(query)]


def find_submission(submission_id: int) -> Submission | None:
    """The submission with its member, its problem and the judging that counts."""
    light = load_only(Problem.title, Problem.published_at, Problem.retired_at, Problem.tests_version, *COMPARED)
    query = select(Submission).where(Submission.id == submission_id)
    parts = (joinedload(Submission.member), joinedload(Submission.problem).options(light))
    query = query.options(*parts, joinedload(Submission.counted))
    return db.session.scalar(query.execution_options(populate_existing=True))


def counted_judging(submission_id: int) -> Judging | None:
    """The judging that counts; unfinished while it goes on, None before."""
    query = select(Judging).where(Judging.submission_id == submission_id, Judging.is_counted)
    return db.session.scalar(query.execution_options(populate_existing=True))


def shown_submission(submission: Submission, judge: checks.Standing | None = None) -> ShownSubmission:
    """The submission with what its page tells of it; the same for everybody who may open it."""
    judging = submission.counted
    off = None if submission.verdict else (judge or checks.standing()).off
    where = "" if submission.verdict else _standing(submission, off)
    return ShownSubmission(
        submission=submission,
        language=LANGUAGES[submission.language].name if submission.language in LANGUAGES else submission.language,
        judging=judging if judging and judging.finished_at else None,
        standing=where,
        waits_since=off.since if off and off.reason == where else None,
    )


def _standing(submission: Submission, off: checks.GradingOff | None) -> str:
    """Where a submission without a verdict stands, in a few words: in the queue, or at which test."""
    line = line_before(submission)
    own = line.get(submission.member_id)
    if own and own.is_running and submission.counted and (told := told_progress(own.job_id)):
        return told
    if off:
        return off.reason if off.since else f"It waits, because grading is off. {off.reason}"
    ahead = ahead_of(submission, line) if own else 0
    return f"Queued, {ahead:,} ahead" if ahead else "Queued, next in line"


def find_trial(trial_id: int) -> Trial | None:
    """The trial with its problem."""
    query = select(Trial).where(Trial.id == trial_id).options(joinedload(Trial.problem).load_only(*COMPARED))
    return db.session.scalar(query.execution_options(populate_existing=True))


def latest_trial(member_id: int, problem_id: int) -> Trial | None:
    """What the member tried last on the problem."""
    query = select(Trial).where(Trial.member_id == member_id, Trial.problem_id == problem_id)
    return db.session.scalar(query.order_by(Trial.id.desc()).limit(1))


def drafts_of(member_id: int, problem_id: int) -> dict[str, Draft]:
    """The member's drafts for the problem, by language."""
    query = select(Draft).where(Draft.member_id == member_id, Draft.problem_id == problem_id)
    return {draft.language: draft for draft in db.session.scalars(query)}


def solved_ids(member_id: int) -> set[int]:
    """The problems that the member has solved."""
    return set(db.session.scalars(select(Solve.problem_id).where(Solve.member_id == member_id)))


def totals_of(member_id: int) -> Totals:
    """The member's points and number of solved problems."""
    query = select(func.coalesce(func.sum(Solve.points), 0), func.count()).where(Solve.member_id == member_id)
    return Totals(*db.session.execute(query).one())


def acceptance_of(problem_ids: Collection[int]) -> dict[int, Acceptance]:
    """The acceptance of each of the problems, in one statement."""
    accepted = func.count().filter(Submission.verdict == Verdict.AC.value)
    query = select(Submission.problem_id, accepted, func.count()).where(
        Submission.problem_id.in_(problem_ids), Submission.verdict != Verdict.JE.value
    )
    found = {row[0]: Acceptance(row[1], row[2]) for row in db.session.execute(query.group_by(Submission.problem_id))}
    return {problem_id: found.get(problem_id, Acceptance(0, 0)) for problem_id in problem_ids}


def solvers_of(problem_ids: Collection[int]) -> dict[int, int]:
    """By how many members each of the problems is solved."""
    query = select(Solve.problem_id, func.count()).where(Solve.problem_id.in_(problem_ids)).group_by(Solve.problem_id)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {problem_id: found.get(problem_id, 0) for problem_id in problem_ids}


def count_judge_errors() -> int:
    """How many submissions the judge failed, that nobody had judged again yet."""
    query = select(func.count()).select_from(Submission).where(Submission.verdict == Verdict.JE.value)
    return db.session.scalar(query) or 0


def _rows() -> Select[Any]:
    return (
        select(
            Submission.id,
            Member.id,
            case((Member.deleted_at.is_(None), Member.username)),
            Member.display_name,
            Problem.slug,
            Problem.title,
            Submission.language,
            Submission.submitted_at,
            Submission.verdict,
            Judging.passed,
            Judging.total,
            Judging.cpu_ms,
            Judging.memory_kb,
        )
        .join(Member, Member.id == Submission.member_id)
        .join(Problem, Problem.id == Submission.problem_id)
        .outerjoin(Judging, COUNTED)
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.member_id is not None:
        conditions.append(Submission.member_id == wanted.member_id)
    if wanted.problem_id is not None:
        conditions.append(Submission.problem_id == wanted.problem_id)
    if wanted.language:
        conditions.append(Submission.language == wanted.language)
    if wanted.verdict == WAITING:
        conditions.append(Submission.verdict.is_(None))
    elif wanted.verdict:
        conditions.append(Submission.verdict == wanted.verdict)
    return conditions


def problems_beyond(offer: Offer) -> list[Problem]:
    """The published problems that allow a program more, in some language, than a judge with this offer gives it."""
    published = (Problem.published_at.is_not(None), Problem.retired_at.is_(None))
    query = select(Problem).where(*published).order_by(Problem.title).options(selectinload(Problem.language_limits))
    seconds, memory_mb = offer.most_seconds or math.inf, offer.most_memory_mb or math.inf
    return [
        problem
        for problem in (db.session.scalars(query) if offer != Offer() else ())
        if any(problem.seconds_for(each) > seconds or problem.mb_for(each) > memory_mb for each in LANGUAGES.values())
    ]
