"""The pages on which organisers bring a roster in from a file, see what it would do, and take it back."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.paging import paging
from app.core.refusal import Refused
from app.members.access import organiser_required
from app.tracker import cohort_queries, imports, record, undoing
from app.tracker.headings import labels
from app.tracker.models import Cohort
from app.tracker.people_forms import RosterForm
from app.tracker.planning import FATES

bp = Blueprint("roster_imports", __name__, url_prefix="/cohorts/<cohort_slug>/import")
LEFT_OUT = "left-out"


@bp.route("", methods=["GET", "POST"])
@organiser_required
def index(cohort_slug: str) -> ResponseReturnValue:
    """Take a file, or show what the one that waits would do, row by row."""
    cohort, form = _cohort(cohort_slug), RosterForm()
    if form.validate_on_submit():
        try:
            imports.receive(cohort.id, form.file.data.filename or "", form.file.data.read())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".index", cohort_slug=cohort_slug))
    return _page(cohort_slug, form)


@bp.post("/columns")
@organiser_required
def columns(cohort_slug: str) -> ResponseReturnValue:
    """Say what each column holds."""
    cohort = _cohort(cohort_slug)
    chosen = [(text, name) for name, text in request.form.items() if name.startswith("column-") and text]
    mapped = {field: int(name[7:]) for field, name in chosen if name[7:].isdecimal() and len(name) < 12}
    try:
        if len(mapped) < len(chosen):
            raise Refused("", "Two columns cannot hold the same.")
        imports.correct(cohort.id, mapped, has_headings="has-headings" in request.form)
    except Refused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".index", cohort_slug=cohort_slug))


@bp.post("/apply")
@organiser_required
def apply(cohort_slug: str) -> ResponseReturnValue:
    """Do what was shown."""
    try:
        planned, note = imports.apply_waiting(_cohort(cohort_slug).id, request.form.get("seen", ""))
    except Refused as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".index", cohort_slug=cohort_slug))
    counts = planned.counts
    flash(f"Done: {counts['added']:,} added, {counts['changed']:,} changed. {note}".rstrip(), "ok")
    return redirect(url_for("people.index", cohort_slug=cohort_slug))


@bp.post("/drop")
@organiser_required
def drop(cohort_slug: str) -> ResponseReturnValue:
    """Forget the file that waits."""
    imports.drop(_cohort(cohort_slug).id)
    flash("The file is forgotten; nothing has changed.", "ok")
    return redirect(url_for(".index", cohort_slug=cohort_slug))


@bp.post("/undo")
@organiser_required
def undo(cohort_slug: str) -> ResponseReturnValue:
    """Take the newest import back."""
    try:
        undone = undoing.undo(_cohort(cohort_slug).id)
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        kept = f" Touched since, and left so: {undone.left:,}." if undone.left else ""
        flash(f"Taken back: {undone.removed:,} are gone again, {undone.restored:,} as they were.{kept}", "ok")
    return redirect(url_for(".index", cohort_slug=cohort_slug))


def _page(cohort_slug: str, form: RosterForm) -> ResponseReturnValue:
    cohort = _cohort(cohort_slug)
    waiting = imports.waiting(cohort.id)
    fate = request.args.get("fate", "") if request.args.get("fate") in (*FATES, LEFT_OUT) else ""
    told = waiting.plan.rows if waiting else []
    rows = [row for row in told if fate in ("", row.fate) or (fate == LEFT_OUT and row.left_out)]
    shown = paging(len(rows))
    page = render_template(
        "tracker/import.html",
        cohort=cohort,
        form=form,
        waiting=waiting,
        rows=rows[shown.offset : shown.offset + shown.per_page],
        paging=shown,
        fate=fate,
        labels=labels(),
        newest=undoing.newest_import(cohort.id),
        deeds=record.imports_into(cohort),
    )
    return page, 422 if form.is_submitted() else 200


def _cohort(slug: str) -> Cohort:
    return cohort_queries.find_cohort(slug) or abort(404)
