"""What organisers and administrators see of syncing, and importing through the pages."""

import re
from datetime import timedelta

import pytest

from app.competitions import queries, syncing
from app.competitions.models import Competition, KaggleAccount
from app.core import clock
from app.core.db import transaction
from app.core.jobs import enqueue
from app.extensions import db
from tests.kaggle_server import KEY, TOKEN, USERNAME

IMPORT = {
    "title": "Titanic at the club", "slug": "titanic", "starts_at": "2026-01-01T00:00", "ends_at": "2036-02-01T00:00",
    "event_id": "0", "direction": "higher", "worst_score": "0", "best_score": "1", "max_points": "100", "weight": "1",
}  # fmt: skip


@pytest.fixture
def organiser(client, make_member, log_in):
    return log_in(client, make_member("olga", role="organiser"))


@pytest.fixture
def admin(client, make_member, log_in):
    return log_in(client, make_member("adam", role="admin"))


@pytest.fixture
def here(app, kaggle, monkeypatch):
    """The stand-in's address in the settings, with no account."""
    monkeypatch.setitem(app.config, "KAGGLE_API_URL", kaggle.url)
    return kaggle


def test_a_search_shows_what_kaggle_tells(organiser, connected):
    connected.competitions["titanic"].has_entered = False
    page = organiser.get("/competitions/import?q=titanic").text
    assert all(text in page for text in ("Titanic", "3 teams", "Categorization Accuracy", "rules to accept"))


def test_what_the_club_has_is_said_and_not_imported_twice(organiser, connected, make_competition):
    make_competition("sinking", kaggle_slug="titanic", title="Sinking Ship")
    assert "Sinking Ship" in organiser.get("/competitions/import?q=titanic").text
    assert "not imported twice" in organiser.get("/competitions/import/titanic").text
    answer = organiser.post("/competitions/import/titanic", data=IMPORT)
    assert (answer.status_code, "imported from there already" in answer.text) == (422, False)
    assert db.session.query(Competition).count() == 1


def test_an_import_is_filled_with_what_kaggle_tells(organiser, connected):
    connected.competitions["titanic"].metric = "Root Mean Squared Error"
    page = organiser.get("/competitions/import/titanic").text
    assert 'value="Root Mean Squared Error"' in page
    assert re.search(r'<input(?=[^>]*checked)(?=[^>]*value="lower")', page)


def test_importing_makes_the_competition_and_syncs_it(organiser, connected, run_jobs):
    answer = organiser.post("/competitions/import/titanic", data=IMPORT)
    assert answer.headers["Location"] == "/competitions/titanic/sync"
    run_jobs()
    made = queries.find_competition("titanic")
    assert made is not None
    assert (made.kaggle_slug, made.board_rows) == ("titanic", 3)
    assert "3 rows read" in organiser.get("/competitions/titanic/sync").text


def test_a_search_that_fails_says_why(organiser, connected):
    connected.faults["*list*"] = "429"
    assert "left alone" in organiser.get("/competitions/import?q=titanic").text


def test_a_competition_that_kaggle_does_not_know_is_said(organiser, connected):
    assert "Kaggle knows no competition" in organiser.get("/competitions/import/nothing-like-this").text


def test_the_scale_is_shown_while_it_is_typed(organiser):
    page = organiser.get("/competitions/scale?worst_score=1.5&best_score=0.5&max_points=200&direction=lower").text
    assert all(text in page for text in ('<td class="num">1.0</td>', '<td class="num">100</td>'))
    assert "above the worst" in organiser.get("/competitions/scale?worst_score=1&best_score=0&max_points=1").text


@pytest.mark.parametrize(("username", "key", "name"), [(USERNAME, KEY, USERNAME), ("", TOKEN, USERNAME)])
def test_an_account_is_checked_and_kept_encrypted(admin, here, username, key, name):
    page = admin.post("/admin/kaggle", data={"username": username, "key": key}, follow_redirects=True).text
    assert f"Connected as {name}." in page
    stored = db.session.query(KaggleAccount).one()
    assert (key in stored.secret, key in page, stored.username) == (False, False, name)
    assert "Connected as" in admin.post("/admin/kaggle/check", follow_redirects=True).text
    assert "None is connected" in admin.post("/admin/kaggle/forget", follow_redirects=True).text


@pytest.mark.parametrize(("username", "key"), [(USERNAME, "wrong"), ("", "KGAT_wrong")])
def test_wrong_credentials_are_refused_beside_the_field(admin, here, username, key):
    answer = admin.post("/admin/kaggle", data={"username": username, "key": key})
    assert (answer.status_code, "does not accept" in answer.text or "does not know" in answer.text) == (422, True)
    assert (db.session.query(KaggleAccount).count(), key in answer.text) == (0, False)


def test_another_secret_key_asks_for_the_account_anew(app, admin, here, monkeypatch, make_competition, run_jobs):
    admin.post("/admin/kaggle", data={"username": USERNAME, "key": KEY})
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key")
    competition = make_competition("titanic", kaggle_slug="titanic")
    run_jobs()
    found = db.session.get_one(Competition, competition.id, populate_existing=True)
    assert found.sync_state is not None
    assert "SECRET_KEY has changed" in found.sync_state.problem


def test_an_account_from_the_environment_is_checked_by_itself(admin, connected, run_jobs):
    assert "checked within a minute" in admin.get("/admin/kaggle").text
    with transaction():
        enqueue("sync_due", subject="")
    run_jobs()
    assert "by the environment" in admin.get("/admin/kaggle").text
    assert "would not count" in admin.post("/admin/kaggle", data={"username": "", "key": TOKEN}).text


