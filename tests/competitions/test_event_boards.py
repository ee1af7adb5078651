"""The leaderboard of an event: the points of its competitions summed, on its page and in the pages open elsewhere."""

import pytest
from sqlalchemy import select

from app.competitions import event_queries, service
from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Competition, Entry, Event
from app.competitions.service import Draft
from app.core.db import transaction
from app.extensions import db
from app.members.service import delete_member
from app.ratings.corrections import Disqualify, correct
from tests.competitions.test_live import topics_of
from tests.conftest import PASSWORD

SCALE = {"worst_score": 0.0, "best_score": 1.0}


def board_row(rank, name, score):
    return f"{rank},{name},{name},2026-11-01 00:00:00,{score},1,{name}"


@pytest.fixture
def night(app):
    """The number of an event."""
    return create_event(EventDetails(title="Night")).id


@pytest.fixture
def competition(night, make_competition):
    """competition("titanic"): one of the night's, with a scale."""
    return lambda slug, **details: make_competition(slug, event_id=night, **SCALE | details)


def standings(event_id):
    rows = event_queries.all_rows(db.session.get_one(Event, event_id))
    return [(row.place, row.member, row.points, row.entered) for row in rows]


def page_of(event_id, number):
    event = db.session.get_one(Event, event_id)
    return event_queries.board_page(event, event_queries.competitions_of(event), number)


def test_points_of_all_competitions_are_summed_and_ties_share_a_place(night, competition, make_member, apply_csv):
    for name in ("ann", "ben", "cat"):
        make_member(name, kaggle=name)
    apply_csv(competition("first"), board_row(1, "ann", 0.3), board_row(2, "ben", 0.1))
    apply_csv(competition("second"), board_row(1, "ben", 0.4), board_row(2, "ann", 0.2), board_row(3, "cat", 0.1))
    assert standings(night) == [(1, "Ann", 50.0, 2), (1, "Ben", 50.0, 2), (3, "Cat", 10.0, 1)]


def test_a_sum_is_the_same_in_whatever_order_it_is_added(night, competition, make_member, apply_csv):
    for name in ("ann", "ben"):
        make_member(name, kaggle=name)
    for slug, ann, ben in (("a", 0.001, 0.003), ("b", 0.002, 0.002), ("c", 0.003, 0.001)):
        apply_csv(competition(slug), board_row(1, "ann", ann), board_row(2, "ben", ben))
    assert 0.1 + 0.2 + 0.3 != 0.3 + 0.2 + 0.1
    assert [row[0] for row in standings(night)] == [1, 1]


def test_the_average_is_over_all_competitions_entered_or_not(night, competition, make_member, apply_csv):
    make_member("ann", kaggle="ann")
    apply_csv(competition("first"), board_row(1, "ann", 0.9))
    competition("second")
    competition("third")
    page = page_of(night, 1)
    assert page.average(page.rows[0]) == pytest.approx(30.0)


def test_who_has_no_points_yet_stands_last_without_a_place(client, night, competition, make_member, apply_csv):
    ann, _ben = make_member("ann"), make_member("ben", kaggle="ben")
    first = competition("first")
    apply_csv(first, board_row(1, "ben", 0.5))
    service.enter(first.id, ann)
    assert standings(night) == [(1, "Ben", 50.0, 1), (None, "Ann", None, 1)]
    assert 'aria-label="unranked"' in client.get("/events/night").text


def test_nought_points_are_points(night, competition, make_member, apply_csv):
    make_member("ann", kaggle="ann")
    apply_csv(competition("first"), board_row(1, "ann", 0.0))
    assert standings(night) == [(1, "Ann", 0.0, 1)]


def test_who_withdrew_does_not_count(night, competition, make_member, apply_csv):
    ann = make_member("ann", kaggle="ann")
    first, second = competition("first"), competition("second")
    for one in (first, second):
        apply_csv(one, board_row(1, "ann", 0.5))
    service.withdraw(first.id, ann)
    assert standings(night) == [(1, "Ann", 50.0, 1)]
    service.withdraw(second.id, ann)
    assert standings(night) == []


