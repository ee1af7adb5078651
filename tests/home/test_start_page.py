"""The start page: what is on, what comes next, what came of the last; and an empty club."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.live.hub import CHANNELS
from app.extensions import redis_client
from app.home import queries
from tests.competitions.test_live import topics_of
from tests.ratings.conftest import board_rows

Make = Callable[..., Any]
DAY = timedelta(days=1)


def test_an_empty_club_without_members_tells_how_to_make_the_administrator(client: FlaskClient) -> None:
    assert "members create NAME" in client.get("/").text


def test_an_empty_club_tells_an_organiser_what_to_do_first(
    client: FlaskClient, make_member: Make, log_in: Make
) -> None:
    log_in(client, make_member(role="organiser"))
    assert "Make the first competition" in client.get("/").text


def test_an_empty_club_invites_visitors_to_register(client: FlaskClient, make_member: Make) -> None:
    make_member()
    page = client.get("/").text
    assert "first competition is being prepared" in page
    assert "members create" not in page


def test_competitions_stand_under_what_the_clock_makes_of_them(app: Flask, make_competition: Make) -> None:
    now = clock.now()
    make_competition("now")
    make_competition("soon", starts_at=now + DAY, ends_at=now + 2 * DAY)
    make_competition("over", starts_at=now - 2 * DAY, ends_at=now - DAY)
    overview = queries.overview(None)
    groups = [overview.ongoing, overview.upcoming, overview.completed]
    assert [[card.competition.slug for card in group] for group in groups] == [["now"], ["soon"], ["over"]]


def test_a_card_shows_the_first_three_and_the_viewers_place(
    app: Flask, make_member: Make, make_competition: Make, apply_csv: Make
) -> None:
    names = ("ann", "ben", "cat", "dan")
    members = [make_member(name, kaggle=name) for name in names]
    rows = [f"{n},{n},Team {n},2026-11-01 00:00:00,0.{9 - n},1,{name}" for n, name in enumerate(names, 1)]
    apply_csv(make_competition(), *rows)
    card = queries.overview(members[3].id).ongoing[0]
    assert [(standing.place, standing.name) for standing in card.podium] == [(1, "Ann"), (2, "Ben"), (3, "Cat")]
    assert (card.entrants, card.my_place) == (4, 4)


def test_a_competition_without_a_board_says_that_the_first_place_is_free(
    client: FlaskClient, make_competition: Make
) -> None:
    make_competition()
    assert "The first place is free." in client.get("/").text


def test_a_name_is_text_and_not_markup(
    client: FlaskClient, make_member: Make, make_competition: Make, apply_csv: Make
) -> None:
    make_member("eve", kaggle="eve", display_name="<b>Eve</b>")
    apply_csv(make_competition(title="<i>Titanic</i>"), "1,1,T,2026-11-01 00:00:00,0.9,1,eve")
    page = client.get("/").text
    assert "&lt;b&gt;Eve&lt;/b&gt;" in page
    assert "<i>Titanic" not in page


def test_a_member_sees_the_top_of_the_ratings_and_their_own_changes(
    client: FlaskClient, people: Make, make_rated: Make, log_in: Make
) -> None:
    make_rated("spring", "annk", "benk", "carak")
    log_in(client, people["ben"])
    page = client.get("/").text
    assert [row.username for row in queries.overview(None).top] == ["ann", "ben", "cara"]
    assert f'href="/competitions/spring/ratings/{people["ben"].id}"' in page
    assert 'href="/members/ann"' in page


def test_an_organiser_is_told_which_competitions_await_final_standings(
    app: Flask, client: FlaskClient, make_member: Make, make_over: Make, log_in: Make
) -> None:
    make_over("spring")
    log_in(client, make_member("olga", role="organiser"))
    page = client.get("/").text
    assert "awaits final standings: hand them in, or take it out of the ratings" in page
    assert "rate what there is" not in page  # there is nothing
    assert "awaits final standings" not in app.test_client().get("/").text


def test_the_first_three_are_pushed_when_they_change_and_hold_nothing_of_a_viewer(
    people: Make, make_competition: Make, apply_csv: Make
) -> None:
    competition = make_competition()
    apply_csv(competition, *board_rows("annk", "benk"))
    heard = redis_client().pubsub()
    heard.subscribe(f"{CHANNELS}podium:{competition.id}")
    apply_csv(competition, *board_rows("benk", "annk"))
    apply_csv(competition, *board_rows("benk", "annk"))
    told = []
    while message := heard.get_message(timeout=1):
        told += [message["data"].decode()] if message["type"] == "message" else []
    heard.close()
    assert len(told) == 1
    assert told[0].strip().startswith(f'<div id="podium-{competition.id}"')
    assert told[0].index("Ben") < told[0].index("Ann")
    assert "is-me" not in told[0]


def test_a_page_that_fetches_itself_gets_its_part(client: FlaskClient, make_competition: Make) -> None:
    make_competition()
    part = client.get("/", headers={"HX-Request": "true"}).text.strip()
    assert part.startswith('<div id="home" hx-swap-oob="morph">')
    assert "<html" not in part


def test_a_start_page_may_listen_to_the_first_three_and_the_ratings_only(
    client: FlaskClient, make_competition: Make
) -> None:
    competition = make_competition()
    page = client.get("/").text
    assert topics_of(page) == (f"podium:{competition.id}", "ratings")
