"""Reference solutions judged by the site's own judge: for what they come to, and for their times."""

from sqlalchemy import select, update

from app.core import clock
from app.core.jobs import NotNow, Run, enqueue, job
from app.extensions import db
from app.problems.languages import judged_source
from app.problems.models import Problem, ReferenceSolution, TestCase
from app.problems.service import lock_problem
from app.submissions.grading import program_of, rules_of, tests_of
from app.submissions.jobs import is_off, judged
from app.submissions.judge import current_judge
from app.submissions.judges.base import JudgeFault


def ask_for(problem_id: int) -> None:
    """Have the solutions of a problem judged; within the caller's transaction."""
    enqueue("judge_references", subject=f"problem:{problem_id}", problem_id=problem_id)


@job("find_references", deadline_seconds=60, every_seconds=600, is_due_at_start=True)
def find_references(run: Run) -> None:
    """Have those judged that never were, or by other tests or limits than those of today."""
    waits = (ReferenceSolution.language.in_(_languages()), ReferenceSolution.judged_at.is_(None))
    with run.transaction():
        problems = sorted(set(db.session.scalars(select(ReferenceSolution.problem_id).where(*waits))))
        for problem_id in problems:
            ask_for(problem_id)
        run.done(f"{len(problems)} problems.")


@job("judge_references", deadline_seconds=30, longest_seconds=3600, queue="rejudging")
def judge_references(run: Run, problem_id: int) -> None:
    """Judge them all, each as a member's program would be, whatever they are to come to."""
    wanted = (ReferenceSolution.problem_id == problem_id, ReferenceSolution.language.in_(_languages()))
    ids = db.session.scalars(select(ReferenceSolution.id).where(*wanted).order_by(ReferenceSolution.id)).all()
    done = 0
    for reference_id in ids:
        if is_off() or not _judge(run, problem_id, reference_id):
            break
        done += 1
    with run.transaction():
        run.done(f"{done} of {len(ids)} judged.")


def _languages() -> list[str]:
    """Those in which programs can be judged now."""
    if is_off():
        return []
    judge = current_judge()
    db.session.rollback()
    try:
        return [key for key, lacking in judge.languages().items() if lacking is None]
    except JudgeFault:
        return []


def _judge(run: Run, problem_id: int, reference_id: int) -> bool:
    """Judge one; False while the judge runs nothing."""
    problem = db.session.get_one(Problem, problem_id, populate_existing=True)
    reference = db.session.get_one(ReferenceSolution, reference_id, populate_existing=True)
    source = judged_source(reference.name, reference.language, reference.source)
    rules, program = rules_of(problem), program_of(problem, reference.language, source)
    tests = tests_of(problem_id)
    tell = lambda _number: run.still_at_work(program.longest_seconds)  # noqa: E731
    try:
        found = judged(current_judge(), program, tests, tell)
    except JudgeFault:
        return False
    with run.transaction():
        if rules_of(lock_problem(problem_id)) != rules:
            raise NotNow("The tests or limits were changed meanwhile.")
        note = found.note(lambda number: _test_name(tests[number - 1].id))
        used = {"cpu_ms": found.cpu_ms, "memory_kb": found.memory_kb, "note": note}
        values = {"found": found.verdict.value, "judged_at": clock.now(), **used}
        db.session.execute(update(ReferenceSolution).where(ReferenceSolution.id == reference_id).values(values))
    return True


def _test_name(test_id: int) -> str:
    return db.session.scalars(select(TestCase.name).where(TestCase.id == test_id)).one()
