"""The roster of a cohort as organisers keep it, the handles that members keep, and what nobody else sees."""

import html
import re

import pytest
from sqlalchemy import func, select, update

from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.tracker import fetching, service
from app.tracker.cohorts import CohortDetails, edit_cohort, remove_cohort
from app.tracker.linking import link_member
from app.tracker.models import Handle, Participant, Snapshot
from app.tracker.platforms import platforms
from app.tracker.removing import remove_participant
from app.tracker.service import PersonDetails, add_person
from tests.routes import addresses

ANN = {"name": "Ann Example", "roll_number": "E-1", "email": "ann@college.example"}


@pytest.fixture
def organiser(client, make_member, log_in):
    return log_in(client, make_member("olga", role="organiser"))


@pytest.fixture
def ann(cohort) -> Participant:
    return add_person(cohort.id, PersonDetails(**ANN, handles={"codeforces": "Foo.Bar", "leetcode": "foo"}))


def handles_of(participant) -> dict[str, str]:
    db.session.rollback()
    rows = db.session.scalars(select(Handle).where(Handle.participant_id == participant.id))
    return {row.platform: row.handle for row in rows}


def test_an_organiser_adds_changes_and_removes_a_person_in_forms(organiser, cohort):
    roster = f"/cohorts/{cohort.slug}/people"
    typed = {
        **ANN,
        "codeforces": "https://codeforces.com/profile/Foo.Bar",
        "leetcode": " @foo\u200b ",
        "codechef": "NA",
    }
    assert organiser.post(f"{roster}/new", data=typed).status_code == 302
    person = db.session.scalars(select(Participant)).one()
    assert handles_of(person) == {"codeforces": "Foo.Bar", "leetcode": "foo"}
    organiser.post(f"{roster}/{person.id}/edit", data={**ANN, "name": "Ann Other", "codeforces": "", "leetcode": "bar"})
    assert handles_of(person) == {"leetcode": "bar"}
    page = organiser.get(f"{roster}/{person.id}/edit").text
    assert ("Codeforces: Foo.Bar → none" in page, "olga: changed name" in page) == (True, True)
    assert "1 handle and 0 days of history" in organiser.get(f"{roster}/{person.id}/remove").text
    organiser.post(f"{roster}/{person.id}/remove")
    assert db.session.scalars(select(Participant)).all() == []


def test_nothing_of_a_removed_person_is_kept_on_record(organiser, ann):
    remove_participant(ann.id)
    records = db.session.scalars(select(AuditRecord)).all()
    assert "remove participant" in [record.act for record in records]
    assert [record for record in records if record.before or "Foo.Bar" in str(record.after)] == []


REFUSED = [
    ({"name": "", "roll_number": ""}, "Give a name, a roll number, or both."),
    ({"name": "x" * 121}, "At most 120 characters"),
    ({"roll_number": "e-1"}, "Somebody in this cohort has this roll number already."),
    ({"email": "nowhere"}, "Enter an e-mail address"),
    ({"codeforces": "ann@example.org"}, "That is an e-mail address, not a handle on Codeforces."),
    ({"hackerrank": "https://codeforces.com/profile/foo"}, "is not an address on HackerRank."),
]


@pytest.mark.parametrize(("wrong", "sentence"), REFUSED)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_is_stored(organiser, ann, wrong, sentence):
    typed = {"name": "Ben", "roll_number": "E-2", "email": "", "geeksforgeeks": "ben", **wrong}
    answer = organiser.post(f"/cohorts/{ann.cohort.slug}/people/new", data=typed)
    field = next(iter(wrong))
    assert answer.status_code == 422
    assert sentence in answer.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert db.session.scalars(select(Participant.id)).all() == [ann.id]


def test_a_thousand_people_are_paged_and_searched(organiser, cohort, ann):
    now = clock.now()
    with transaction():
        db.session.add_all(
            Participant(cohort_id=cohort.id, name=f"Person {n}", roll_number=f"R-{n:04}", created_at=now)
            for n in range(1000)
        )
    roster = f"/cohorts/{cohort.slug}/people"
    last = organiser.get(f"{roster}?page=21").text
    assert ("Person 999" in last, "1,001 people" in last) == (True, True)
    for search in ("foo.bar", "ANN", "college.example", "e-1"):
        page = organiser.get(f"{roster}?q={search}").text
        assert ("Ann Example" in page, "1 person like" in page) == (True, True), search
    assert "Nobody found" in organiser.get(f"{roster}?q=100%25").text


def test_nobody_is_added_to_a_roster_that_is_gone(app, cohort):
    remove_cohort(cohort.id)
    with pytest.raises(Refused, match="gone"):
        add_person(cohort.id, PersonDetails("Ann"))