def test_a_failing_sync_is_told_at_once_on_its_page_and_after_an_hour_at_home(
    client, make_member, log_in, connected, make_competition, run_jobs
):
    organiser = log_in(client, make_member("olga", role="organiser"))
    connected.faults["titanic"] = "403"
    make_competition("titanic", kaggle_slug="titanic")
    run_jobs()
    rules = 'href="https://www.kaggle.com/competitions/titanic/rules"'
    assert rules in organiser.get("/competitions/titanic/leaderboard").text
    assert "What waits for you" not in organiser.get("/").text
    with clock.standing_at(clock.now() + timedelta(minutes=61)):
        assert rules in organiser.get("/").text
    stranger = client.application.test_client()
    page = stranger.get("/competitions/titanic/leaderboard").text
    assert ("Not synced since" in page, rules in page) == (True, False)


def test_the_administrator_sees_every_competition(admin, connected, make_competition, run_jobs):
    connected.faults["broken"] = "500"
    for slug in ("titanic", "broken"):
        make_competition(slug, kaggle_slug=slug)
    syncing.set_paused(make_competition("resting", kaggle_slug="resting").id, is_paused=True)
    run_jobs()
    page = admin.get("/admin/kaggle").text
    assert page.index("Broken") < page.index("Titanic")
    assert all(text in page for text in ("error 500", "Well.", "Paused."))


def test_the_check_says_step_by_step_what_works(app, connected):
    result = app.test_cli_runner().invoke(args=["kaggle", "check", "titanic"])
    assert (result.exit_code, result.output.count("ok    "), "Everything works" in result.output) == (0, 5, True)


def test_the_check_says_where_it_ends(app, connected):
    connected.faults["titanic"] = "html"
    result = app.test_cli_runner().invoke(args=["kaggle", "check", "titanic"])
    assert (result.exit_code, "fails download" in result.output) == (1, True)


def test_the_check_leaves_the_stored_account_alone(app, admin, here, monkeypatch):
    admin.post("/admin/kaggle", data={"username": USERNAME, "key": KEY})
    for name, value in {"KAGGLE_USERNAME": "somebody", "KAGGLE_KEY": "wrong"}.items():
        monkeypatch.setitem(app.config, name, value)
    assert app.test_cli_runner().invoke(args=["kaggle", "check", "titanic"]).exit_code == 1
    for name in ("KAGGLE_USERNAME", "KAGGLE_KEY"):
        monkeypatch.setitem(app.config, name, "")
    assert f"Connected as <strong>{USERNAME}</strong>" in admin.get("/admin/kaggle").text


def test_a_check_after_the_secret_key_changed_says_so(app, client, make_member, log_in, here, monkeypatch):
    member = make_member("adam", role="admin")
    log_in(client, member).post("/admin/kaggle", data={"username": USERNAME, "key": KEY})
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key")
    log_in(client, member)
    assert "SECRET_KEY has changed" in client.get("/admin/kaggle").text
    assert "SECRET_KEY has changed" in client.post("/admin/kaggle/check", follow_redirects=True).text


def test_what_a_sync_finds_out_about_the_account_is_told(admin, here, make_competition, run_jobs):
    admin.post("/admin/kaggle", data={"username": USERNAME, "key": KEY})
    here.faults["titanic"] = "401"
    competition = make_competition("titanic", kaggle_slug="titanic")
    run_jobs()
    assert "connect the account again" in admin.get("/admin/kaggle").text
    here.faults.clear()
    syncing.request_sync(competition)
    run_jobs()
    assert "Connected as" in admin.get("/admin/kaggle").text


def test_a_yes_to_a_board_that_has_been_replaced_is_not_taken(organiser, connected, make_competition, run_jobs):
    rows = [f"{n},{n},T{n},,0.{n},1,x{n}" for n in range(1, 9)]
    board = connected.add("titanic", rows=rows)
    competition = make_competition("titanic", kaggle_slug="titanic")
    run_jobs()
    seen = ""
    for few in (rows[:1], rows[:2]):
        board.board = few
        syncing.request_sync(competition)
        run_jobs()
        (waiting,) = queries.waiting_boards()
        address = f"/competitions/titanic/boards/{waiting.id}"
        seen = seen or re.search('name="seen" value="([^"]+)"', organiser.get(address).text)[1]
    page = organiser.post(f"{address}/apply", data={"seen": seen, "is_confirmed": "yes"}, follow_redirects=True).text
    run_jobs()
    assert "taken this one’s place" in page
    assert queries.find_competition("titanic").board_rows == 8


def test_a_long_description_is_imported_as_it_came_filled_in(organiser, connected):
    text = "\r\n".join(["x" * 98] * 201)
    answer = organiser.post("/competitions/import/titanic", data=IMPORT | {"description": text})
    assert answer.status_code == 302


def test_an_import_that_is_refused_keeps_what_was_typed_while_kaggle_is_away(organiser, connected):
    connected.faults["*list*"] = "429"
    page = organiser.post("/competitions/import/titanic", data=IMPORT | {"title": "", "metric": "My Metric"}).text
    assert all(text in page for text in ("left alone", "needs a title", 'value="My Metric"'))


def test_a_competition_given_up_stays_among_what_waits(organiser, connected, make_competition, run_jobs):
    connected.faults["titanic"] = "500"
    competition = make_competition("titanic", kaggle_slug="titanic")
    run_jobs()
    with clock.standing_at(competition.ends_at + timedelta(days=2)):
        syncing.request_sync(competition)
        run_jobs()
        assert "error 500" in organiser.get("/").text
