"""The administrator's pages of the judge: whether it can be relied on, which it is, and where Judge0 is."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.jobs.queries import latest_job
from app.core.refusal import Refused
from app.core.security import wants_fragment
from app.members.access import admin_required
from app.problems.languages import LANGUAGES
from app.submissions import checks, judge_settings, queries
from app.submissions.check import Report
from app.submissions.judge import TITLES, connect_judge0, use_judge
from app.submissions.judge_forms import Judge0Form
from app.submissions.judges.base import Verdict

bp = Blueprint("judge", __name__, url_prefix="/admin/judge")
FIELDS = ("url", "token", "token_header", "headers")


@bp.get("")
@admin_required
def show() -> ResponseReturnValue:
    """What the last check found, and the one that runs."""
    standing, job = checks.standing(), latest_job("check_judge", "")
    report = Report.from_json(standing.check.report) if standing.check else None
    return render_template(
        "submissions/_judge.html" if wants_fragment() else "submissions/judge.html",
        standing=standing,
        report=report,
        titles=TITLES,
        place=judge_settings.judge0_place(),
        beyond=queries.problems_beyond(report.offer) if report else [],
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


@bp.post("/use")
@admin_required
def use() -> ResponseReturnValue:
    """Have another judge judge from now on."""
    name = request.form.get("judge", "")
    try:
        use_judge(name)
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        flash(f"From now on programs are judged by {TITLES[name]}.", "ok")
    return redirect(url_for(".show"))


@bp.route("/judge0", methods=["GET", "POST"])
@admin_required
def judge0() -> ResponseReturnValue:
    """Where Judge0 is, and a form to say so."""
    form, place = Judge0Form(), judge_settings.judge0_place()
    if form.validate_on_submit():
        try:
            connect_judge0(judge_settings.typed_place(*(form[name].data or "" for name in FIELDS)))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Connected. It judges from now on, and is being checked.", "ok")
            return redirect(url_for(".show"))
    return render_template(
        "submissions/judge0.html", form=form, place=place, is_unreadable=judge_settings.is_unreadable()
    ), (422 if form.is_submitted() else 200)


@bp.post("/judge0/forget")
@admin_required
def forget() -> ResponseReturnValue:
    """Let the typed-in Judge0 go."""
    judge_settings.forget_place()
    flash("Forgotten.", "ok")
    return redirect(url_for(".judge0"))
