"""Every table as it is stored: read, searched, filtered, exported without harm, deleted only when asked."""

import pytest
from sqlalchemy import select

from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Event
from app.core.audit import AuditRecord
from app.core.jobs import Job
from app.extensions import Base, db
from tests.routes import rows_stored


@pytest.fixture
def admin(client, club, log_in):
    return log_in(client, club.admin)


def test_every_table_is_there(admin):
    page = admin.get("/admin/tables/").text
    assert [name for name in Base.metadata.tables if f'href="/admin/tables/{name}/"' not in page] == []


def test_secrets_are_never_shown(admin, club):
    page = admin.get("/admin/tables/members/").text
    export = admin.get("/admin/tables/members/export/csv/").text
    row = admin.get(f"/admin/tables/members/details/?id={club.member.id}").text
    assert [text for text in (page, export, row) if "argon2" in text or "password_hash" in text] == []


def test_a_search_and_a_filter_narrow_the_rows(admin):
    assert "1 row<" in admin.get("/admin/tables/members/?search=olga").text
    page = admin.get("/admin/tables/members/").text
    number = page.split("Username contains</option>")[0].rsplit('value="', 1)[1].split('"')[0]
    narrowed = admin.get(f"/admin/tables/members/?filter={number}&value=ada", follow_redirects=True).text
    assert ("1 row<" in narrowed, "adam" in narrowed, "olga" in narrowed) == (True, True, False)


def test_an_export_holds_nothing_that_a_spreadsheet_would_run(admin):
    create_event(EventDetails(title="=cmd()", slug="evil"))
    assert ",'=cmd()," in admin.get("/admin/tables/events/export/csv/").text


def test_deleting_asks_first_and_is_recorded(admin):
    event = create_event(EventDetails(title="Nothing Night", slug="nothing"))
    assert "Delete “Nothing Night”?" in admin.get(f"/admin/tables/events/confirm/?id={event.id}").text
    assert db.session.scalar(select(Event.id).where(Event.id == event.id))
    admin.post("/admin/tables/events/delete/", data={"id": event.id})
    db.session.rollback()
    assert db.session.scalar(select(Event.id).where(Event.id == event.id)) is None
    acts = db.session.scalars(select(AuditRecord).where(AuditRecord.act == "delete event")).all()
    assert [(act.subject, act.actor_name, act.before["title"]) for act in acts] == [
        ("event:nothing", "adam", "Nothing Night")
    ]


@pytest.mark.parametrize("table", ["events", "competitions"])
def test_what_others_hang_on_is_not_deleted(admin, table):
    before = rows_stored()
    page = admin.post(f"/admin/tables/{table}/delete/", data={"id": 1}, follow_redirects=True).text
    assert "competitions: give them" in page or "Members have entered it" in page
    assert rows_stored() == before


def test_computed_tables_take_nothing(admin):
    before, states = rows_stored(), db.session.scalars(select(Job.state)).all()
    for table in ("jobs", "rating_events", "audit_records", "members"):
        for act in ("new", "edit", "delete"):
            admin.post(f"/admin/tables/{table}/{act}/?id=1", data={"id": 1, "state": "done"})
    assert rows_stored() == before
    assert db.session.scalars(select(Job.state)).all() == states


def test_the_page_of_the_week_leads_to_everything(admin, run_jobs):
    page = admin.get("/admin").text
    assert all(text in page for text in ("1 failed job", "Replay the ratings", "create competition"))
    admin.post("/admin/ratings/replay")
    run_jobs()
    assert "nothing was wrong" in admin.get("/admin").text
