"""Leaderboards on a wall: big, without navigation, paging themselves (projector.js)."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from app.competitions import event_queries, projector, queries
from app.competitions.projector import Slide
from app.core.paging import page_asked
from app.core.security import wants_fragment

bp = Blueprint("projectors", __name__)


@bp.get("/competitions/<slug>/projector")
def competition(slug: str) -> Response:
    """A competition's leaderboard."""
    found = queries.find_competition(slug) or abort(404)
    address = url_for("competitions.leaderboard", slug=slug)
    return _answer(projector.competition_slide(found, page_asked()), f"board:{found.id}:hint", address)


@bp.get("/events/<event_slug>/projector")
def event(event_slug: str) -> Response:
    """An event's leaderboard."""
    found = event_queries.event_by_slug(event_slug)
    address = url_for("events.show", slug=event_slug)
    return _answer(projector.event_slide(found, page_asked()), f"event:{found.id}:hint", address)


def _answer(slide: Slide, topic: str, address: str) -> Response:
    if not wants_fragment():
        return make_response(render_template("projectors/page.html", slide=slide, topic=topic, address=address))
    response = make_response(render_template("projectors/_slide.html", slide=slide))
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response
