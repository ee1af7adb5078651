"""The background work of checking the judge."""

from app.core.jobs import Run, job
from app.extensions import db
from app.submissions import checks
from app.submissions.check import run_check
from app.submissions.judge import current_judge


@job("check_judge", deadline_seconds=240, queue="judging", every_seconds=3600, is_due_at_start=True)
def check_judge(run: Run, is_asked_for: bool = False) -> None:
    """Check the judge, if somebody asked for it or it is not the one that was checked last."""
    judge, known = current_judge(), checks.newest_check()
    if known and known.fingerprint == judge.fingerprint() and not is_asked_for:
        return
    db.session.rollback()
    report = run_check(
        judge, checks.secrets(), lambda done, total: run.progress("The judge tries its programs", done, total)
    )
    with run.transaction():
        checks.keep(report)
        if report.is_good:
            run.done(f"{len(report.findings)} programs ended as they should.")
        else:
            run.fail(f"{report.reason} {report.fix}")
