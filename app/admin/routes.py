"""Administrators' pages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.competitions.queries import failing_syncs
from app.core.audit import latest_acts
from app.core.jobs import queries, service
from app.core.security import wants_fragment
from app.members.access import admin_required
from app.ratings.queries import awaiting
from app.ratings.service import request_replay
from app.submissions.checks import grading_off
from app.submissions.queries import count_judge_errors

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@admin_required
def index() -> ResponseReturnValue:
    """What an administrator does every week, and the way to everything that is stored."""
    job = queries.latest_job("replay_ratings", "")
    if wants_fragment():
        return render_template("jobs/_job.html", job=job) if job else ("", 204)
    return render_template(
        "admin/index.html",
        failed_jobs=queries.count_unsolved(),
        failing_syncs=failing_syncs(),
        awaiting=awaiting(),
        grading_off=grading_off(),
        judge_errors=count_judge_errors(),
        acts=latest_acts(),
        job=job,
    )


@bp.post("/ratings/replay")
@admin_required
def replay_ratings() -> ResponseReturnValue:
    """Work out every rating from nothing."""
    request_replay()
    return redirect(url_for(".index"))


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
