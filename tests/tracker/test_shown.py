"""What other pages show of the tracker: handles on profiles, and the week's movers on the start page."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from app.core import clock
from app.core.db import transaction
from app.extensions import db, redis_client
from app.tracker import service
from app.tracker.models import Cohort, Handle, Participant, Snapshot
from app.tracker.movers import movers
from tests.conftest import detached


@pytest.fixture
def cohort(cohort):
    return detached(cohort)


@pytest.fixture
def enrol(cohort):
    """enrol("Ann", 1500, before=1400, member_id=1): a person on Codeforces, now and nine days ago."""

    def add(name, rating, before=None, member_id=None):
        person = service.add_participant(cohort.id, name=name, member_id=member_id).id
        service.set_handle(person, "codeforces", f"{name.lower()}-here")
        with transaction():
            known = update(Handle).where(Handle.participant_id == person).returning(Handle.id)
            now = clock.now()
            values = {"state": "verified", "rating": rating, "checked_at": now, "known_at": now}
            handle_id = db.session.scalar(known.values(**values))
            if before is not None:
                day = (clock.now() - timedelta(days=9)).date()
                db.session.execute(insert(Snapshot).values(handle_id=handle_id, day=day, rating=before))
        return person

    return add


def open_to(visibility):
    with transaction():
        db.session.execute(update(Cohort).values(visibility=visibility))


@pytest.mark.parametrize(
    ("visibility", "viewer", "is_shown"),
    [
        ("organisers", None, False),
        ("organisers", "ben", False),
        ("organisers", "ann", True),
        ("organisers", "olga", True),
        ("participants", "ben", False),
        ("members", "ben", True),
        ("members", None, False),
    ],
)
def test_a_profile_shows_a_rosters_handles_to_who_may_see_that_person(
    client, log_in, make_member, enrol, visibility, viewer, is_shown
):
    members = {name: make_member(name) for name in ("ann", "ben")} | {"olga": make_member("olga", role="organiser")}
    enrol("Ann", 1500, member_id=members["ann"].id)
    service.set_handle(service.own_participant(members["ann"].id).id, "leetcode", "ann-for-herself")
    open_to(visibility)
    if viewer:
        log_in(client, members[viewer])
    page = client.get("/members/ann").text
    assert "ann-for-herself" in page
    assert ("ann-here" in page) == is_shown


def test_what_a_member_keeps_for_themselves_goes_before_the_rosters(client, log_in, make_member, enrol):
    ann = make_member()
    enrol("Ann", 1500, member_id=ann.id)
    service.set_handle(service.own_participant(ann.id).id, "codeforces", "ann-for-herself")
    page = log_in(client, ann).get("/members/ann").text
    assert "ann-for-herself" in page
    assert "ann-here" not in page


def test_the_handles_of_a_disabled_member_are_not_shown(client, make_member):
    ann = make_member()
    service.set_handle(service.own_participant(ann.id).id, "leetcode", "ann-for-herself")
    with transaction():
        db.session.merge(ann).disabled_at = clock.now()
    assert "ann-for-herself" not in client.get("/members/ann").text


def moves(viewer):
    return [(one.name, one.week) for one in movers(viewer)]


def test_the_biggest_moves_of_visible_cohorts_are_shown_in_either_direction(make_member, enrol):
    ben, olga = make_member("ben"), make_member("olga", role="organiser")
    enrol("Up", 1550, before=1500)
    enrol("Down", 1300, before=1500)
    enrol("Still", 1500, before=1500)
    enrol("New", 1500)
    assert moves(olga) == [("Down", -200), ("Up", 50)]
    assert moves(ben) == []
    assert moves(None) == []
    open_to("members")
    assert moves(ben) == [("Down", -200), ("Up", 50)]


def test_whoever_was_removed_is_named_no_more_though_moves_are_kept(make_member, enrol):
    olga = make_member("olga", role="organiser")
    enrol("Up", 1550, before=1500)
    gone = enrol("Gone", 1900, before=1500)
    assert len(moves(olga)) == 2
    with transaction():
        db.session.execute(delete(Participant).where(Participant.id == gone))
    assert redis_client().keys("mlbattle:movers:*")
    assert moves(olga) == [("Up", 50)]


def test_the_start_page_names_the_movers(client, log_in, make_member, make_competition, enrol):
    make_competition("titanic")
    enrol("Up", 1550, before=1500)
    assert "This week’s movers" not in client.get("/").text
    page = log_in(client, make_member("olga", role="organiser")).get("/").text
    assert "This week’s movers" in page
    assert "up 50" in page