def test_an_entry_that_left_its_board_gives_no_points(night, competition, make_member, apply_csv):
    for name in ("ann", "ben"):
        make_member(name, kaggle=name)
    first = competition("first")
    apply_csv(first, board_row(1, "ann", 0.5), board_row(2, "ben", 0.4))
    apply_csv(first, board_row(1, "ben", 0.4), is_confirmed=True)
    assert standings(night) == [(1, "Ben", 40.0, 1), (None, "Ann", None, 1)]


def test_a_disqualified_entry_gives_no_points_and_its_winner_can_win_the_event(
    night, competition, make_member, apply_csv
):
    members = {name: make_member(name, kaggle=name) for name in ("ann", "ben")}
    first = competition("first")
    apply_csv(first, board_row(1, "ann", 0.5), board_row(2, "ben", 0.4))
    entry = select(Entry.id).where(Entry.member_id == members["ann"].id)
    correct(first.id, Disqualify(db.session.scalars(entry).one(), "Shared code."))
    assert standings(night) == [(1, "Ben", 40.0, 1), (None, "Ann", None, 1)]


def test_a_deleted_member_stays_without_a_name(client, app, night, competition, make_member, apply_csv):
    ann = make_member("ann", kaggle="ann")
    apply_csv(competition("first"), board_row(1, "ann", 0.5))
    delete_member(ann.id, PASSWORD)
    page = client.get("/events/night").text
    assert "Former member" in page
    assert "Ann" not in page
    assert b"ann" not in client.get("/events/night/leaderboard.csv").data


def test_other_competitions_do_not_count(night, competition, make_competition, make_member, apply_csv):
    make_member("ann", kaggle="ann")
    apply_csv(competition("first"), board_row(1, "ann", 0.5))
    apply_csv(make_competition("elsewhere", **SCALE), board_row(1, "ann", 0.9))
    assert standings(night) == [(1, "Ann", 50.0, 1)]


def test_a_competition_without_a_scale_is_named_as_giving_no_points(client, night, competition):
    competition("tight")
    competition("loose", worst_score=None, best_score=None)
    assert (
        "Loose gives no points yet, because the worst and best scores are not set." in client.get("/events/night").text
    )


@pytest.fixture
def crowd(make_member, competition, apply_csv):
    """60 members with points, m00 the best."""
    members = [make_member(f"m{number:02}", kaggle=f"m{number:02}") for number in range(60)]
    titanic = competition("titanic")
    apply_csv(titanic, *(board_row(n + 1, f"m{n:02}", 0.9 - n / 100) for n in range(60)))
    return titanic, members


def test_a_board_has_pages_of_fifty(client, night, crowd):
    assert [row.place for row in page_of(night, 2).rows] == list(range(51, 61))
    assert "51–60 of 60" in client.get("/events/night?page=2").text


def test_a_page_beyond_the_last_is_the_last(client, night, crowd):
    assert page_of(night, 9).paging.page == 2
    assert "51–60 of 60" in client.get("/events/night?page=999999999").text


def test_all_pages_from_one_statement_are_those_read_alone(night, crowd):
    event = db.session.get_one(Event, night)
    pages = event_queries.board_pages(event, event_queries.competitions_of(event))
    assert pages == [page_of(night, 1), page_of(night, 2)]


def test_find_me_leads_to_my_row(client, crowd, log_in):
    log_in(client, crowd[1][55])
    answer = client.get("/events/night/leaderboard/me")
    address, anchor = answer.headers["Location"].split("#")
    assert address == "/events/night?page=2"
    assert f'id="{anchor}"' in client.get(address).text


def test_who_is_not_on_it_is_told_so(client, night, make_member, log_in):
    log_in(client, make_member())
    page = client.get("/events/night/leaderboard/me", follow_redirects=True)
    assert "You have not entered any of these competitions yet." in page.text


def test_the_leaderboard_as_csv(client, night, competition, make_member, apply_csv):
    make_member("ann", kaggle="ann", display_name="=1+1")
    apply_csv(competition("first"), board_row(1, "ann", 0.5))
    answer = client.get("/events/night/leaderboard.csv")
    assert answer.data.decode("utf-8-sig").splitlines() == [
        "Place,Member,Username,Competitions entered,Points",
        "1,'=1+1,ann,1,50.0",
    ]


