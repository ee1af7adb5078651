"""Rejudges: how far each is, and what it would do, worked out from what is judged beside and what counts now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from app.core import clock
from app.core.audit import AuditRecord
from app.core.paging import Paging, paging
from app.extensions import db
from app.members.models import Member
from app.problems.models import Problem
from app.submissions import solves
from app.submissions.grading import rules_of
from app.submissions.judges.base import Verdict
from app.submissions.models import Judging, Rejudge, RejudgeItem, Submission
from app.submissions.solves import SolveChange, Solved

APPLY = "apply rejudge"
PACE_ITEMS = 20
STALLED_AFTER = timedelta(seconds=60)
# What counts when it is applied. A judge's error never takes the place of a verdict, and whatever was judged again
# meanwhile keeps what came of that.
IS_APPLICABLE = and_(Judging.verdict != Verdict.JE.value, Submission.verdict == RejudgeItem.old_verdict)
IS_CHANGED = and_(IS_APPLICABLE, Judging.verdict != RejudgeItem.old_verdict)

WAS_CHANGED = and_(RejudgeItem.is_applied, Judging.verdict != RejudgeItem.old_verdict)


@dataclass(frozen=True)
class Progress:
    """How many are judged; `seconds_left` is None where the last ones do not tell."""

    done: int
    total: int
    seconds_left: float | None

    @property
    def is_complete(self) -> bool:
        return self.done == self.total

    @property
    def minutes_left(self) -> int | None:
        return None if self.seconds_left is None else -int(-self.seconds_left // 60)


@dataclass(frozen=True)
class VerdictChange:
    """So many submissions went from one verdict to another."""

    before: str
    after: str
    number: int


@dataclass(frozen=True)
class Outcome:
    """What applying it does: to how many submissions, `kept` of which the judge failed or that were judged meanwhile,
    and to what is solved.

    `digest` tells two outcomes apart that a person would.
    """

    verdicts: list[VerdictChange]
    kept: int
    solves: list[SolveChange]

    @property
    def changed(self) -> int:
        return sum(row.number for row in self.verdicts if row.before != row.after)

    @property
    def digest(self) -> str:
        return sha256(repr((self.verdicts, self.kept, self.solves)).encode()).hexdigest()


@dataclass(frozen=True)
class ChangedRow:
    """A submission whose verdict changes."""

    submission_id: int
    username: str | None  # None: somebody who has left
    display_name: str
    problem_slug: str
    problem_title: str
    before: str
    after: str


@dataclass(frozen=True)
class SolveRow:
    """Somebody for whom solving a problem changes."""

    username: str | None
    display_name: str
    problem_slug: str
    problem_title: str
    change: SolveChange


@dataclass(frozen=True)
class Rejudged:
    """That a submission was judged anew, when that came to count, and its verdict before and after."""

    at: datetime
    before: str
    after: str


def find_rejudge(rejudge_id: int) -> Rejudge | None:
    """The rejudge with its problem."""
    light = joinedload(Rejudge.problem).options(load_only(Problem.slug, Problem.title))
    query = select(Rejudge).where(Rejudge.id == rejudge_id).options(light)
    return db.session.scalar(query.execution_options(populate_existing=True))


def rejudge_page() -> tuple[list[Rejudge], Paging]:
    """The page of rejudges that the address asks for, newest first."""
    pages = paging(db.session.scalar(select(func.count()).select_from(Rejudge)) or 0)
    light = joinedload(Rejudge.problem).options(load_only(Problem.slug, Problem.title))
    query = select(Rejudge).options(light).order_by(Rejudge.id.desc()).limit(pages.per_page).offset(pages.offset)
    return list(db.session.scalars(query)), pages


def progress_of(rejudge_id: int) -> Progress:
    """How far it is; the time left goes by the last ones judged."""
    counts = select(func.count(RejudgeItem.judging_id), func.count()).where(RejudgeItem.rejudge_id == rejudge_id)
    done, total = db.session.execute(counts).one()
    newest = (
        select(Judging.finished_at)
        .join(RejudgeItem, RejudgeItem.judging_id == Judging.id)
        .where(RejudgeItem.rejudge_id == rejudge_id)
        .order_by(Judging.id.desc())
        .limit(PACE_ITEMS)
    )
    moments = [moment for moment in db.session.scalars(newest) if moment]
    if len(moments) < 2 or clock.now() - moments[0] > STALLED_AFTER:
        return Progress(done, total, None)
    each = (moments[0] - moments[-1]).total_seconds() / (len(moments) - 1)
    return Progress(done, total, each * (total - done))


def outdated(rejudge: Rejudge) -> list[str]:
    """The titles of problems that are judged by other rules than when it began: what it found is of no use any more."""
    parts = (selectinload(Problem.language_limits), selectinload(Problem.validator))
    query = select(Problem).where(Problem.id.in_(problem_ids(rejudge))).options(*parts).order_by(Problem.title)
    problems = db.session.scalars(query.execution_options(populate_existing=True))
    return [problem.title for problem in problems if rules_of(problem) != rejudge.rules[str(problem.id)]]


def problem_ids(rejudge: Rejudge) -> list[int]:
    """The problems whose submissions are in it."""
    return [int(number) for number in rejudge.rules]


def outcome_of(rejudge: Rejudge) -> Outcome:
    """What applying it would do now."""
    counts = _beside(rejudge.id, RejudgeItem.old_verdict, Judging.verdict, func.count(), where=IS_APPLICABLE)
    by = (RejudgeItem.old_verdict, Judging.verdict)
    rows = db.session.execute(counts.group_by(*by).order_by(*by)).all()
    total = db.session.scalar(select(func.count()).where(RejudgeItem.rejudge_id == rejudge.id)) or 0
    verdicts = [VerdictChange(*row) for row in rows]
    kept = total - sum(row.number for row in verdicts)
    return Outcome(verdicts, kept, solves.changes(_verdicts_then(rejudge.id), problem_ids(rejudge)))


def changed_page(rejudge: Rejudge) -> tuple[list[ChangedRow], Paging]:
    """The page that the address asks for of the submissions whose verdict changes, or was changed by it."""
    is_changed = WAS_CHANGED if rejudge.applied_at else IS_CHANGED
    total = db.session.scalar(_beside(rejudge.id, func.count(), where=is_changed)) or 0
    pages = paging(total)
    query = (
        _beside(
            rejudge.id,
            *(Submission.id, case((Member.deleted_at.is_(None), Member.username)), Member.display_name),
            *(Problem.slug, Problem.title, RejudgeItem.old_verdict, Judging.verdict),
            where=is_changed,
        )
        .join(Member, Member.id == Submission.member_id)
        .join(Problem, Problem.id == Submission.problem_id)
        .order_by(Submission.id)
        .limit(pages.per_page)
        .offset(pages.offset)
    )
    return [ChangedRow(*row) for row in db.session.execute(query)], pages


def solve_rows(changes: Sequence[SolveChange]) -> list[SolveRow]:
    """The changes with the names of people and problems."""
    members = _by_id(Member, {change.member_id for change in changes})
    problems = _by_id(Problem, {change.problem_id for change in changes}, Problem.slug, Problem.title)
    rows = []
    for change in changes:
        member, problem = members[change.member_id], problems[change.problem_id]
        username = None if member.deleted_at else member.username
        rows.append(SolveRow(username, member.display_name, problem.slug, problem.title, change))
    return rows


def applied_solves(rejudge: Rejudge) -> list[SolveChange]:
    """What applying it did to what is solved, as the record of that has it; empty where it was not applied."""
    is_of_it = (AuditRecord.act == APPLY, AuditRecord.subject == f"rejudge:{rejudge.id}")
    record = db.session.scalar(select(AuditRecord).where(*is_of_it))
    if record is None or not record.before or not record.after:
        return []
    sides: tuple[dict[str, Any], dict[str, Any]] = (record.before["solves"], record.after["solves"])
    numbers = {one["by"] for side in sides for one in side.values() if one}
    columns = select(Submission.id, Submission.submitted_at).where(Submission.id.in_(numbers))
    moments: dict[int, datetime] = dict(db.session.execute(columns).tuples().all())
    found = []
    for key in sides[0]:
        problem_id, member_id = map(int, key.split(":"))
        before, after = (
            Solved(told["by"], moments[told["by"]], told["points"]) if (told := side[key]) else None for side in sides
        )
        found.append(SolveChange(problem_id, member_id, None, before, after))
    return found


def has_old_verdicts(problem: Problem) -> bool:
    """Whether verdicts count for the problem that are by other tests than those of today."""
    query = select(Judging.id).join(Submission, Submission.id == Judging.submission_id)
    is_old = (Submission.problem_id == problem.id, Judging.is_counted, Judging.tests_version != problem.tests_version)
    return db.session.scalar(query.where(*is_old).limit(1)) is not None


def rejudgings_of(submission_id: int) -> list[Rejudged]:
    """How often a submission was judged anew by a rejudge that was applied, oldest first."""
    query = (
        select(Rejudge.applied_at, RejudgeItem.old_verdict, Judging.verdict)
        .join(RejudgeItem, RejudgeItem.rejudge_id == Rejudge.id)
        .join(Judging, Judging.id == RejudgeItem.judging_id)
        .where(RejudgeItem.submission_id == submission_id, Rejudge.applied_at.is_not(None), RejudgeItem.is_applied)
    )
    return [Rejudged(*row) for row in db.session.execute(query.order_by(Rejudge.id))]


def _by_id(table: Any, ids: set[int], *columns: Any) -> dict[int, Any]:
    query = select(table).where(table.id.in_(ids)).options(*([load_only(*columns)] if columns else []))
    return {row.id: row for row in db.session.scalars(query)}


def applicable(rejudge_id: int, *columns: Any) -> Select[Any]:
    """These columns of all that will count once the rejudge is applied."""
    return _beside(rejudge_id, *columns, where=IS_APPLICABLE)


def changed(rejudge_id: int, *columns: Any) -> Select[Any]:
    """The same of those whose verdict that changes."""
    return _beside(rejudge_id, *columns, where=IS_CHANGED).order_by(Submission.id)


def _beside(rejudge_id: int, *columns: Any, where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(RejudgeItem)
        .join(Submission, Submission.id == RejudgeItem.submission_id)
        .join(Judging, Judging.id == RejudgeItem.judging_id)
        .where(RejudgeItem.rejudge_id == rejudge_id, where)
    )


def _verdicts_then(rejudge_id: int) -> Select[Any]:
    then = case((IS_APPLICABLE, Judging.verdict), else_=Submission.verdict)
    is_item = and_(RejudgeItem.submission_id == Submission.id, RejudgeItem.rejudge_id == rejudge_id)
    return (
        select(Submission.id, Submission.problem_id, Submission.member_id, then.label("verdict"))
        .outerjoin(RejudgeItem, is_item)
        .outerjoin(Judging, Judging.id == RejudgeItem.judging_id)
    )
