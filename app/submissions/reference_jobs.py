"""Reference solutions judged by the site's own judge, so that their times can be told."""

from sqlalchemy import select, update

from app.core import clock
from app.core.jobs import NotNow, Run, enqueue, job
from app.extensions import db
from app.problems.languages import LANGUAGES, judged_source
from app.problems.models import Problem, ReferenceSolution
from app.problems.service import lock_problem
from app.submissions import checks, editorials
from app.submissions.grading import program_of, rules_of, tests_of
from app.submissions.jobs import is_off, judged
from app.submissions.judge import current_judge
from app.submissions.judges.base import JudgeFault, Verdict


def ask_for(problem_id: int) -> None:
    """Have the solutions of a problem judged; within the caller's transaction."""
    enqueue("judge_references", subject=f"problem:{problem_id}", problem_id=problem_id)


@job("find_references", deadline_seconds=60, every_seconds=600, is_due_at_start=True)
def find_references(run: Run) -> None:
    """Have those judged that never were, or by other tests or limits than those of today."""
    known = ReferenceSolution.language.in_(list(LANGUAGES))
    query = select(ReferenceSolution.problem_id).where(
        editorials.IS_TO_SOLVE_IT, known, ReferenceSolution.judged_at.is_(None)
    )
    with run.transaction():
        problems = [] if checks.grading_off() else sorted(set(db.session.scalars(query)))
        for problem_id in problems:
            ask_for(problem_id)
        run.done(f"{len(problems)} problems.")


@job("judge_references", deadline_seconds=30, longest_seconds=3600, queue="rejudging")
def judge_references(run: Run, problem_id: int) -> None:
    """Judge the solutions that are to be accepted, each as a member's program would be."""
    ids = [row.id for row in editorials.references_to_judge(problem_id)]
    done = 0
    for reference_id in ids:
        if is_off() or not _judge(run, problem_id, reference_id):
            break
        done += 1
    with run.transaction():
        run.done(f"{done} of {len(ids)} judged.")


def _judge(run: Run, problem_id: int, reference_id: int) -> bool:
    """Judge one; False while the judge runs nothing."""
    problem = db.session.get_one(Problem, problem_id, populate_existing=True)
    reference = db.session.get_one(ReferenceSolution, reference_id, populate_existing=True)
    source = judged_source(reference.name, reference.language, reference.source)
    rules, program = rules_of(problem), program_of(problem, reference.language, source)
    tell = lambda _number: run.still_at_work(program.longest_seconds)  # noqa: E731
    try:
        found = judged(current_judge(), program, tests_of(problem_id), tell)
    except JudgeFault:
        return False
    if found.verdict == Verdict.JE:
        raise NotNow(found.reason)
    with run.transaction():
        if rules_of(lock_problem(problem_id)) != rules:
            raise NotNow("The tests or limits were changed meanwhile.")
        used = {"cpu_ms": found.cpu_ms, "memory_kb": found.memory_kb}
        values = {"found": found.verdict.value, "judged_at": clock.now(), **used}
        db.session.execute(update(ReferenceSolution).where(ReferenceSolution.id == reference_id).values(values))
    return True
