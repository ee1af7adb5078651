"""What reference solutions came to, held against what their folders say: told the same before and after an import."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import select

from app.extensions import db
from app.problems.models import Problem, ReferenceSolution

ACCEPTED, REJECTED, FAILED = "AC", "rejected", "JE"
NEVER_JUDGED = "that is done as soon as the judge can."


class Judged(Protocol):
    """A reference solution by its name below submissions/; `found` is None where it is not judged, `note` says why."""

    @property
    def name(self) -> str: ...
    @property
    def wanted(self) -> str: ...
    @property
    def found(self) -> str | None: ...
    @property
    def note(self) -> str: ...


class StoredReference(NamedTuple):
    """One that is stored, as a `Judged`."""

    name: str
    wanted: str
    found: str | None
    note: str


class Told(NamedTuple):
    """Sentences: what shows that the package is wrong, and what is worth a look and nothing more."""

    contradictions: list[str]
    doubts: list[str]


def is_contradiction(one: Judged) -> bool:
    """Whether the package is wrong: of what it says and what was found one alone is AC, or its validator failed."""
    if one.found == FAILED:
        return True
    return bool(one.wanted and one.found) and (one.wanted == ACCEPTED) != (one.found == ACCEPTED)


def told(judged: Sequence[Judged]) -> Told:
    """What is to be said of them."""
    doubts = [
        f"submissions/{one.name} should be {one.wanted}, and came to {one.found}: rejected all the same."
        for one in judged
        if one.found and one.wanted not in ("", ACCEPTED, REJECTED, one.found) and not is_contradiction(one)
    ]
    if unjudged := [one for one in judged if one.found is None]:
        count = "1 reference solution was" if len(unjudged) == 1 else f"{len(unjudged)} reference solutions were"
        doubts.append(f"{count} not judged yet: {unjudged[0].note or NEVER_JUDGED}")
    return Told([_contradiction(one) for one in judged if is_contradiction(one)], doubts)


def told_of(problem_id: int) -> Told:
    """What is to be said of those of a problem; what was found by other tests or limits does not count."""
    rows = db.session.execute(_stored().where(ReferenceSolution.problem_id == problem_id))
    return told([_reference(*row[1:]) for row in rows])


def contradicting() -> list[tuple[Problem, list[str]]]:
    """Every problem whose reference solutions contradict it by now, with how."""
    judged = (ReferenceSolution.judged_at.is_not(None), ReferenceSolution.found != ReferenceSolution.wanted)
    found: dict[int, list[StoredReference]] = {}
    for problem_id, *rest in db.session.execute(_stored().where(*judged)):
        found.setdefault(problem_id, []).append(_reference(*rest))
    sentences = {key: told(rows).contradictions for key, rows in found.items()}
    wrong = [key for key, contradictions in sentences.items() if contradictions]
    problems = db.session.scalars(select(Problem).where(Problem.id.in_(wrong)).order_by(Problem.title, Problem.id))
    return [(problem, sentences[problem.id]) for problem in problems]


def _stored():  # type: ignore[no-untyped-def]  # mypy knows no select of six columns by a name
    one = ReferenceSolution
    return select(one.problem_id, one.name, one.wanted, one.found, one.note, one.judged_at).order_by(one.name)


def _reference(name: str, wanted: str, found: str | None, note: str, judged_at: object) -> StoredReference:
    return StoredReference(name, wanted, found, note) if judged_at else StoredReference(name, wanted, None, "")


def _contradiction(one: Judged) -> str:
    note = one.note.splitlines()[0] if one.note else ""
    if one.found == FAILED:
        return f"submissions/{one.name} could not be judged: {note}"
    wanted = "accepted" if one.wanted == ACCEPTED else REJECTED
    return f"submissions/{one.name} should be {wanted}, and came to {one.found}{f' ({note})' if note else ''}."
