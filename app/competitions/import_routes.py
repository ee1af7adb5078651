"""Importing from Kaggle: search, look, choose how it counts, import."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.competitions import kaggle_account, queries, service
from app.competitions.forms import CompetitionForm
from app.competitions.scoring import is_higher_better_by_name
from app.competitions.service import KAGGLE_SLUG, LONGEST
from app.competitions.sources.base import SourceFault
from app.competitions.sources.kaggle import Found, rules_url
from app.core import clock
from app.core.refusal import Refused
from app.core.text import one_line, slug_of
from app.members.access import organiser_required

bp = Blueprint("imports", __name__, url_prefix="/competitions/import")
USUAL_LENGTH = timedelta(days=30)
MOST_PAGES = 50


@bp.get("")
@organiser_required
def search() -> ResponseReturnValue:
    """Competitions on Kaggle that match a search, with those said that the club has already."""
    text = one_line(request.args.get("q", ""))[:100]
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    is_connected, found, fault = kaggle_account.is_connected(), [], ""
    if text and is_connected:
        try:
            found = kaggle_account.client().search(text, page)
        except SourceFault as error:
            fault = str(error)
    return render_template(
        "competitions/import_search.html",
        search=text,
        page=page,
        is_connected=is_connected,
        found=found,
        fault=fault,
        imported=queries.imported([one.slug for one in found]),
    )


@bp.route("/<kaggle_slug>", methods=["GET", "POST"])
@organiser_required
def preview(kaggle_slug: str) -> ResponseReturnValue:
    """One competition on Kaggle, and the form that makes it the club's."""
    if not KAGGLE_SLUG.fullmatch(kaggle_slug):
        abort(404)
    form = CompetitionForm()
    form.offer_events(queries.event_choices())
    if form.validate_on_submit():
        form.kaggle_slug.data = kaggle_slug
        try:
            made = service.import_competition(form.draft())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Imported. Its leaderboard is fetched now.", "ok")
            return redirect(url_for("syncing.show", slug=made.slug))
    return _page(form, kaggle_slug)


def _page(form: CompetitionForm, kaggle_slug: str) -> ResponseReturnValue:
    found, fault = None, ""
    try:
        found = kaggle_account.client().competition(kaggle_slug)
    except SourceFault as error:
        fault = str(error)
    if found and not form.is_submitted():
        form = _filled(found)
    return render_template(
        "competitions/import.html",
        form=form,
        competition=None,
        found=found,
        fault=fault,
        kaggle_slug=kaggle_slug,
        known=queries.imported([kaggle_slug]).get(kaggle_slug.lower()),
        rules_url=rules_url(kaggle_slug),
    ), (422 if form.is_submitted() else 200)


def _filled(found: Found) -> CompetitionForm:
    """The form with what Kaggle tells; a battle begins now and ends with Kaggle's deadline, while that is ahead."""
    now = clock.now().replace(second=0, microsecond=0)
    is_over = found.deadline is None or found.deadline <= now
    form = CompetitionForm(
        title=one_line(found.title)[: LONGEST["title"]],
        slug=slug_of(found.slug),
        kaggle_slug=found.slug,
        metric=one_line(found.metric)[: LONGEST["metric"]],
        direction="higher" if is_higher_better_by_name(found.metric) else "lower",
        description=found.description[: LONGEST["description"]],
        starts_at=now,
        ends_at=now + USUAL_LENGTH if is_over else found.deadline,
    )
    form.offer_events(queries.event_choices())
    return form
