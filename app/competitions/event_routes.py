"""The pages of events."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.competitions import event_queries, event_service
from app.competitions.event_forms import EventForm
from app.competitions.event_service import EventRefused
from app.competitions.models import Event
from app.core.paging import paging
from app.members.access import organiser_required

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("")
def index() -> str:
    """All events, newest first."""
    page, lines = event_queries.event_page()
    return render_template("events/list.html", paging=page, lines=lines)


@bp.get("/<slug>")
def show(slug: str) -> str:
    """One event: its competitions by status, and the points of all of them."""
    event = event_queries.event_by_slug(slug)
    standings = event_queries.event_standings(event)
    page = paging(len(standings))
    groups = event_queries.competitions_of(event)
    return render_template(
        "events/page.html",
        event=event,
        groups=groups,
        unscaled=event_queries.unscaled_titles(groups),
        paging=page,
        standings=standings[page.offset : page.offset + page.per_page],
    )


@bp.route("/new", methods=["GET", "POST"])
@organiser_required
def create() -> ResponseReturnValue:
    """The form for a new event."""
    form = EventForm()
    if form.validate_on_submit():
        try:
            event = event_service.create_event(form.details())
        except EventRefused as refusal:
            _put_beside(form, refusal)
        else:
            flash(f"{event.title} is there. Now give it a competition.", "ok")
            return redirect(url_for("events.show", slug=event.slug))
    return render_template("events/edit.html", form=form, event=None), 422 if form.errors else 200


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@organiser_required
def edit(slug: str) -> ResponseReturnValue:
    """The form for what an event says of itself."""
    event: Event = event_queries.event_by_slug(slug)
    title = event.title
    form = EventForm(obj=event)
    if form.validate_on_submit():
        try:
            event = event_service.edit_event(event.id, form.details())
        except EventRefused as refusal:
            _put_beside(form, refusal)
        else:
            flash("Saved.", "ok")
            return redirect(url_for("events.show", slug=event.slug))
    page = render_template("events/edit.html", form=form, event={"slug": slug, "title": title})
    return page, 422 if form.errors else 200


def _put_beside(form: EventForm, refusal: EventRefused) -> None:
    form[refusal.field].errors = [str(refusal)]
