"""Rejudging: how long it takes beside judging the same programs, in the same run. A whole club."""

import time

from app.extensions import db
from app.submissions import rejudge_queries, rejudging, service
from bench.figures import tell
from bench.grading import DOUBLE, make_problem, register, running_club, waiting
from tests.waiting import wait_for

MEMBERS, EACH, TESTS = 20, 10, 10


def main() -> None:
    """Tell the figure: from begun to ready to be applied, over judging, scaled from what was left once all were in."""
    with running_club() as (_club, app), app.app_context():
        members = [register(f"member{number}") for number in range(MEMBERS)]
        problem = make_problem("many-tests", TESTS)
        for number in range(EACH):
            for member in members:
                service.submit(member, problem, "python", f"{DOUBLE}# {number}\n")
        left, began = waiting(), time.perf_counter()
        wait_for(lambda: waiting() == 0, "an empty queue", 600)
        judging = (time.perf_counter() - began) / left * MEMBERS * EACH
        began = time.perf_counter()
        number = rejudging.rejudge_problem(problem)
        wait_for(lambda: is_complete(number), "the rejudge", 600)
        tell("rejudge_200", time.perf_counter() - began, "s", floor=judging, goal="at most 1.1 x judging them")


def is_complete(number: int) -> bool:
    """Whether the rejudge is judged to its end."""
    db.session.rollback()
    return rejudge_queries.progress_of(number).is_complete


if __name__ == "__main__":
    main()
