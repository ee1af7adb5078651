"""What administrators see of platforms, and tell the club about them."""

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.extensions import db
from app.tracker import pace, settings
from app.tracker.models import Handle, PlatformSecret
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Trouble
from tests.tracker.conftest import stored

CHEF = platforms()["codechef"]
PAGE = "/admin/platforms/codechef"


@pytest.fixture
def admin(client, make_member, log_in):
    return log_in(client, make_member("adam", role="admin"))


def test_the_list_says_of_each_how_it_stands(admin, site, add_handle, fetch, app, monkeypatch):
    monkeypatch.setitem(app.config, "CODECHEF_CLIENT_ID", "")
    for key in ("codeforces", "leetcode", "atcoder"):
        add_handle(key)
    monkeypatch.setattr(pace, "BACK_OFF_SECONDS", (600,))
    site.faults["leetcode"] = "403 from a shield"
    fetch()
    add_handle("atcoder", "waiting")
    add_handle("hackerrank")
    with transaction():
        later = {"state": "unknown", "next_due_at": clock.now().replace(year=2100)}
        db.session.execute(update(Handle).where(Handle.platform == "hackerrank").values(**later))
    page = admin.get("/admin/platforms").text
    for sentence in (
        "Up to date.",
        "as its shield does",
        "1 to look up: a minute or less",
        "what could not be checked is tried again later",
        "CodeChef needs its client id (CODECHEF_CLIENT_ID)",
        "Nobody keeps a handle there yet.",
    ):
        assert sentence in page


def test_a_page_of_a_platform_shows_the_job_and_looks_all_up(admin, site, add_handle, run_jobs):
    row = add_handle("codeforces")
    assert "Look all up now" in admin.get("/admin/platforms/codeforces").text
    admin.post("/admin/platforms/codeforces/fetch")
    run_jobs()
    db.session.rollback()
    assert stored(row).state == "verified"
    page = admin.get("/admin/platforms/codeforces", headers={"HX-Request": "true"}).text
    assert ("Codeforces: 1 checked, 0 to go." in page, "<html" in page) == (True, False)
    assert db.session.scalars(select(AuditRecord.act)).all().count("look up all") == 1


def test_what_is_typed_in_is_kept_encrypted_and_never_shown(admin, app):
    admin.post(PAGE, data={"CLIENT_ID": " typed-id ", "CLIENT_SECRET": "typed-secret"})
    assert (settings.lacking(CHEF), settings.value_of(CHEF, "CLIENT_ID")) == ("", "typed-id")
    kept = db.session.scalars(select(PlatformSecret.secret)).all()
    told = [*kept, admin.get(PAGE).text, str(db.session.scalars(select(AuditRecord.after)).all())]
    assert [text for text in told if "typed-" in text] == []


def test_a_field_left_empty_changes_nothing(admin):
    admin.post(PAGE, data={"CLIENT_ID": "one", "CLIENT_SECRET": "two"})
    admin.post(PAGE, data={"CLIENT_ID": "", "CLIENT_SECRET": "three"})
    assert [settings.value_of(CHEF, name) for name in ("CLIENT_ID", "CLIENT_SECRET")] == ["one", "three"]


def test_what_is_needed_is_asked_for_and_what_is_not_may_be_left_out(admin):
    assert admin.post(PAGE, data={"CLIENT_ID": "one"}).status_code == 422
    assert admin.post("/admin/platforms/codeforces", data={"KEY": "one"}).status_code == 302


def test_what_was_typed_in_can_be_forgotten(admin):
    admin.post(PAGE, data={"CLIENT_ID": "one", "CLIENT_SECRET": "two"})
    admin.post(f"{PAGE}/forget")
    assert "CODECHEF_CLIENT_ID and CODECHEF_CLIENT_SECRET" in settings.lacking(CHEF)


def test_the_environment_goes_before_what_was_typed_in(admin, app, monkeypatch):
    settings.keep_secrets(CHEF, {"CLIENT_ID": "typed"})
    monkeypatch.setitem(app.config, "CODECHEF_CLIENT_ID", "told")
    assert (settings.value_of(CHEF, "CLIENT_ID"), 'name="CLIENT_ID"' in admin.get(PAGE).text) == ("told", False)


def test_a_secret_of_another_key_is_given_anew(app, monkeypatch):
    settings.keep_secrets(CHEF, {"CLIENT_ID": "typed"})
    monkeypatch.setitem(app.config, "SECRET_KEY", "another")
    assert settings.value_of(CHEF, "CLIENT_ID") == ""


def test_what_is_too_long_is_refused(admin):
    answer = admin.post(PAGE, data={"CLIENT_ID": "x" * 3000})
    assert (answer.status_code, db.session.scalars(select(PlatformSecret)).all()) == (422, [])


def test_a_platform_that_is_not_there_has_no_page(admin):
    assert admin.get("/admin/platforms/nowhere").status_code == 404
    assert admin.post("/admin/platforms/nowhere/fetch").status_code == 404


def test_a_rest_says_until_when(admin, add_handle):
    add_handle("leetcode")
    pace.rest(platforms()["leetcode"], Trouble("It asked to be left alone.", 600))
    page = admin.get("/admin/platforms/leetcode").text
    assert "Left alone" in page and "It asked to be left alone." in page
