"""Calendars that other programs subscribe to: read back with the reader of the same standard."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Competition
from app.core import clock
from app.core.db import transaction
from app.extensions import db

LONG = "A title with umlauts äöü, commas; and semicolons, so long that the line has to be folded somewhere\N{ROCKET}"


@pytest.fixture
def read(client):
    """read("/calendar.ics"): the calendar, after a look at its bytes."""

    def fetch(path):
        answer = client.get(path)
        assert answer.mimetype == "text/calendar"
        assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
        assert b"\n" not in answer.data.replace(b"\r\n", b"")
        return Calendar.from_ical(answer.data)

    return fetch


def test_what_is_on_and_what_comes_but_not_what_is_over(read, make_competition):
    now = clock.now()
    day = timedelta(days=1)
    make_competition("late", starts_at=now + 3 * day, ends_at=now + 4 * day)
    make_competition("over", starts_at=now - 3 * day, ends_at=now - 2 * day)
    make_competition("on")
    assert [entry["summary"] for entry in read("/calendar.ics").events] == ["On", "Late"]


def test_moments_are_in_utc_to_the_second(client, read, make_competition):
    starts_at, ends_at = datetime(2090, 3, 25, 1, 30, tzinfo=UTC), datetime(2090, 10, 28, 2, 30, tzinfo=UTC)
    make_competition(starts_at=starts_at, ends_at=ends_at)
    (entry,) = read("/calendar.ics").events
    assert (entry.start, entry.end) == (starts_at, ends_at)
    assert b"DTSTART:20900325T013000Z\r\n" in client.get("/calendar.ics").data


def test_an_entry_keeps_its_name_when_everything_else_changes(read, make_competition):
    competition = make_competition()
    (before,) = read("/calendar.ics").events
    with transaction():
        stored = db.session.get_one(Competition, competition.id)
        stored.slug, stored.title = "other", "Other"
        stored.ends_at += timedelta(days=1)
    (after,) = read("/calendar.ics").events
    assert before["uid"] == after["uid"]
    assert before["summary"] != after["summary"]


def test_an_entry_has_one_name_under_whatever_address_it_is_asked(client, read, make_competition):
    make_competition()
    (entry,) = read("/calendar.ics").events
    elsewhere = client.get("/calendar.ics", base_url="http://club.example:8000").data
    assert [one["uid"] for one in Calendar.from_ical(elsewhere).events] == [entry["uid"]]


def test_programs_are_told_to_look_every_hour(client):
    calendar = client.get("/calendar.ics").data
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in calendar
    assert b"\r\nX-PUBLISHED-TTL:PT1H\r\n" in calendar


def test_names_are_different_and_addresses_whole(read, make_competition):
    make_competition("one")
    make_competition("two")
    entries = read("/calendar.ics").events
    assert len({entry["uid"] for entry in entries}) == 2
    assert [entry["url"] for entry in entries] == [f"http://localhost/competitions/{slug}" for slug in ("one", "two")]


def test_odd_titles_survive(read, make_competition):
    make_competition(title=LONG)
    assert [entry["summary"] for entry in read("/calendar.ics").events] == [LONG]


def test_an_events_calendar_has_what_is_on_and_comes_of_its_own_only(read, make_competition):
    night = create_event(EventDetails(title="Neural Night"))
    now = clock.now()
    make_competition("over", event_id=night.id, starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=2))
    make_competition("on", event_id=night.id)
    make_competition("elsewhere")
    calendar = read("/events/neural-night/calendar.ics")
    assert calendar["x-wr-calname"] == "Neural Night"
    assert [entry["summary"] for entry in calendar.events] == ["On"]
    assert all("Neural Night" in entry["description"] for entry in calendar.events)


def test_a_calendar_without_entries_is_a_calendar(read):
    assert read("/calendar.ics").events == []


def test_the_calendar_of_no_event_is_a_404(client):
    assert client.get("/events/nothing/calendar.ics").status_code == 404


def test_pages_lead_to_their_calendars(client):
    create_event(EventDetails(title="Night"))
    assert 'href="/calendar.ics"' in client.get("/competitions").text
    assert 'href="/events/night/calendar.ics"' in client.get("/events/night").text
