"""The pages on which organisers bring problems in as packages, and take them out."""

import io

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.core.jobs.queries import latest_job
from app.core.security import wants_fragment
from app.extensions import db
from app.members.access import organiser_required
from app.packages import service, uploads
from app.packages.exporting import write_package
from app.packages.forms import PackageForm
from app.packages.reports import Report
from app.packages.sheets import PackageRefused
from app.problems.models import PackageUpload
from app.problems.queries import find_problem
from app.problems.references import contradicting
from app.problems.service import ProblemRefused
from app.submissions.rejudge_queries import has_old_verdicts

bp = Blueprint("packages", __name__, url_prefix="/problem-packages")


@bp.route("", methods=["GET", "POST"])
@organiser_required
def index() -> ResponseReturnValue:
    """Take an archive, and list those that wait."""
    form = PackageForm()
    if form.validate_on_submit():
        try:
            upload_id = uploads.receive_archive(form.file.data.filename or "", form.file.data.read())
        except PackageRefused as refusal:
            form.file.errors = [str(refusal)]
        else:
            return redirect(url_for(".show", upload_id=upload_id))
    waiting = uploads.waiting()
    page = render_template(
        "packages/index.html",
        form=form,
        waiting=waiting,
        failed=uploads.failed(waiting),
        contradicting=contradicting(),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/<int:upload_id>")
@organiser_required
def show(upload_id: int) -> ResponseReturnValue:
    """What was found in an archive, or how far that is; for htmx only that."""
    upload = db.session.get(PackageUpload, upload_id) or abort(404)
    job = latest_job(uploads.JOB, uploads.subject(upload_id))
    return render_template(
        "packages/_package.html" if wants_fragment() else "packages/show.html",
        upload=upload,
        job=job,
        report=Report.from_json(upload.report) if upload.report else None,
        topics=[uploads.subject(upload_id), *([f"job:{job.id}"] if job else [])],
    )


@bp.post("/<int:upload_id>/examine")
@organiser_required
def examine(upload_id: int) -> ResponseReturnValue:
    """Examine the package that is chosen."""
    try:
        uploads.choose_folder(upload_id, request.form.get("folder", ""))
    except ProblemRefused as refusal:
        flash(str(refusal), "error")
    return _to(upload_id)


@bp.post("/<int:upload_id>/import")
@organiser_required
def apply(upload_id: int) -> ResponseReturnValue:
    """Import the package that was shown."""
    try:
        problem = uploads.import_upload(upload_id, is_published="publish" in request.form)
    except (PackageRefused, ProblemRefused) as refusal:
        flash(str(refusal), "error")
        return _to(upload_id)
    flash(f"“{problem.title}” is here{', as a draft' if problem.status == 'draft' else ''}.", "ok")
    if has_old_verdicts(problem):
        flash(service.OLD_VERDICTS, "warn")
    return redirect(url_for("problems.show", problem_slug=problem.slug))


@bp.post("/<int:upload_id>/drop")
@organiser_required
def drop(upload_id: int) -> ResponseReturnValue:
    """Forget the archive."""
    uploads.drop_upload(upload_id)
    flash("The package is forgotten; nothing has changed.", "ok")
    return redirect(url_for(".index"))


@bp.get("/of/<problem_slug>.zip")
@organiser_required
def export(problem_slug: str) -> ResponseReturnValue:
    """The problem as a package."""
    problem = find_problem(problem_slug) or abort(404)
    target = io.BytesIO()
    write_package(problem, target)
    target.seek(0)
    return send_file(target, mimetype="application/zip", as_attachment=True, download_name=f"{problem.slug}.zip")


def _to(upload_id: int) -> ResponseReturnValue:
    if db.session.get(PackageUpload, upload_id) is None:
        return redirect(url_for(".index"))
    return redirect(url_for(".show", upload_id=upload_id))
