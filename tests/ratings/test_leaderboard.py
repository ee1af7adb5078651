"""The rating leaderboard: who stands where, who is new, and that open pages hear when ratings move."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.core import clock
from app.core.db import transaction
from app.core.live.hub import CHANNELS
from app.core.paging import Paging
from app.extensions import db, redis_client
from app.members.models import Member
from app.members.queries import list_members
from app.members.service import delete_member
from app.ratings import leaderboard
from tests.conftest import PASSWORD

Make = Callable[..., Any]
People = dict[str, Member]
HEARD_WITHIN_SECONDS = 10


def text_of(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).get_data(as_text=True).split())


def standings(search: str = "", tier: str = "") -> list[tuple[str, int | None]]:
    rows = leaderboard.rows(Paging(1, 50), leaderboard.last_rated(), search, tier)
    return [(row.username, row.place) for row in rows]


def set_ratings(**ratings: float) -> None:
    with transaction():
        for username, rating in ratings.items():
            db.session.execute(update(Member).where(Member.username == username).values(rating=rating))


def test_equal_ratings_share_a_place_and_the_unrated_follow_without_one(people: People, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk+carak", "dank")
    assert standings() == [("ann", 1), ("ben", 2), ("cara", 2), ("dan", 4), ("eve", None)]


def test_a_search_and_a_tier_keep_the_places_of_the_whole_club(people: People, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk", "carak", "dank")
    set_ratings(ann=2400.0, ben=1999.9, cara=1800.0, dan=1799.9)
    assert standings(tier="expert") == [("ben", 2), ("cara", 3)]
    assert standings(tier="grandmaster") == [("ann", 1)]
    assert standings(search="DA") == [("dan", 4)]
    assert standings(tier="new") == [("eve", None)]
    assert standings(search="ann", tier="expert") == []


def test_a_search_knows_no_case_of_any_letter(make_member: Make) -> None:
    make_member("zola", display_name="Émile Zoë")
    for search in ("émile", "ZOË", "Émile", "zola"):
        assert standings(search=search) == [("zola", None)]
    assert [member.username for member in list_members("éMILE ZoË", 0, 10)] == ["zola"]


def test_how_many_there_are_is_refreshed_with_the_table(client: FlaskClient, people: People) -> None:
    assert "5 members" in client.get("/ratings", headers={"HX-Request": "true"}).text


@pytest.mark.parametrize(("tier", "matching"), [("", 5), ("new", 1), ("intermediate", 4), ("master", 0)])
def test_what_is_counted_is_what_is_listed(people: People, make_rated: Make, tier: str, matching: int) -> None:
    make_rated("spring", "annk", "benk", "carak", "dank")
    assert (leaderboard.count_rows("", tier), len(standings(tier=tier))) == (matching, matching)


def test_the_change_is_that_of_the_last_competition(client: FlaskClient, people: People, make_rated: Make) -> None:
    make_rated("summer", "annk", "benk", days_ago=2)
    make_rated("spring", "annk", "carak", days_ago=9)  # rated late, but it ended before
    rows = leaderboard.rows(Paging(1, 50), leaderboard.last_rated())
    assert {row.username for row in rows if row.change is not None} == {"ann", "ben"}
    assert 'what <a href="/competitions/summer/ratings">Summer</a> brought' in text_of(client, "/ratings")


def test_who_left_or_is_disabled_is_not_listed(people: People, make_member: Make, make_rated: Make) -> None:
    make_member("olga", role="admin")
    make_rated("spring", "annk", "benk", "carak", "dank")
    delete_member(people["ann"].id, PASSWORD)
    with transaction():
        db.session.execute(update(Member).where(Member.username == "ben").values(disabled_at=clock.now()))
    assert standings()[:2] == [("cara", 1), ("dan", 2)]


def test_i_am_found_on_my_page(client: FlaskClient, make_member: Make, log_in: Make) -> None:
    for number in range(55):
        make_member(f"m{number:02}")
    me = make_member("zoe")
    log_in(client, me)
    location = client.get("/ratings/me").headers["Location"]
    assert location == f"/ratings?page=2#member-{me.id}"
    assert f'id="member-{me.id}"' in client.get(location).text


def test_the_fragment_holds_nothing_of_whoever_looks(
    app: Flask, people: People, make_rated: Make, log_in: Make
) -> None:
    make_rated("spring", "annk", "benk")
    viewers = (app.test_client(), log_in(app.test_client(), people["ann"]))
    first, second = (viewer.get("/ratings", headers={"HX-Request": "true"}).text for viewer in viewers)
    assert first == second
    assert first.strip().startswith('<div id="rating-leaderboard"')


def test_an_empty_club_and_a_tier_that_is_none_have_a_page(client: FlaskClient) -> None:
    assert "Nobody is here yet" in client.get("/ratings?tier=nonsense").text


def test_open_pages_hear_when_ratings_have_moved(app: Flask, people: People, make_over: Make, make_rated: Make) -> None:
    heard = redis_client().pubsub()
    heard.subscribe(f"{CHANNELS}ratings")
    deadline = time.monotonic() + HEARD_WITHIN_SECONDS
    make_rated("spring", "annk", "benk")
    kinds = []
    while "message" not in kinds and time.monotonic() < deadline:
        if message := heard.get_message(timeout=1):
            kinds.append(message["type"])
    heard.close()
    assert kinds == ["subscribe", "message"]
