"""What the demo club's members have handed in: programs of the starter set, with invented figures."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.core.db import transaction
from app.extensions import db
from app.members.models import Member
from app.problems.models import Problem, TestCase
from app.submissions.models import Judging, Solve, Submission

JUDGE = "demo club"
DAYS = 100
SHARES = {"easy": 0.6, "medium": 0.35, "hard": 0.12}  # of the members who solve such a problem
FIRST_TRY = 0.5  # how often the first program is right


def hand_in(members: Sequence[Member], packages: Path, dice: random.Random, now: datetime) -> None:
    """Let members solve problems, some after a wrong answer, at moments of the last months."""
    with transaction():
        for problem in db.session.scalars(select(Problem).order_by(Problem.slug)).all():
            tests = select(TestCase.is_sample).where(TestCase.problem_id == problem.id).order_by(TestCase.position)
            are_samples = db.session.scalars(tests).all()
            right = (packages / problem.slug / "submissions" / "accepted" / "solution.py").read_text()
            for member in members:
                if dice.random() > SHARES[problem.difficulty]:
                    continue
                at = now - timedelta(days=dice.uniform(0, DAYS))
                if dice.random() > FIRST_TRY:
                    _judged(member, problem, "print(-1)\n", at - timedelta(minutes=9), "WA", are_samples, dice)
                submission = _judged(member, problem, right, at, "AC", are_samples, dice)
                solved = {"problem_id": problem.id, "member_id": member.id, "points": problem.points}
                db.session.add(Solve(submission_id=submission.id, solved_at=at, **solved))


def _judged(
    member: Member,
    problem: Problem,
    source: str,
    at: datetime,
    verdict: str,
    are_samples: Sequence[bool],
    dice: random.Random,
) -> Submission:
    program = {"member_id": member.id, "problem_id": problem.id, "language": "python", "source": source}
    submission = Submission(submitted_at=at, verdict=verdict, **program)
    db.session.add(submission)
    db.session.flush()
    total = len(are_samples)
    run = total if verdict == "AC" else dice.randint(sum(are_samples) + 1, total)  # a wrong one passes the samples
    times = [dice.randint(9, 160) for _ in range(run)]
    memory = [dice.randint(8_000, 19_000) for _ in range(run)]
    results = [
        {
            "number": number + 1,
            "is_sample": are_samples[number],
            "verdict": "AC" if number + 1 < run else verdict,
            "cpu_ms": times[number],
            "memory_kb": memory[number],
        }
        for number in range(run)
    ]
    db.session.add(
        Judging(
            submission_id=submission.id,
            is_counted=True,
            judge=JUDGE,
            tests_version=problem.tests_version,
            started_at=at,
            finished_at=at + timedelta(seconds=2),
            verdict=verdict,
            passed=run if verdict == "AC" else run - 1,
            total=total,
            cpu_ms=max(times),
            memory_kb=max(memory),
            results=results,
            failed_number=None if verdict == "AC" else run,
        )
    )
    return submission
