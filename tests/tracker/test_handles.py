"""What people type as a handle, and what belongs to it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.members.service import delete_member
from app.tracker import service
from app.tracker.models import Handle, Participant, Snapshot
from app.tracker.platforms import platforms
from app.tracker.platforms.base import NotAHandle
from app.tracker.removing import remove_participant
from tests.conftest import PASSWORD

MEANS_NONE = ["", "  ", "#N/A", "n/a", "NA", "-", "—", "None", "N.A.", "n.a", "...", "\u200b", "\ufeff - "]
CLEANED = [
    ("codeforces", "Foo.Bar", "Foo.Bar"),
    ("codeforces", "  @Foo_Bar \u200b", "Foo_Bar"),
    ("codeforces", "https://codeforces.com/profile/Foo.Bar", "Foo.Bar"),
    ("codeforces", "codeforces.com/profile/foo/", "foo"),
    ("codeforces", "http://www.codeforces.com/profile/foo?locale=en#top", "foo"),
    ("codechef", "www.codechef.com/users/Foo_1", "Foo_1"),
    ("leetcode", "https://leetcode.com/u/foo/", "foo"),
    ("leetcode", "leetcode.com/foo", "foo"),
    ("hackerrank", "https://www.hackerrank.com/profile/foo_1", "foo_1"),
    ("hackerrank", "hackerrank.com/foo_1/", "foo_1"),
    ("codeforces", "https://m2.codeforces.com/profile/foo", "foo"),
    ("leetcode", "https://leetcode.com/u/dashboard/", "dashboard"),
    ("geeksforgeeks", "https://practice.geeksforgeeks.org/user/foo", "foo"),
    ("geeksforgeeks", "https://auth.geeksforgeeks.org/user/foo.bar/practice/", "foo.bar"),
]
REFUSED = [
    ("codeforces", "ann@example.org", "e-mail address"),
    ("codeforces", "a b c", "3 to 24"),
    ("codeforces", "x" * 200, "3 to 24"),
    ("codeforces", "foo;bar", "3 to 24"),
    ("codeforces", "https://example.org/profile/foo", "not an address on"),
    ("codeforces", "https://codeforces.com/contest/1", "not that of somebody"),
    ("codeforces", "http://[foo", "not an address on"),
    ("codechef", "foo.bar", "letters, digits and underscores"),
    ("leetcode", "https://leetcode.com/problems/two-sum/", "not that of somebody"),
    ("leetcode", "https://leetcode.com/", "not that of somebody"),
    ("leetcode", "leetcode.com", "not that of somebody"),
    ("leetcode", "WWW.LeetCode.com", "not that of somebody"),
    ("leetcode", "https://leetcode.com/u/", "not that of somebody"),
    ("leetcode", "leetcode.com/profile/", "not that of somebody"),
    ("leetcode", "leetcode.com/problemset/", "not that of somebody"),
    ("hackerrank", "hackerrank.com/profile/", "not that of somebody"),
    ("hackerrank", "https://www.hackerrank.com/Dashboard", "not that of somebody"),
    ("hackerrank", "https://codeforces.com/profile/foo", "not an address on HackerRank"),
]


@pytest.fixture
def ann(cohort) -> Participant:
    return service.add_participant(cohort.id, name="Ann Example", roll_number="E-1", email="ann@example.org")


@pytest.mark.parametrize("key", platforms())
def test_what_stands_for_nothing_is_no_handle(key):
    assert [typed for typed in MEANS_NONE if platforms()[key].clean(typed) != ""] == []


@pytest.mark.parametrize("key", platforms())
def test_every_platform_takes_its_own_example_typed_or_pasted(key):
    platform = platforms()[key]
    handle = platform.example_handle
    assert {
        platform.clean(handle),
        platform.clean(f" @{handle} "),
        platform.clean(platform.profile_address(handle)),
    } == {handle}


@pytest.mark.parametrize(("key", "typed", "handle"), CLEANED)
def test_a_handle_is_cleaned_as_its_platform_has_it(key, typed, handle):
    assert platforms()[key].clean(typed) == handle


@pytest.mark.parametrize(("key", "typed", "sentence"), REFUSED)
def test_what_cannot_be_a_handle_is_refused_with_the_reason(key, typed, sentence):
    with pytest.raises(NotAHandle, match=sentence):
        platforms()[key].clean(typed)


def handle_of(participant) -> Handle | None:
    return db.session.scalar(select(Handle).where(Handle.participant_id == participant.id))


def known(participant) -> Handle:
    """The participant's handle, with a rating and a day of history."""
    service.set_handle(participant.id, "codeforces", "Foo.Bar")
    with transaction():
        row = handle_of(participant)
        row.state, row.rating, row.known_at = "verified", 1500.0, clock.now()
        db.session.add(Snapshot(handle_id=row.id, day=date(2026, 1, 1), rating=1500.0))
    return row


def count(table) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_new_handle_is_due_at_once(ann):
    service.set_handle(ann.id, "codeforces", "codeforces.com/profile/Foo.Bar")
    row = handle_of(ann)
    assert (row.handle, row.folded, row.state, row.next_due_at <= clock.now()) == (
        "Foo.Bar",
        "foo.bar",
        "unchecked",
        True,
    )


def test_the_same_account_in_other_letters_keeps_what_is_known(ann):
    known(ann)
    service.set_handle(ann.id, "codeforces", "foo.bar")
    assert (handle_of(ann).handle, handle_of(ann).rating, count(Snapshot)) == ("foo.bar", 1500.0, 1)


def test_another_account_begins_without_what_was_known(ann):
    known(ann)
    service.set_handle(ann.id, "codeforces", "someone-else")
    assert (handle_of(ann).state, handle_of(ann).rating, count(Snapshot)) == ("unchecked", None, 0)


def test_a_handle_taken_away_goes_with_its_history(ann):
    known(ann)
    service.set_handle(ann.id, "codeforces", "-")
    assert (handle_of(ann), count(Snapshot)) == (None, 0)


def test_a_person_is_removed_with_everything(ann):
    known(ann)
    remove_participant(ann.id)
    assert (count(Participant), count(Handle), count(Snapshot)) == (0, 0, 0)


def test_a_roll_number_is_there_once_in_a_cohort_whatever_its_letters(ann):
    with pytest.raises(Refused, match="already"):
        service.add_participant(ann.cohort_id, roll_number="e-1")


def test_an_unknown_platform_is_refused_with_those_that_there_are(ann):
    with pytest.raises(Refused, match="codeforces"):
        service.set_handle(ann.id, "nowhere", "foo")


def test_who_leaves_takes_their_own_handles_and_the_roster_keeps_its_person(ann, make_member, run_jobs):
    member = make_member("ann")
    service.set_handle(service.own_participant(member.id).id, "codeforces", "Foo.Bar")
    assert service.own_participant(member.id).id == service.own_participant(member.id).id
    on_roster = service.add_participant(ann.cohort_id, roll_number="E-2", member_id=member.id)
    delete_member(member.id, PASSWORD)
    run_jobs()
    db.session.rollback()
    kept = db.session.scalars(select(Participant).where(Participant.id != ann.id)).all()
    assert ([row.id for row in kept], kept[0].member_id, count(Handle)) == ([on_roster.id], None, 0)
