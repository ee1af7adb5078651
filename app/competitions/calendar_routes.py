"""Calendars to subscribe to."""

from collections.abc import Sequence

from flask import Blueprint, Response

from app.competitions import calendars, event_queries
from app.competitions.models import Competition

bp = Blueprint("calendars", __name__)


@bp.get("/calendar.ics")
def everything() -> Response:
    """All that is on and all that comes."""
    return _answer("MLBattle", calendars.coming())


@bp.get("/events/<event_slug>/calendar.ics")
def of_event(event_slug: str) -> Response:
    """All of an event that is on and that comes."""
    event = event_queries.event_by_slug(event_slug)
    return _answer(event.title, calendars.of_event(event))


def _answer(name: str, competitions: Sequence[Competition]) -> Response:
    return Response(calendars.to_ical(name, competitions), mimetype="text/calendar")
