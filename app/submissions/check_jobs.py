"""The background work of checking the judge."""

from app.core.jobs import Run, enqueue, job
from app.extensions import db
from app.submissions import checks, outages
from app.submissions.check import run_check
from app.submissions.judge import current_judge
from app.submissions.judges.base import Judge, JudgeFault

STEP_SECONDS = 240


@job(
    "check_judge",
    deadline_seconds=STEP_SECONDS,
    longest_seconds=3600,
    queue="judging",
    every_seconds=3600,
    is_due_at_start=True,
)
def check_judge(run: Run, is_asked_for: bool = False) -> None:
    """Check the judge, if somebody asked for it, or unless it is the one that was checked last and was well."""
    judge, known = current_judge(), checks.newest_check()

    def tell(done: int, total: int) -> None:
        run.still_at_work(STEP_SECONDS)
        run.progress("The judge tries its programs", done, total)

    try:
        is_the_same = known is not None and known.fingerprint == judge.fingerprint()
        if known and is_the_same and not known.report["reason"] and not is_asked_for:
            return
        if known and not is_the_same and judge.is_remote:
            with run.transaction():
                checks.forget(judge.identity)
        db.session.rollback()
        report = run_check(judge, checks.secrets(), tell)
    except JudgeFault as fault:
        with run.transaction():
            outages.note(judge.identity, fault)
            run.fail(f"{fault.reason} {fault.fix}")
            _check_its_successor(judge)
        return
    with run.transaction():
        checks.keep(report)
        enqueue("take_turns", subject="")  # for all who wait for what the check says
        if report.is_good:
            run.done(f"{len(report.findings)} programs ended as they should.")
        else:
            run.fail(f"{report.reason} {report.fix}")
        _check_its_successor(judge)


def _check_its_successor(judge: Judge) -> None:
    """Have the judge checked that took over meanwhile, if one did: while a check goes on, no other is begun."""
    if checks.in_use()[1] != judge.identity:
        enqueue("check_judge", subject="")
