"""What the pages of ratings say, and what their forms do, without a browser."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.competitions.models import BoardFile, Competition, Entry
from app.core import clock
from app.core.db import transaction
from app.extensions import db
from app.members.models import Member
from app.ratings import queries
from tests.conftest import HEADER
from tests.ratings.conftest import board_rows, changes, ratings

People = dict[str, Member]
Make = Callable[..., Competition]
INDEX = "/competitions/spring/ratings"


@pytest.fixture
def organiser(
    client: FlaskClient, make_member: Callable[..., Member], log_in: Callable[..., FlaskClient]
) -> FlaskClient:
    return log_in(client, make_member("olga", role="organiser"))


def text_of(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).get_data(as_text=True).split())


def entry_id(member: Member) -> int:
    db.session.rollback()
    return db.session.scalars(select(Entry.id).where(Entry.member_id == member.id)).one()


def apply(client: FlaskClient, form: dict[str, str], shown: str) -> TestResponse:
    """Press the button of the preview that was shown."""
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen
    return client.post(f"{INDEX}/correct", data={**form, "step": "apply", "seen": seen[1]})


def test_a_move_explains_itself(client: FlaskClient, people: People, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk", "carak", "dank")
    page = text_of(client, f"{INDEX}/{people['ben'].id}")
    assert "Ben came 2nd of 4." in page
    assert "averaged 1500.0, 0.500 was to be expected of a rating of 1500.0; 0.667 was reached" in page
    assert "up 2.7" in page  # 16 x (2/3 - 1/2)
    assert "up 8.0" in page  # 16 x (1 - 1/2), had it been one place better
    assert "One place better" not in text_of(client, f"{INDEX}/{people['ann'].id}")


def test_one_place_better_is_what_it_would_have_given(people: People, make_rated: Make) -> None:
    spring = make_rated("spring", "annk", "benk", "carak+dank")
    second = queries.explain(spring.id, people["ben"].id)
    shared = queries.explain(spring.id, people["cara"].id)
    assert second is not None and second.one_better == 8.0
    # 3.5 counts for the two who share it; 2.5 of 4 is exactly what equals expect.
    assert shared is not None and (shared.event.place, shared.one_better) == (3.5, 0.0)
    assert queries.explain(spring.id, people["eve"].id) is None


def test_a_shared_place_is_told_as_what_it_counts(client: FlaskClient, people: People, make_rated: Make) -> None:
    make_rated("spring", "annk+benk", "carak")
    assert "shared places that count as 1.5 of 3" in text_of(client, f"{INDEX}/{people['ann'].id}")


def test_the_page_says_which_board_was_rated(client: FlaskClient, people: People, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk")
    page = text_of(client, INDEX)
    assert "2 ratings moved by this competition" in page
    assert "by the leaderboard as of" in page
    assert "Correct" not in page


def test_the_page_fetches_itself_when_ratings_move(client: FlaskClient, people: People, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk")
    page = text_of(client, INDEX)
    assert "data-live-refresh" in page and "live-socket" in page
    fragment = client.get(INDEX, headers={"HX-Request": "true"}).get_data(as_text=True).strip()
    assert fragment.startswith('<div id="competition-ratings" hx-swap-oob="morph">') and "<html" not in fragment
    assert "2 ratings moved by this competition" in " ".join(fragment.split())


def test_final_standings_are_awaited_until_an_organiser_rates_what_there_is(
    organiser: FlaskClient, people: People, make_over: Make
) -> None:
    make_over("spring", "annk", "benk")
    with transaction():
        db.session.execute(update(Competition).values(board_at=clock.now() - timedelta(days=2)))
    assert "Awaiting final standings" in text_of(organiser, "/competitions/spring")
    assert [competition.slug for competition in queries.awaiting()] == ["spring"]
    assert "is from before the end" in text_of(organiser, INDEX)
    organiser.post(f"{INDEX}/finalize")
    assert changes("spring") == {"ann": 4.0, "ben": -4.0}
    assert "An organiser decided to rate it as it stood" in text_of(organiser, INDEX)
    assert "Awaiting" not in text_of(organiser, "/competitions/spring")
    assert queries.awaiting() == []


def test_a_result_is_corrected_after_a_look_at_what_moves(
    organiser: FlaskClient, people: People, make_rated: Make
) -> None:
    make_rated("spring", "annk", "benk", "carak")
    before = ratings()
    form = {"kind": "disqualify", "entry_id": str(entry_id(people["ann"])), "reason": "Shared code."}
    shown = organiser.post(f"{INDEX}/correct", data=form).get_data(as_text=True)
    assert "3 ratings would move" in shown
    assert 'name="reason" value="Shared code."' in shown
    assert ratings() == before
    assert apply(organiser, form, shown).status_code == 302
    assert changes("spring") == {"ben": 4.0, "cara": -4.0}
    assert "disqualified" in text_of(organiser, INDEX)
    assert "disqualified" in text_of(organiser, "/competitions/spring/leaderboard")


def test_a_preview_that_is_out_of_date_is_shown_anew_and_nothing_is_corrected(
    organiser: FlaskClient, people: People, make_rated: Make
) -> None:
    make_rated("spring", "annk", "benk", "carak")
    form = {"kind": "disqualify", "entry_id": str(entry_id(people["ann"])), "reason": "Shared code."}
    shown = organiser.post(f"{INDEX}/correct", data=form).get_data(as_text=True)
    out = organiser.post(f"{INDEX}/correct", data={"kind": "out"}).get_data(as_text=True)
    apply(organiser, {"kind": "out"}, out)
    answer = apply(organiser, form, shown)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, changes("spring")) == (409, {})
    assert "This has changed since you looked" in page and "No rating would move" in page
    assert db.session.get_one(Entry, int(form["entry_id"])).disqualified_at is None
    assert apply(organiser, form, page).status_code == 302


def test_a_preview_says_where_what_a_competition_did_is_taken_back(
    organiser: FlaskClient, people: People, make_rated: Make
) -> None:
    make_rated("spring", "annk", "benk")
    form = {"kind": "end", "ends_at": "2090-01-01T00:00"}
    assert "What it did to ratings is taken back" in organiser.post(f"{INDEX}/correct", data=form).text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"kind": "disqualify", "reason": " "}, "Tell why"),
        ({"kind": "score", "score": ""}, "Which score should count?"),
        ({"kind": "score", "score": "nan"}, "ordinary number"),
        ({"kind": "team", "team_id": "999"}, "no team 999"),
        ({"kind": "end", "ends_at": ""}, "When does it end?"),
        ({"kind": "end", "ends_at": "2001-01-01T00:00"}, "must come after the start"),
        ({"kind": "board", "board_id": "1"}, "not waiting any more"),
        ({"kind": "weather"}, "nothing that can be corrected"),
    ],
)
def test_what_cannot_be_corrected_is_refused_with_a_sentence(
    organiser: FlaskClient, people: People, make_rated: Make, form: dict[str, str], sentence: str
) -> None:
    make_rated("spring", "annk", "benk")
    before = ratings()
    for step in ("preview", "apply"):
        data = {"entry_id": str(entry_id(people["ann"])), "step": step, **form}
        answer = organiser.post(f"{INDEX}/correct", data=data)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    assert ratings() == before


def test_a_file_for_rated_standings_is_applied_as_a_correction_only(
    organiser: FlaskClient, people: People, make_rated: Make, run_jobs: Callable[[], None]
) -> None:
    make_rated("spring", "annk", "benk")
    content = "\n".join((HEADER, *board_rows("benk", "annk"))).encode()
    handed_in: Any = {"file": (io.BytesIO(content), "final.csv")}
    page = organiser.post("/competitions/spring/boards", data=handed_in, follow_redirects=True)
    assert "Applying this file is a correction" in page.get_data(as_text=True)
    board_id = db.session.scalars(select(BoardFile.id).where(BoardFile.state == "waiting")).one()
    refused = organiser.post(f"/competitions/spring/boards/{board_id}/apply", follow_redirects=True)
    assert "it can only be corrected" in refused.get_data(as_text=True)
    assert changes("spring") == {"ann": 4.0, "ben": -4.0}
    form = {"kind": "board", "board_id": str(board_id)}
    shown = organiser.post(f"{INDEX}/correct", data=form).get_data(as_text=True)
    assert "2 ratings would move" in shown
    apply(organiser, form, shown)
    assert changes("spring") == {"ben": 4.0, "ann": -4.0}