def test_an_empty_event_says_what_will_come(client, night):
    page = client.get("/events/night").text
    assert "No competition yet" in page
    assert "Nobody is on this board yet" in page


def test_an_unchanged_page_is_not_sent_again(client, night, competition, make_member, apply_csv):
    make_member("ann", kaggle="ann")
    first = competition("first")
    asking = {"HX-Request": "true"}
    seen = client.get("/events/night", headers=asking).headers["ETag"]
    assert client.get("/events/night", headers=asking | {"If-None-Match": seen}).status_code == 304
    apply_csv(first, board_row(1, "ann", 0.5))
    answer = client.get("/events/night", headers=asking | {"If-None-Match": seen})
    assert answer.status_code == 200
    assert "50.00" in answer.text


def test_everybody_may_listen_to_an_event(client, night, crowd):
    assert topics_of(client.get("/events/night").text) == ("event:1:1", "event:1:competitions")
    assert topics_of(client.get("/events/night?page=2").text) == ("event:1:2", "event:1:competitions")


def test_a_ticket_of_one_event_says_nothing_of_another(client, night):
    create_event(EventDetails(title="Day"))
    assert all(topic.startswith("event:2:") for topic in topics_of(client.get("/events/day").text))


def test_a_new_board_reaches_the_pages_of_its_event_and_no_other(
    night,
    competition,
    make_member,
    apply_csv,
    told,
    make_competition,
):
    make_member("ann", kaggle="ann")
    first = competition("first")
    other = create_event(EventDetails(title="Day"))
    elsewhere = make_competition("elsewhere", event_id=other.id, **SCALE)
    told()
    apply_csv(first, board_row(1, "ann", 0.5))
    assert {topic for topic in told() if topic.startswith("event:")} == {
        "event:1:1",
        "event:1:hint",
        "event:1:competitions",
    }
    apply_csv(first, board_row(1, "ann", 0.5))
    assert [topic for topic in told() if topic.startswith("event:")] == []
    apply_csv(elsewhere, board_row(1, "ann", 0.5))
    assert {topic.split(":")[1] for topic in told() if topic.startswith("event:")} == {"2"}


def test_a_competition_without_an_event_tells_no_event(make_competition, make_member, apply_csv, told):
    make_member("ann", kaggle="ann")
    elsewhere = make_competition("elsewhere", **SCALE)
    told()
    apply_csv(elsewhere, board_row(1, "ann", 0.5))
    assert [topic for topic in told() if topic.startswith("event:")] == []


def test_only_the_pages_that_changed_are_pushed(night, crowd, apply_csv, told):
    told()
    rows = [board_row(n + 1, f"m{n:02}", 0.9 - n / 100) for n in range(59)]
    apply_csv(crowd[0], *rows, board_row(60, "m59", 0.2))
    topics = told()
    assert "event:1:2" in topics
    assert "event:1:1" not in topics


def test_what_is_pushed_is_what_the_page_shows(client, night, competition, make_member, apply_csv, monkeypatch):
    make_member("ann", kaggle="ann")
    first = competition("first")
    pushed = {}
    monkeypatch.setattr("app.core.live.publish", lambda topic, html, version=None: pushed.update({topic: html}))
    apply_csv(first, board_row(1, "ann", 0.5))
    page = client.get("/events/night").text
    assert pushed["event:1:1"] in page
    assert pushed["event:1:competitions"] in page


def test_a_competition_that_gets_a_scale_or_a_new_title_is_told_too(night, competition, told):
    first = competition("first")
    told()
    found = db.session.get_one(Competition, first.id)
    draft = Draft(slug="first", title="Newly named", starts_at=found.starts_at, ends_at=found.ends_at, event_id=night)
    service.edit_competition(first.id, draft)
    assert {"event:1:1", "event:1:competitions"} <= set(told())


def test_a_rolled_back_board_is_not_told(night, competition, make_member, apply_csv, told):
    make_member("ann", kaggle="ann")
    first = competition("first")
    told()
    with pytest.raises(RuntimeError), transaction():
        apply_csv(first, board_row(1, "ann", 0.5))
        raise RuntimeError
    assert told() == []
