"""Making, changing and listing competitions, in forms and by command."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.competitions.models import Competition
from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.extensions import db

FORM = {
    "title": "Titanic", "slug": "titanic",
    "event_id": "0", "starts_at": "2026-11-01T10:00", "ends_at": "2026-12-01T10:00",
    "direction": "higher", "worst_score": "0", "best_score": "1", "max_points": "100", "weight": "1",
}  # fmt: skip


@pytest.fixture
def organiser(client, make_member, log_in):
    return log_in(client, make_member("olga", role="organiser"))


def stored():
    db.session.rollback()
    return db.session.scalars(select(Competition)).all()


def test_an_organiser_makes_a_competition(organiser):
    assert organiser.post("/competitions/new", data=FORM).status_code == 302
    made = stored()[0]
    assert (made.slug, made.is_higher_better, made.best_score, made.starts_at.hour) == ("titanic", True, 1.0, 10)
    assert db.session.scalars(select(AuditRecord.actor_name)).all() == ["olga"]


def test_a_form_that_shows_minutes_leaves_the_seconds_of_what_nobody_changed(organiser, make_competition):
    starts_at, ends_at = (datetime(2026, month, 1, 10, 0, 12, 345, UTC) for month in (10, 11))
    over = make_competition("titanic", starts_at=starts_at, ends_at=ends_at)
    with transaction():
        db.session.get(Competition, over.id).finalized_at = clock.now()
    sent = {**FORM, "worst_score": "", "best_score": "", "starts_at": "2026-10-01T10:00", "ends_at": "2026-11-01T10:00"}
    assert organiser.post("/competitions/titanic/edit", data=sent | {"description": "New."}).status_code == 302
    assert [(one.description, one.starts_at, one.ends_at) for one in stored()] == [("New.", starts_at, ends_at)]
    assert organiser.post("/competitions/titanic/edit", data=sent | {"ends_at": "2026-11-01T10:01"}).status_code == 422


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"slug": "No Spaces"}, "Small letters"),
        ({"slug": "new"}, "page of its own"),
        ({"title": " "}, "needs a title"),
        ({"ends_at": "2026-10-01T10:00"}, "must come after the start"),
        ({"ends_at": "soon"}, "date and time"),
        ({"best_score": "0"}, "must differ"),
        ({"best_score": ""}, "or neither"),
        ({"direction": "lower"}, "must be below the worst"),
        ({"worst_score": "nan"}, "ordinary number"),
        ({"best_score": "abc"}, "Give a number"),
        ({"max_points": "0"}, "above 0"),
        ({"weight": "-1"}, "from 0 to 100"),
        ({"kaggle_slug": "what is this?"}, "not a Kaggle"),
        ({"event_id": "99"}, "Choose one of those"),
        ({"direction": "sideways"}, "Choose one of those"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(organiser, changed, sentence):
    answer = organiser.post("/competitions/new", data=FORM | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored() == []


def test_a_slug_is_used_once(organiser):
    organiser.post("/competitions/new", data=FORM)
    answer = organiser.post("/competitions/new", data=FORM)
    assert (answer.status_code, "already" in answer.text, len(stored())) == (422, True, 1)


def test_a_pasted_kaggle_address_becomes_its_slug(organiser):
    organiser.post(
        "/competitions/new", data=FORM | {"kaggle_slug": "https://www.kaggle.com/competitions/GiveMeSomeCredit/"}
    )
    assert stored()[0].kaggle_slug == "GiveMeSomeCredit"


def test_markdown_is_shown_and_harmless(organiser, client):
    organiser.post("/competitions/new", data=FORM | {"description": "**bold** <script>alert(1)</script>"})
    page = client.get("/competitions/titanic").text
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page


def test_a_new_scale_gives_new_points(organiser, make_member, apply_csv, run_jobs):
    make_member("ann", kaggle="annk")
    organiser.post("/competitions/new", data=FORM)
    apply_csv(stored()[0], "1,10,Ann,2026-01-01 00:00:00,0.5,3,annk")
    organiser.post("/competitions/titanic/edit", data=FORM | {"max_points": "200"})
    run_jobs()
    assert ">100.00<" in organiser.get("/competitions/titanic/leaderboard").text


def test_the_list_is_searched_and_filtered(client, make_competition):
    make_competition("titanic")
    make_competition("spaceship")
    assert "Spaceship" not in client.get("/competitions?q=tita").text
    assert "Titanic" in client.get("/competitions?q=tita&status=ongoing").text
    assert "Nothing matches" in client.get("/competitions?status=completed").text


def test_an_empty_club_says_so(client):
    assert "No competitions yet" in client.get("/competitions").text


def test_by_command_what_the_form_does(app):
    runner = app.test_cli_runner()
    made = runner.invoke(
        args=[
            "competitions",
            "create",
            "sber",
            "--title",
            "Sberbank",
            "--lower-is-better",
            "--worst",
            "1",
            "--best",
            "0",
        ]
    )
    assert made.output == "competition=sber status=ongoing\n"
    long = runner.invoke(args=["competitions", "create", "long", "--title", "x" * 121])
    assert (long.exit_code, "at most 120" in long.output) == (1, True)
    refused = runner.invoke(args=["competitions", "create", "sber", "--title", "Again"])
    assert (refused.exit_code, "already" in refused.output) == (1, True)
