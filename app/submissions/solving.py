"""What the list of problems says of solving them, which is not its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from flask_login import current_user

from app.problems.models import Problem
from app.submissions import queries
from app.submissions.queries import Acceptance


@dataclass(frozen=True)
class Solving:
    """How one problem fares: whether the viewer has solved it, how many have, what share of programs is accepted."""

    is_mine: bool
    solvers: int
    acceptance: Acceptance


def init_app(app: Flask) -> None:
    """Let the list show it."""
    app.add_template_global(solving_of)


def solving_of(problems: Sequence[Problem]) -> dict[int, Solving]:
    """The same of each of the problems, in three statements whatever their number."""
    ids = [problem.id for problem in problems]
    mine, solvers, acceptance = my_solved_ids(), queries.solvers_of(ids), queries.acceptance_of(ids)
    return {number: Solving(number in mine, solvers[number], acceptance[number]) for number in ids}


def my_solved_ids() -> set[int]:
    """What the viewer has solved; a visitor nothing."""
    return queries.solved_ids(current_user.id) if current_user.is_authenticated else set()
