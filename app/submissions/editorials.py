"""Editorials: who may read them, giving up, and the reference solutions that stand in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core import clock
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.members.models import Member
from app.problems.languages import LANGUAGES
from app.problems.models import Problem, ReferenceSolution
from app.submissions import solves
from app.submissions.judges.base import Verdict
from app.submissions.models import GivenUp, Solve

IS_TO_SOLVE_IT = ReferenceSolution.wanted == Verdict.AC.value
SOLVES_IT_OR_MAY = ReferenceSolution.found.is_(None) | (ReferenceSolution.found == Verdict.AC.value)


@dataclass(frozen=True)
class Key:
    """How a problem's editorial stands for one person: open to whoever solved it, gave it up, or organises.

    `points` are those that solving it has brought them, None where they have not.
    """

    points: int | None
    given_up_at: datetime | None
    is_organiser: bool

    @property
    def is_open(self) -> bool:
        return self.points is not None or self.given_up_at is not None or self.is_organiser


NOBODY = Key(points=None, given_up_at=None, is_organiser=False)


def key_of(member: Member, problem_id: int) -> Key:
    """How the editorial stands for the member."""
    points = select(Solve.points).where(Solve.problem_id == problem_id, Solve.member_id == member.id)
    given_up = select(GivenUp.given_up_at).where(GivenUp.problem_id == problem_id, GivenUp.member_id == member.id)
    return Key(db.session.scalar(points), db.session.scalar(given_up), member.is_organiser)


def is_there(problem_id: int) -> bool:
    """Whether there is anything to read: a write-up, or a reference solution."""
    written = db.session.scalar(select(Problem.editorial_html != "").where(Problem.id == problem_id))
    return bool(written or references(problem_id))


def references(problem_id: int) -> list[ReferenceSolution]:
    """The solutions that were written to be accepted, and were not found otherwise: by language, then name."""
    query = select(ReferenceSolution).where(
        ReferenceSolution.problem_id == problem_id, IS_TO_SOLVE_IT, SOLVES_IT_OR_MAY
    )
    known = list(LANGUAGES)
    rows = [row for row in db.session.scalars(query) if row.language in known]
    return sorted(rows, key=lambda row: (known.index(row.language), row.name))


def give_up(member: Member, problem: Problem) -> None:
    """Open the editorial to the member, who gets no points for the problem any more; once for good."""
    with transaction():
        solves.hold([problem.id])
        key = key_of(member, problem.id)
        if key.is_open:
            raise Refused("", "Its editorial is open to you already.")
        if not is_there(problem.id):
            raise Refused("", "There is no editorial yet, so there is nothing to give it up for.")
        db.session.add(GivenUp(problem_id=problem.id, member_id=member.id, given_up_at=clock.now()))
