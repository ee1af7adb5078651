"""Who is told what: the tickets that pages carry, and what is published."""

import html
import io
import re
from urllib.parse import parse_qs, urlsplit

from app.core.live import read_ticket
from tests.conftest import HEADER

ROW = "1,10,Ann,2026-01-01 00:00:00,0.9,3,annk"


def topics_of(page: str) -> tuple[str, ...]:
    found = re.search(r'ws-connect="([^"]+)"', page)
    return read_ticket(parse_qs(urlsplit(html.unescape(found[1])).query)["ticket"][0]).topics if found else ()


def test_everybody_may_listen_to_a_leaderboard(client, make_competition):
    make_competition()
    assert topics_of(client.get("/competitions/titanic/leaderboard").text) == (
        "board:1:1",
        "board:1:status",
        "board:1:entrants",
    )


def test_a_page_sorted_otherwise_only_gets_hints(client, make_competition):
    make_competition()
    page = client.get("/competitions/titanic/leaderboard?sort=score").text
    assert topics_of(page) == ("board:1:hint", "board:1:status", "board:1:entrants")


def test_only_an_organiser_gets_a_ticket_for_a_job(client, app, make_member, log_in, make_competition):
    make_competition()
    log_in(client, make_member("olga", role="organiser"))
    file = (io.BytesIO(f"{HEADER}\n{ROW}".encode()), "b.csv")
    address = client.post("/competitions/titanic/boards", data={"file": file}).headers["Location"]
    client.post(f"{address}/apply")
    (topic,) = topics_of(client.get(address).text)
    assert topic.startswith("job:")
    stranger = log_in(app.test_client(), make_member("ann"))
    assert stranger.get(address).status_code == 403


def test_a_changed_board_is_published_and_an_unchanged_one_is_not(make_member, make_competition, apply_csv, told):
    make_member("ann", kaggle="annk")
    titanic = make_competition()
    told()
    apply_csv(titanic, ROW)
    assert set(told()) == {"board:1:1", "board:1:hint", "board:1:status", "board:1:entrants", "sync:1", "podium:1"}
    apply_csv(titanic, ROW)
    assert set(told()) <= {"board:1:status", "sync:1"}


def test_only_pages_whose_bytes_changed_are_published(make_member, make_competition, apply_csv, told):
    for number in range(60):
        make_member(f"m{number:02}", kaggle=f"k{number}")
    titanic = make_competition()
    rows = [f"{n + 1},{n},T{n},2026-01-01 00:00:00,0.5,1,k{n}" for n in range(60)]
    apply_csv(titanic, *rows)
    told()
    apply_csv(titanic, *rows[:-1], rows[-1].replace("0.5", "0.4"))
    assert "board:1:2" in (topics := told())
    assert "board:1:1" not in topics


def test_only_an_organisers_page_listens_to_how_syncing_stands(app, client, make_member, make_competition, log_in):
    competition = make_competition(kaggle_slug="titanic")
    page = log_in(client, make_member("olga", role="organiser")).get("/competitions/titanic/sync").text
    assert f"sync:{competition.id}" in topics_of(page)
    stranger = log_in(app.test_client(), make_member("ann"))
    assert stranger.get("/competitions/titanic/sync").status_code == 403
    assert f"sync:{competition.id}" not in topics_of(stranger.get("/competitions/titanic/leaderboard").text)
