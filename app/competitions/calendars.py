"""Competitions as a calendar that other programs subscribe to (RFC 5545); moments are in UTC."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from icalendar import Calendar, vDuration
from icalendar import Event as CalendarEntry
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.competitions.models import Competition, Event
from app.core import clock
from app.extensions import db

REFRESH = timedelta(hours=1)
MOST = 500


def coming() -> list[Competition]:
    """Every competition that is on or still to come, the first to start first."""
    return _read(Competition.ends_at > clock.now())


def of_event(event: Event) -> list[Competition]:
    """Those of them that are the event's."""
    return _read(Competition.event_id == event.id, Competition.ends_at > clock.now())


def to_ical(name: str, competitions: Sequence[Competition]) -> bytes:
    """A calendar called `name`."""
    calendar = Calendar()
    calendar.add("prodid", "-//MLBattle//competitions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for competition in competitions:
        calendar.add_component(_entry(competition))
    return calendar.to_ical()


def _entry(competition: Competition) -> CalendarEntry:
    address = url_for("competitions.overview", slug=competition.slug, _external=True)
    entry = CalendarEntry()
    # The number stays when title, address or dates change, so that programs move the entry instead of adding one; when
    # it was made tells clubs apart, under whatever name they are asked.
    entry.add("uid", f"competition-{competition.id}-{competition.created_at:%Y%m%dT%H%M%S%f}@mlbattle")
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", competition.starts_at)
    entry.add("dtend", competition.ends_at)
    entry.add("summary", competition.title)
    entry.add("description", "\n".join(filter(None, (_within(competition), address))))
    entry.add("url", address)
    entry.add("transp", "TRANSPARENT")  # a competition of two weeks does not make anybody busy
    return entry


def _within(competition: Competition) -> str:
    return competition.event.title if competition.event else ""


def _read(*conditions: ColumnElement[bool]) -> list[Competition]:
    query = select(Competition).where(*conditions).options(joinedload(Competition.event))
    return list(db.session.scalars(query.order_by(Competition.starts_at, Competition.id).limit(MOST)))
