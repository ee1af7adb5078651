"""Cohorts as organisers make them, and who may see them."""

import pytest
from sqlalchemy import func, select, update

from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.tracker import service
from app.tracker.access import may_see_board, may_see_person
from app.tracker.cohorts import CohortDetails, contest_of, create_cohort, edit_cohort, remove_cohort
from app.tracker.models import Cohort, Handle, Participant

CONTESTS = [
    ("warm-up", "warm-up"),
    ("https://www.hackerrank.com/contests/warm-up/", "warm-up"),
    ("https://www.hackerrank.com/warm-up/", "warm-up"),
    ("hackerrank.com/contests/warm-up/challenges/sum?x=/y#/z", "warm-up"),
]


@pytest.mark.parametrize(("typed", "contest"), CONTESTS)
def test_a_contest_is_known_by_its_address_too(typed, contest):
    assert contest_of(typed) == contest


@pytest.mark.parametrize("typed", ["https://www.hackerrank.com/contests/", "a b", "http://[", "x" * 101, "/", "é"])
def test_what_is_no_contest_is_refused(typed):
    with pytest.raises(Refused, match="neither"):
        contest_of(typed)


REFUSED = [
    ({"college": " \u202e"}, "college"),
    ({"batch": ""}, "batch"),
    ({"batch": "x" * 41}, "batch"),
    ({"slug": "Not A Slug"}, "slug"),
    ({"slug": "new"}, "slug"),
    ({"college": "大学", "batch": "年"}, "slug"),
    ({"visibility": "everybody"}, "visibility"),
    ({"hackerrank_contests": ("a b",)}, "hackerrank_contests"),
    ({"hackerrank_contests": tuple(map(str, range(31)))}, "hackerrank_contests"),
    ({"college": "Example College", "slug": "another"}, "batch"),
    ({"college": "EXAMPLE college", "slug": "another"}, "batch"),
    ({"slug": "example-college-2027"}, "slug"),
]


@pytest.mark.parametrize(("details", "field"), REFUSED)
def test_a_cohort_that_will_not_do_is_refused_beside_its_field(cohort, details, field):
    with pytest.raises(Refused) as refusal:
        create_cohort(
            CohortDetails(
                **{"college": "Other College", "batch": "2027" if "大学" not in details.values() else "年", **details}
            )
        )
    assert refusal.value.field == field


def test_an_organiser_makes_changes_and_removes_a_cohort_in_forms(client, make_member, log_in):
    log_in(client, make_member("olga", role="organiser"))
    details = {"college": "Example College", "batch": "2027", "visibility": "organisers"}
    contests = "hackerrank.com/contests/warm-up/\nWarm-Up, night"
    client.post("/cohorts/new", data={**details, "hackerrank_contests": contests})
    page = client.get("/cohorts/example-college-2027/edit").text
    assert "warm-up\nnight" in page
    client.post("/cohorts/example-college-2027/edit", data={**details, "slug": "ec", "visibility": "members"})
    row = db.session.scalars(select(Cohort)).one()
    assert (row.slug, row.visibility, row.hackerrank_contests) == ("ec", "members", [])
    client.post("/cohorts/ec/remove")
    assert db.session.scalars(select(Cohort)).all() == []
    acts = db.session.scalars(select(AuditRecord.act).order_by(AuditRecord.id)).all()
    assert acts == ["create cohort", "edit cohort", "remove cohort"]


def test_removing_says_what_goes_and_takes_it_all(client, cohort, add_handle, make_member, log_in):
    add_handle("codeforces", rating=1500)
    service.add_participant(cohort.id, name="Nobody Yet")
    kept = service.own_participant(make_member("ann").id)
    page = log_in(client, make_member("olga", role="organiser")).get(f"/cohorts/{cohort.slug}/remove").text
    assert "2 people, 1 handle and 0 days" in page
    remove_cohort(cohort.id)
    assert db.session.scalars(select(Participant.id)).all() == [kept.id]
    assert db.session.scalar(select(func.count()).select_from(Handle)) == 0


def test_other_contests_are_counted_at_once(cohort, add_handle):
    hacker, coder = add_handle("hackerrank", rating=10), add_handle("codeforces", rating=10)
    with transaction():
        db.session.execute(update(Handle).values(next_due_at=clock.now().replace(year=2100)))
    edit_cohort(cohort.id, CohortDetails(cohort.college, cohort.batch, hackerrank_contests=("warm-up",)))
    due = db.session.scalars(select(Handle.id).where(Handle.next_due_at <= clock.now())).all()
    assert due == [hacker.id] != [coder.id]


# visibility, then: visitor, outsider, participant, organiser
SEEN = {
    "organisers": (False, False, False, True),
    "participants": (False, False, True, True),
    "members": (False, True, True, True),
}


@pytest.mark.parametrize("visibility", SEEN)
def test_a_board_is_seen_by_those_it_is_open_to(cohort, make_member, client, log_in, visibility):
    cohort = edit_cohort(cohort.id, CohortDetails(cohort.college, cohort.batch, visibility=visibility))
    outsider, insider, organiser = make_member("otto"), make_member("ina"), make_member("olga", role="organiser")
    mine = service.add_participant(cohort.id, name="Ina", member_id=insider.id)
    service.own_participant(outsider.id)
    others = service.add_participant(cohort.id, name="Other")
    people = (None, outsider, insider, organiser)
    assert tuple(may_see_board(cohort, person) for person in people) == SEEN[visibility]
    assert tuple(may_see_person(others, person) for person in people) == SEEN[visibility]
    assert may_see_person(mine, insider)
    for person, is_seen in zip(people[1:], SEEN[visibility][1:], strict=True):
        assert ("Example College" in log_in(client, person).get("/cohorts").text) == is_seen


def test_own_handles_outside_cohorts_are_for_oneself_and_organisers(make_member):
    ann, otto, olga = make_member("ann"), make_member("otto"), make_member("olga", role="organiser")
    own = service.own_participant(ann.id)
    assert [may_see_person(own, who) for who in (ann, otto, olga, None)] == [True, False, True, False]
