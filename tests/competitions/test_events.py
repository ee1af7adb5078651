"""Events: made and edited by organisers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.competitions.event_service import EventDetails, create_event, edit_event
from app.competitions.models import Event
from app.core.audit import AuditRecord
from app.core.refusal import Refused
from app.extensions import db

Make = Callable[..., Any]


@pytest.fixture
def organiser(client: FlaskClient, make_member: Make, log_in: Make) -> FlaskClient:
    return log_in(client, make_member("olga", role="organiser"))


def test_an_address_is_made_from_the_title(app: Flask) -> None:
    assert create_event(EventDetails(title="  Neural Night: Café!  ")).slug == "neural-night-cafe"


@pytest.mark.parametrize(
    ("field", "details"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 121}),
        ("slug", {"title": "Night", "slug": "Neural Night"}),
        ("slug", {"title": "Night", "slug": "new"}),
        ("slug", {"title": "Night", "slug": "x" * 61}),
        ("slug", {"title": "夜"}),
        ("prize", {"title": "Night", "prize": "x" * 121}),
        ("description", {"title": "Night", "description": "x" * 20_001}),
        (
            "ends_at",
            {
                "title": "Night",
                "starts_at": datetime(2026, 11, 2, tzinfo=UTC),
                "ends_at": datetime(2026, 11, 2, tzinfo=UTC),
            },
        ),
    ],
)
def test_what_will_not_do_is_refused_beside_its_field(app: Flask, field: str, details: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        create_event(EventDetails(**details))
    assert refusal.value.field == field
    assert db.session.scalar(select(Event.id)) is None


def test_a_taken_address_is_refused(app: Flask) -> None:
    create_event(EventDetails(title="Night"))
    with pytest.raises(Refused, match="Another event has this address"):
        create_event(EventDetails(title="Night"))


def test_control_characters_do_not_reach_the_database(app: Flask) -> None:
    event = create_event(EventDetails(title="Neural\0 Night", description="one\0\r\ntwo"))
    assert (event.title, event.description) == ("Neural Night", "one\ntwo")


def test_a_script_in_the_description_is_not_shown(app: Flask) -> None:
    event = create_event(EventDetails(title="Night", description="**Bring** <script>alert(1)</script>"))
    assert "<strong>Bring</strong>" in event.description_html
    assert "<script" not in event.description_html


def test_editing_keeps_its_own_address_and_is_recorded(app: Flask) -> None:
    event = create_event(EventDetails(title="Night"))
    edit_event(event.id, EventDetails(title="Long Night", slug="night"))
    record = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert record is not None
    assert (record.act, record.before["title"], record.after["title"]) == ("edit event", "Night", "Long Night")


def test_an_organiser_makes_an_event_by_the_form(organiser: FlaskClient) -> None:
    form = {"title": "Neural Night", "starts_at": "2026-11-21T18:00", "description": "Bring a laptop."}
    page = organiser.post("/events/new", data=form, follow_redirects=True)
    assert page.request.path == "/events/neural-night"
    assert "Bring a laptop." in page.text
    assert db.session.scalar(select(Event.starts_at)) == datetime(2026, 11, 21, 18, tzinfo=UTC)


def test_a_refused_form_comes_back_as_422_with_what_was_entered(organiser: FlaskClient) -> None:
    page = organiser.post("/events/new", data={"title": "Night", "slug": "not an address", "prize": "A mug"})
    assert page.status_code == 422
    assert 'id="slug-error"' in page.text
    assert "A mug" in page.text


@pytest.mark.parametrize("moment", ["yesterday", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T00:00", "\0"])
def test_a_date_that_is_none_is_refused_beside_its_field(organiser: FlaskClient, moment: str) -> None:
    page = organiser.post("/events/new", data={"title": "Night", "starts_at": moment})
    assert page.status_code == 422
    assert 'id="starts_at-error"' in page.text


def test_an_organiser_edits_an_event(organiser: FlaskClient) -> None:
    create_event(EventDetails(title="Night", prize="A mug"))
    form = organiser.get("/events/night/edit").text
    page = organiser.post(
        "/events/night/edit", data={"title": "Night", "slug": "long-night", "prize": ""}, follow_redirects=True
    )
    assert "A mug" in form
    assert page.request.path == "/events/long-night"
    assert "A mug" not in page.text


def test_a_member_cannot_make_events(client: FlaskClient, make_member: Make, log_in: Make) -> None:
    log_in(client, make_member())
    assert client.post("/events/new", data={"title": "Mine"}).status_code == 403


def test_an_event_that_is_not_there_is_a_404(client: FlaskClient) -> None:
    assert client.get("/events/nowhere").status_code == 404


def test_the_list_tells_what_is_on(client: FlaskClient, make_competition: Make) -> None:
    event_id = create_event(EventDetails(title="Night")).id
    make_competition("titanic", event_id=event_id)
    page = client.get("/events").text
    assert "1 ongoing" in page
    assert "1 competition" in page


def test_an_event_is_made_by_command(app: Flask) -> None:
    arguments = ["events", "create", "night", "--title", "Night", "--starts-at", "2026-11-21T18:00+02:00"]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.output == "created event=night\n"
    assert db.session.scalar(select(Event.starts_at)) == datetime(2026, 11, 21, 16, tzinfo=UTC)


def test_a_refused_command_says_why_and_fails(app: Flask) -> None:
    create_event(EventDetails(title="Night"))
    result = app.test_cli_runner().invoke(args=["events", "create", "night", "--title", "Again"])
    assert result.exit_code == 1
    assert "Another event has this address" in result.output
