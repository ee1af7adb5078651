"""What comes with a problem from its package: other languages, pictures, a validator, reference solutions.

Each verb puts new ones in place of all there are, within the caller's transaction.
"""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import delete, update

from app.extensions import db
from app.problems.models import OutputValidator, Problem, ProblemImage, ReferenceSolution, Translation

Part = TypeVar("Part", Translation, ProblemImage, OutputValidator, ReferenceSolution)


def put_parts(problem: Problem, kind: type[Part], parts: Iterable[Part]) -> None:
    """Let the problem have these parts of one kind, and no others of it."""
    db.session.execute(delete(kind).where(kind.problem_id == problem.id))
    db.session.expire(problem, ["translations", "validator"])
    for part in parts:
        part.problem_id = problem.id
        db.session.add(part)
    db.session.flush()


def outdate_references(problem_id: int) -> None:
    """What the reference solutions came to was by other tests or limits; within the caller's transaction.

    They wait to be judged anew.
    """
    db.session.execute(
        update(ReferenceSolution).where(ReferenceSolution.problem_id == problem_id).values(judged_at=None)
    )
