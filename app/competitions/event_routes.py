"""The pages of events."""

from hashlib import sha256

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.competitions import event_banners, event_queries, event_service
from app.competitions.event_forms import BannerForm, EventForm
from app.competitions.event_live import event_topics
from app.competitions.event_queries import EventCompetitions
from app.competitions.models import Event, EventBanner
from app.core import images
from app.core.images import ImageRefused
from app.core.paging import page_asked
from app.core.refusal import Refused
from app.core.security import wants_fragment
from app.core.sheets import rounded, to_csv
from app.extensions import db
from app.members.access import me, member_required, organiser_required

bp = Blueprint("events", __name__, url_prefix="/events")

CSV_HEADER = ("Place", "Member", "Username", "Competitions entered", "Points")


@bp.get("")
def index() -> str:
    """All events, newest first."""
    page, lines = event_queries.event_page()
    return render_template("events/list.html", paging=page, lines=lines)


@bp.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One event: its competitions by status, and their points summed; for htmx only the parts that change."""
    event = event_queries.event_by_slug(slug)
    competitions = event_queries.competitions_of(event)
    if not wants_fragment():
        board = event_queries.board_page(event, competitions, page_asked())
        topics = event_topics(event.id, board.paging.page)
        return render_template("events/page.html", event=event, competitions=competitions, board=board, topics=topics)
    response = _not_modified(event, competitions)
    if response.status_code != 304:
        board = event_queries.board_page(event, competitions, page_asked())
        response.set_data(render_template("events/_parts.html", competitions=competitions, board=board))
    return response


@bp.get("/<slug>/leaderboard/me")
@member_required
def find_me(slug: str) -> ResponseReturnValue:
    """To the page and row on which the viewer stands."""
    event = event_queries.event_by_slug(slug)
    page = event_queries.page_of(event, me().id)
    if page is None:
        flash("You have not entered any of these competitions yet.", "error")
        return redirect(url_for(".show", slug=slug))
    return redirect(url_for(".show", slug=slug, page=page, _anchor=f"event-{event.id}-member-{me().id}"))


@bp.get("/<slug>/leaderboard.csv")
def leaderboard_csv(slug: str) -> ResponseReturnValue:
    """The whole leaderboard for a spreadsheet."""
    event = event_queries.event_by_slug(slug)
    found = event_queries.all_rows(event)
    rows = [(row.place, row.member, row.username, row.entered, rounded(row.points)) for row in found]
    response = Response(to_csv(CSV_HEADER, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}-leaderboard.csv"'
    return response


@bp.route("/new", methods=["GET", "POST"])
@organiser_required
def create() -> ResponseReturnValue:
    """The form for a new event."""
    form = EventForm()
    if form.validate_on_submit():
        try:
            event = event_service.create_event(form.details())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{event.title} is there. Now give it a competition.", "ok")
            return redirect(url_for("events.show", slug=event.slug))
    return render_template("events/edit.html", form=form, event=None), 422 if form.errors else 200


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@organiser_required
def edit(slug: str) -> ResponseReturnValue:
    """The form for what an event says of itself."""
    event: Event = event_queries.event_by_slug(slug)
    shown = _shown(event)
    form = EventForm(obj=event)
    if form.validate_on_submit():
        try:
            event = event_service.edit_event(event.id, form.details())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "ok")
            return redirect(url_for("events.show", slug=event.slug))
    page = render_template("events/edit.html", form=form, banner_form=BannerForm(formdata=None), event=shown)
    return page, 422 if form.errors else 200


@bp.get("/<slug>/banner.webp")
def banner(slug: str) -> Response:
    """The picture over an event's page."""
    event = event_queries.event_by_slug(slug)
    if event.banner_digest is None:
        abort(404)
    response = Response(mimetype=images.MIMETYPE)
    response.set_etag(event.banner_digest)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(db.session.get_one(EventBanner, event.id).content)
    return response


@bp.post("/<slug>/banner")
@organiser_required
def set_banner(slug: str) -> ResponseReturnValue:
    """Take a picture for the event."""
    event = event_queries.event_by_slug(slug)
    shown, form = _shown(event), BannerForm()
    if form.validate_on_submit():
        try:
            event_banners.set_banner(event.id, form.file.data.read())
        except ImageRefused as refusal:
            form.file.errors = [str(refusal)]
        else:
            flash("The banner is up.", "ok")
            return redirect(url_for("events.show", slug=slug))
    details = EventForm(formdata=None, obj=event)
    return render_template("events/edit.html", form=details, banner_form=form, event=shown), 422


@bp.post("/<slug>/banner/remove")
@organiser_required
def remove_banner(slug: str) -> ResponseReturnValue:
    """Take the picture off the event."""
    event_banners.remove_banner(event_queries.event_by_slug(slug).id)
    flash("The banner is gone.", "ok")
    return redirect(url_for("events.edit", slug=slug))


def _shown(event: Event) -> dict[str, object]:
    # Kept apart from the row, which a refused change rolls back.
    return {"slug": event.slug, "title": event.title, "banner_digest": event.banner_digest}


def _not_modified(event: Event, competitions: EventCompetitions) -> Response:
    """An answer that carries the version of what is asked for; 304 where the page has that version already."""
    version = (event.slug, event.title, page_asked(), competitions.version)
    response = Response(mimetype="text/html")
    response.set_etag(sha256(repr(version).encode()).hexdigest(), weak=True)
    response.make_conditional(request)
    return response
