"""Entering and withdrawing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.competitions import queries, service
from app.core import clock
from app.core.refusal import Refused
from app.extensions import db


def test_entering_gives_an_unranked_entry_at_once(make_member, make_competition):
    ann, titanic = make_member(), make_competition()
    service.enter(titanic.id, ann)
    entry = queries.entry_of(titanic.id, ann.id)
    assert (entry.place, entry.is_found, queries.count_entrants(titanic.id)) == (None, False, 1)


def test_entering_twice_counts_once(make_member, make_competition):
    ann, titanic = make_member(), make_competition()
    service.enter(titanic.id, ann)
    service.enter(titanic.id, ann)
    assert queries.count_entrants(titanic.id) == 1


def test_who_withdrew_may_enter_again(make_member, make_competition):
    ann, titanic = make_member(), make_competition()
    service.enter(titanic.id, ann)
    service.withdraw(titanic.id, ann)
    assert queries.count_entrants(titanic.id) == 0
    service.enter(titanic.id, ann)
    assert queries.count_entrants(titanic.id) == 1


def test_nobody_enters_or_withdraws_after_the_end(make_member, make_competition):
    ann, titanic = make_member(), make_competition()
    with clock.standing_at(clock.now() + timedelta(days=30)):
        for verb in (service.enter, service.withdraw):
            with pytest.raises(Refused, match="over"):
                verb(titanic.id, ann)


def test_counts_are_right_when_all_enter_at_once(app, make_member, make_competition):
    members, titanic = [make_member(f"member{n}") for n in range(12)], make_competition()
    db.session.remove()

    def enter(member):
        with app.app_context():
            service.enter(titanic.id, member)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(enter, [*members, *members]))
    assert queries.count_entrants(titanic.id) == 12


def test_the_status_comes_from_the_clock(make_competition):
    titanic = make_competition()
    seen = []
    for moment in (titanic.starts_at - timedelta(seconds=1), titanic.starts_at, titanic.ends_at):
        with clock.standing_at(moment):
            seen.append(titanic.status)
    assert seen == ["upcoming", "ongoing", "completed"]


def test_the_page_offers_what_can_be_done(client, make_member, make_competition, log_in):
    make_competition()
    log_in(client, make_member())
    assert "Enter</button>" in client.get("/competitions/titanic").text
    assert "You are in" in client.post("/competitions/titanic/enter", follow_redirects=True).text
    assert "Withdraw</button>" in client.get("/competitions/titanic").text
