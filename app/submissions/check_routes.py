"""The administrator's page of the judge."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.jobs.queries import latest_job
from app.core.security import wants_fragment
from app.members.access import admin_required
from app.problems.languages import LANGUAGES
from app.submissions import checks
from app.submissions.check import Report
from app.submissions.judges.base import Verdict

bp = Blueprint("judge", __name__, url_prefix="/admin/judge")


@bp.get("")
@admin_required
def show() -> ResponseReturnValue:
    """What the last check found, and the one that runs."""
    check, job = checks.newest_check(), latest_job("check_judge", "")
    return render_template(
        "submissions/_judge.html" if wants_fragment() else "submissions/judge.html",
        check=check,
        report=Report.from_json(check.report) if check else None,
        job=job,
        languages=LANGUAGES,
        verdicts=Verdict,
        topics=[checks.TOPIC, *([f"job:{job.id}"] if job else [])],
    )


@bp.post("")
@admin_required
def check_again() -> ResponseReturnValue:
    """Check now."""
    checks.request_check()
    return redirect(url_for(".show"))
