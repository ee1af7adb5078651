"""What solving brings: worked out from who has which submission accepted, so that it follows verdicts both ways."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from app.core.db import one_at_a_time
from app.extensions import db
from app.problems.models import Problem
from app.submissions.judges.base import Verdict
from app.submissions.models import GivenUp, Solve, Submission

VERDICTS_NOW = select(Submission.id, Submission.problem_id, Submission.member_id, Submission.verdict)


@dataclass(frozen=True)
class Solved:
    """By which submission, when that was handed in, and for how many points."""

    submission_id: int
    solved_at: datetime
    points: int


@dataclass(frozen=True)
class SolveChange:
    """What becomes of one member's solving of one problem; None: it is not solved. `solve_id` is where `before` is."""

    problem_id: int
    member_id: int
    solve_id: int | None
    before: Solved | None
    after: Solved | None

    @property
    def points(self) -> int:
        """How many points more it brings, below 0 for fewer."""
        return (self.after.points if self.after else 0) - (self.before.points if self.before else 0)


def hold(problem_ids: Collection[int]) -> None:
    """Within this transaction nobody else changes who has solved these problems."""
    for problem_id in sorted(problem_ids):
        one_at_a_time(f"solves of problem {problem_id}")


def settle(problem_id: int, member_id: int) -> None:
    """Have the member's solve say what their verdicts say; within the caller's transaction, which holds it."""
    store(changes(VERDICTS_NOW, [problem_id], member_id))


def changes(verdicts: Select[Any], problem_ids: Collection[int], member_id: int | None = None) -> list[SolveChange]:
    """What would be solved otherwise than it is stored, were these the verdicts: columns as of `VERDICTS_NOW`.

    The first accepted submission solves. Points stay what they were when a problem was solved first, be it that it was
    not solved meanwhile, and there are none for what was handed in after giving up.
    """
    firsts = _firsts(verdicts, problem_ids, member_id)
    solves = {(row.problem_id, row.member_id): row for row in _of(Solve, problem_ids, member_id)}
    given_up = {(row.problem_id, row.member_id): row.given_up_at for row in _of(GivenUp, problem_ids, member_id)}
    points_of = select(Problem.id, Problem.points).where(Problem.id.in_(problem_ids))
    usual: dict[int, int] = dict(db.session.execute(points_of).tuples().all())
    found = []
    for key in sorted(firsts.keys() | solves.keys()):
        first, row = firsts.get(key), solves.get(key)
        before = Solved(row.submission_id, row.solved_at, row.points) if row else None
        if (first and first.id) != (before and before.submission_id):
            after = _solved(first, given_up.get(key), before, usual[key[0]]) if first else None
            found.append(SolveChange(key[0], key[1], row.id if row else None, before, after))
    return found


def store(found: Collection[SolveChange]) -> None:
    """Make the changes; within the caller's transaction, which holds them."""
    gone = [change.solve_id for change in found if change.solve_id is not None]
    if gone:
        db.session.execute(delete(Solve).where(Solve.id.in_(gone)))
    rows = [
        {"problem_id": change.problem_id, "member_id": change.member_id, **asdict(change.after)}
        for change in found
        if change.after
    ]
    if rows:
        db.session.execute(insert(Solve), rows)
    kept = [
        {"id": change.before.submission_id, "lost_points": change.before.points} for change in found if change.before
    ]
    if kept:
        db.session.execute(update(Submission), kept)


def _firsts(verdicts: Select[Any], problem_ids: Collection[int], member_id: int | None) -> dict[tuple[int, int], Any]:
    """The first accepted submission, without its source, by problem and member."""
    every = verdicts.subquery()
    wanted = [every.c.verdict == Verdict.AC.value, every.c.problem_id.in_(problem_ids)]
    if member_id is not None:
        wanted.append(every.c.member_id == member_id)
    first = select(func.min(every.c.id)).where(*wanted).group_by(every.c.problem_id, every.c.member_id)
    columns = (Submission.id, Submission.submitted_at, Submission.lost_points)
    rows = db.session.execute(
        select(Submission.problem_id, Submission.member_id, *columns).where(Submission.id.in_(first))
    )
    return {(row.problem_id, row.member_id): row for row in rows}


def _of(table: Any, problem_ids: Collection[int], member_id: int | None) -> Sequence[Any]:
    query = select(table).where(table.problem_id.in_(problem_ids))
    if member_id is not None:
        query = query.where(table.member_id == member_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _solved(first: Any, given_up_at: datetime | None, before: Solved | None, usual: int) -> Solved:
    points = usual
    if _is_late(first.submitted_at, given_up_at):
        points = 0
    elif first.lost_points is not None:
        points = first.lost_points
    elif before is not None and not _is_late(before.solved_at, given_up_at):
        points = before.points
    return Solved(first.id, first.submitted_at, points)


def _is_late(solved_at: datetime, given_up_at: datetime | None) -> bool:
    return given_up_at is not None and given_up_at <= solved_at
