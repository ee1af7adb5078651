"""Boards on a wall: ten rows a slide, the same standings as the pages."""

import pytest

from app.competitions.event_service import EventDetails, create_event
from tests.competitions.test_live import topics_of

ASKING = {"HX-Request": "true"}


@pytest.fixture
def walls(make_member, make_competition, apply_csv):
    """The addresses of a competition's and an event's projector; each has 23 members on it."""
    night = create_event(EventDetails(title="Night"))
    for number in range(23):
        make_member(f"m{number:02}", kaggle=f"k{number}")
    titanic = make_competition(event_id=night.id, worst_score=0.0, best_score=1.0)
    apply_csv(titanic, *(f"{n + 1},{n},T{n},2026-01-01 00:00:00,{0.9 - n / 100:.2f},1,k{n}" for n in range(23)))
    return "/competitions/titanic/projector", "/events/night/projector"


def test_ten_rows_a_slide_and_after_the_last_comes_the_first(client, walls):
    for address in walls:
        slides = [client.get(address, query_string={"page": page}, headers=ASKING).text for page in (1, 2, 3)]
        assert [slide.count("<tr id=") for slide in slides] == [10, 10, 3]
        assert ['data-next="2"' in slides[0], 'data-next="3"' in slides[1], 'data-next="1"' in slides[2]] == [True] * 3


def test_a_slide_that_is_gone_is_the_last_one(client, walls):
    for address in walls:
        assert "21–23 of 23" in client.get(f"{address}?page=99", headers=ASKING).text


def test_scores_and_sums_are_those_of_the_boards(client, walls):
    competition, event = (client.get(address).text for address in walls)
    assert '<td class="num">0.90</td>' in competition
    assert '<td class="num">90.00</td>' in event


def test_there_is_no_navigation_and_a_way_out(client, walls):
    for address, board in zip(walls, ("/competitions/titanic/leaderboard", "/events/night"), strict=True):
        page = client.get(address).text
        assert "<nav" not in page
        assert f'href="{board}"' in page
        assert f'href="{address}"' in client.get(board).text


def test_everybody_may_listen_and_only_to_hints_of_this_board(client, walls):
    assert [topics_of(client.get(address).text) for address in walls] == [("board:1:hint",), ("event:1:hint",)]


def test_without_a_script_it_turns_pages_too(client, walls):
    for address in walls:
        assert f'<meta http-equiv="refresh" content="12;url={address}?page=3">' in client.get(f"{address}?page=2").text


def test_an_unchanged_slide_is_not_sent_again(client, walls):
    for address in walls:
        seen = client.get(address, headers=ASKING).headers["ETag"]
        assert client.get(address, headers=ASKING | {"If-None-Match": seen}).status_code == 304
        other = client.get(f"{address}?page=2", headers=ASKING | {"If-None-Match": seen})
        assert other.status_code == 200


def test_an_empty_board_says_so(client, make_competition):
    make_competition("empty")
    assert "Nobody is on this board yet." in client.get("/competitions/empty/projector").text


def test_what_is_not_there_is_a_404(client):
    assert client.get("/competitions/nothing/projector").status_code == 404
    assert client.get("/events/nothing/projector").status_code == 404
