"""The pages of cohorts: the list, and the forms that make, change and remove them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.refusal import Refused
from app.members.access import me, member_required, organiser_required
from app.tracker import cohort_queries, cohorts
from app.tracker.cohort_forms import VISIBILITY_NAMES, CohortForm
from app.tracker.models import Cohort

bp = Blueprint("cohorts", __name__, url_prefix="/cohorts")


@bp.get("")
@member_required
def index() -> str:
    """The cohorts that the viewer may see."""
    lines, paging = cohort_queries.cohort_page(me())
    return render_template("tracker/cohorts.html", lines=lines, paging=paging, visibility_names=VISIBILITY_NAMES)


@bp.route("/new", methods=["GET", "POST"])
@organiser_required
def create() -> ResponseReturnValue:
    """The form for a new cohort."""
    form = CohortForm()
    if form.validate_on_submit():
        try:
            cohort = cohorts.create_cohort(form.details())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("It is there. Now put people on its roster.", "ok")
            return redirect(url_for("people.index", cohort_slug=cohort.slug))
    return render_template("tracker/edit_cohort.html", form=form, cohort=None), 422 if form.errors else 200


@bp.route("/<cohort_slug>/edit", methods=["GET", "POST"])
@organiser_required
def edit(cohort_slug: str) -> ResponseReturnValue:
    """The form for what a cohort is."""
    cohort = cohort_or_404(cohort_slug)
    form = CohortForm() if request.method == "POST" else CohortForm.of(cohort)
    if form.validate_on_submit():
        try:
            changed = cohorts.edit_cohort(cohort.id, form.details())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "ok")
            return redirect(url_for(".edit", cohort_slug=changed.slug))
    page = render_template("tracker/edit_cohort.html", form=form, cohort=cohort_or_404(cohort_slug))
    return page, 422 if form.errors else 200


@bp.route("/<cohort_slug>/remove", methods=["GET", "POST"])
@organiser_required
def remove(cohort_slug: str) -> ResponseReturnValue:
    """Say what goes with a cohort, and let it go."""
    cohort = cohort_or_404(cohort_slug)
    if request.method == "GET":
        content = cohort_queries.content_of(cohort_id=cohort.id)
        return render_template("tracker/remove_cohort.html", cohort=cohort, content=content)
    name = f"{cohort.college}, {cohort.batch}"
    try:
        cohorts.remove_cohort(cohort.id)
    except Refused as refusal:
        flash(str(refusal), "error")
    else:
        flash(f"{name} is gone, with everybody on its roster.", "ok")
    return redirect(url_for(".index"))


def cohort_or_404(slug: str) -> Cohort:
    """The cohort at this address; who may see it is for the route to ask."""
    return cohort_queries.find_cohort(slug) or abort(404)
