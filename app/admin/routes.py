"""Administrators' pages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.jobs import queries, service
from app.members.access import admin_required

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/jobs")
@admin_required
def jobs() -> ResponseReturnValue:
    """All background jobs, newest first; `state` shows only those in it."""
    state = request.args.get("state", "")
    cards, paging = queries.list_jobs(state if state in queries.STATES else "")
    return render_template("admin/jobs.html", jobs=cards, paging=paging, state=state, states=queries.STATES)


@bp.post("/jobs/<int:job_id>/again")
@admin_required
def run_again(job_id: int) -> ResponseReturnValue:
    """Start a failed job once more, as a new one."""
    if service.run_again(job_id) is None:
        flash("Only a failed job can be run again, and only while no other is at the same work.", "error")
    else:
        flash("Queued again.", "ok")
    return redirect(url_for(".jobs"))