def test_a_person_of_another_cohort_is_not_found(organiser, ann, cohort):
    assert organiser.get(f"/cohorts/other/people/{ann.id}/edit").status_code == 404
    own = service.own_participant(1)
    assert organiser.get(f"/cohorts/{cohort.slug}/people/{own.id}/edit").status_code == 404


def test_a_handle_that_changed_is_unchecked_and_the_others_keep_what_is_known(organiser, ann):
    with transaction():
        for row in db.session.scalars(select(Handle)):
            row.state, row.rating, row.known_at, row.checked_at = "verified", 1500.0, clock.now(), clock.now()
            db.session.add(Snapshot(handle_id=row.id, day=clock.now().date(), rating=1500.0))
    address = f"/cohorts/{ann.cohort.slug}/people/{ann.id}/edit"
    organiser.post(address, data={**ANN, "codeforces": "other", "leetcode": "FOO"})
    rows = {row.platform: row for row in db.session.scalars(select(Handle))}
    assert (rows["codeforces"].state, rows["codeforces"].rating) == ("unchecked", None)
    assert (rows["leetcode"].handle, rows["leetcode"].rating) == ("FOO", 1500.0)
    assert db.session.scalars(select(Snapshot.handle_id)).all() == [rows["leetcode"].id]


def test_the_button_looks_up_one_person_or_all_and_says_how_it_goes(organiser, cohort, ann, add_handle, site, fetch):
    add_handle("codeforces", "someone")
    with transaction():
        db.session.execute(update(Handle).values(next_due_at=clock.now().replace(year=2100), asked_at=None))
    roster = f"/cohorts/{cohort.slug}/people"
    organiser.post(f"{roster}/{ann.id}/check")
    assert db.session.scalar(select(func.count()).select_from(Handle).where(Handle.asked_at.is_not(None))) == 2
    organiser.post(f"{roster}/check")
    page = organiser.get(roster, headers={"HX-Request": "true"}).text
    assert page.lstrip().startswith('<div id="people"')
    assert "2 to look up: a minute or less until all that waits there is, as platforms take turns." in page
    fetch()
    assert "Up to date." in organiser.get(roster).text


def test_a_member_who_keeps_pressing_keeps_nobody_waiting(client, ann, make_member, log_in, site, fetch):
    member = make_member("ann")
    with transaction():
        db.session.get_one(Participant, ann.id).member_id = member.id
    fetch()
    page = log_in(client, member).post(f"/account/handles/{ann.id}/check", follow_redirects=True).text
    assert ("looked up in the last minutes" in page, fetching.waiting("codeforces")) == (True, 0)


def test_a_member_keeps_handles_for_themselves(client, make_member, log_in):
    ann = log_in(client, make_member("ann"))
    assert "For yourself" in ann.get("/account/handles").text
    refused = ann.post("/account/handles", data={"codeforces": "a b"})
    assert (refused.status_code, "3 to 24" in refused.text) == (422, True)
    ann.post("/account/handles", data={"codeforces": "Foo.Bar"})
    ann.post("/account/handles", data={"codeforces": "Foo.Bar", "leetcode": "foo"})
    own = db.session.scalars(select(Participant)).one()
    assert handles_of(own) == {"codeforces": "Foo.Bar", "leetcode": "foo"}
    saved = ann.post("/account/handles", data=handles_of(own) | {"codechef": "foo"}, follow_redirects=True).text
    assert "CodeChef is not set up here: nobody is looked up there until" in saved
    assert "looked up next" in ann.post(f"/account/handles/{own.id}/check", follow_redirects=True).text
    assert db.session.scalars(select(AuditRecord)).all() == []


def test_a_member_on_a_roster_changes_its_handles_and_organisers_see_it(app, ann, make_member, log_in):
    member, olga, slug = make_member("ann"), make_member("olga", role="organiser"), ann.cohort.slug
    with transaction():
        db.session.get_one(Participant, ann.id).member_id = member.id
    page = log_in(app.test_client(), member).get("/account/handles").text
    assert ("In Example College, 2027" in page, "For yourself" in page) == (True, False)
    typed = {f"place{ann.id}-codeforces": "mine", f"place{ann.id}-leetcode": "foo"}
    log_in(app.test_client(), member).post(f"/account/handles/{ann.id}", data=typed)
    assert handles_of(ann) == {"codeforces": "mine", "leetcode": "foo"}
    edit = log_in(app.test_client(), olga).get(f"/cohorts/{slug}/people/{ann.id}/edit").text
    assert "ann: changed handles" in edit
    assert "Codeforces: Foo.Bar → mine" in edit


def test_nobody_changes_the_handles_of_somebody_else(client, ann, make_member, log_in):
    otto = make_member("otto")
    own = service.own_participant(otto.id)
    log_in(client, otto)
    assert client.post(f"/account/handles/{ann.id}", data={"codeforces": "mine"}).status_code == 404
    assert handles_of(own) == {}
    assert client.post(f"/account/handles/{ann.id}/check").status_code == 404
    assert handles_of(ann)["codeforces"] == "Foo.Bar"


def test_roll_number_and_address_never_reach_anybody_below_organisers(app, club, log_in):
    """Every page there is, as a member who stands on the roster of a cohort that is open to all."""
    person = db.session.get_one(Participant, club.arguments["participant_id"])
    edit_cohort(person.cohort_id, CohortDetails("Example College", "2027", visibility="members"))
    with transaction():
        own = db.session.scalars(select(Participant).where(Participant.member_id == club.member.id)).one()
        own.roll_number, own.email = "ROLL-OWN", "own@college.example"
        other = db.session.get_one(Participant, person.id)
        other.roll_number, other.email = "ROLL-OTHER", "other@college.example"
    secrets = ("ROLL-OWN", "ROLL-OTHER", "@college.example")
    for who in (club.member, None):
        visitor = log_in(app.test_client(), who) if who else app.test_client()
        told = [page for page in addresses(app, club) if any(word in visitor.get(page).text for word in secrets)]
        assert told == []
    organiser = log_in(app.test_client(), club.organiser)
    assert "ROLL-OTHER" in organiser.get(f"/cohorts/{club.arguments['cohort_slug']}/people").text


def test_every_platform_has_its_field(organiser, cohort):
    page = organiser.get(f"/cohorts/{cohort.slug}/people/new").text
    assert [key for key in platforms() if f'name="{key}"' not in page] == []


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form on the page."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", page)]
    return {one["name"]: html.unescape(one.get("value", "")) for one in inputs if "name" in one}


def test_saving_a_name_leaves_what_others_changed_meanwhile(organiser, ann):
    place = f"/cohorts/example-college-2027/people/{ann.id}/edit"
    form = fields_of(organiser.get(place).text)
    service.set_handles(ann.id, {"codeforces": "greta_two", "codechef": "new_one", "leetcode": ""})
    assert organiser.post(place, data=form | {"name": "Ann Other"}).status_code == 302
    assert handles_of(ann) == {"codeforces": "greta_two", "codechef": "new_one"}
    assert db.session.get(Participant, ann.id, populate_existing=True).name == "Ann Other"


def test_what_two_change_at_once_is_refused_beside_its_field_until_seen(organiser, ann):
    place = f"/cohorts/example-college-2027/people/{ann.id}/edit"
    form = fields_of(organiser.get(place).text) | {"codeforces": "mine", "roll_number": "E-2"}
    service.edit_person(ann.id, PersonDetails(**ANN | {"roll_number": "E-3"}, handles={"codeforces": "theirs"}))
    answer = organiser.post(place, data=form)
    assert (answer.status_code, "Meanwhile it became “E-3”" in answer.text) == (422, True)
    again = organiser.post(place, data=fields_of(answer.text))
    assert "Meanwhile it became “theirs”" in again.text
    assert handles_of(ann)["codeforces"] == "theirs"
    assert organiser.post(place, data=fields_of(again.text)).status_code == 302
    assert handles_of(ann) == {"codeforces": "mine", "leetcode": "foo"}


def test_a_members_own_form_leaves_what_an_organiser_changed_meanwhile(client, ann, make_member, log_in):
    link_member(ann.id, make_member("ann").username)
    form = fields_of(log_in(client, db.session.get(Participant, ann.id).member).get("/account/handles").text)
    service.set_handle(ann.id, "codeforces", "corrected")
    prefix = f"place{ann.id}-"
    own = {name: text for name, text in form.items() if name.startswith(prefix)} | {f"{prefix}codechef": "chef"}
    assert client.post(f"/account/handles/{ann.id}", data=own).status_code == 302
    assert handles_of(ann) == {"codeforces": "corrected", "codechef": "chef", "leetcode": "foo"}


@pytest.mark.parametrize("seen", ["", "[]", "{", "1", '{"codeforces": 1}', "[" * 5000])
def test_a_form_that_lost_what_it_showed_stores_what_it_says(organiser, ann, seen):
    place = f"/cohorts/example-college-2027/people/{ann.id}/edit"
    organiser.post(place, data={**ANN, "codeforces": "bar", "leetcode": "", "seen": seen})
    assert handles_of(ann) == {"codeforces": "bar"}
