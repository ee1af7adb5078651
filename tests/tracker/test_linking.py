"""Which member a person on a roster is: said by an organiser, or by the member who was given a link."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.refusal import Refused
from app.extensions import db
from app.tracker import service
from app.tracker.linking import accept_invitation, invited, link_member, make_invitation, unlink_member
from app.tracker.models import Participant
from app.tracker.removing import remove_participant
from tests.conftest import PASSWORD


@pytest.fixture
def ann(cohort) -> Participant:
    return service.add_participant(cohort.id, name="Ann Example", roll_number="E-1")


def member_of(participant) -> int | None:
    db.session.rollback()
    return db.session.scalar(select(Participant.member_id).where(Participant.id == participant.id))


def test_an_organiser_says_which_member_it_is_and_takes_it_back(client, ann, make_member, log_in):
    member = make_member("ann")
    log_in(client, make_member("olga", role="organiser"))
    place = f"/cohorts/{ann.cohort.slug}/people/{ann.id}"
    answer = client.post(f"{place}/link", data={"username": "nobody"})
    assert (answer.status_code, "no member of this username" in answer.text) == (422, True)
    client.post(f"{place}/link", data={"username": "ANN"})
    assert member_of(ann) == member.id
    client.post(f"{place}/unlink")
    assert member_of(ann) is None


def test_a_member_stands_on_a_roster_once(ann, make_member):
    ann_member, ben = make_member("ann"), make_member("ben")
    other = service.add_participant(ann.cohort_id, name="Other")
    link_member(ann.id, "ann")
    with pytest.raises(Refused, match="already, as Ann Example"):
        link_member(other.id, "ann")
    with pytest.raises(Refused, match="Another member"):
        link_member(ann.id, "ben")
    assert (member_of(ann), member_of(other), ben.id != ann_member.id) == (ann_member.id, None, True)


def test_who_is_given_a_link_registers_and_takes_the_place(app, client, ann, make_member, log_in):
    log_in(client, make_member("olga", role="organiser"))
    page = client.post(f"/cohorts/{ann.cohort.slug}/people/{ann.id}/invite")
    link = page.text.partition('value="http://localhost')[2].partition('"')[0]
    assert page.headers["Cache-Control"] == "no-store"
    visitor = app.test_client()
    offer = visitor.get(link).text
    assert ("Are you Ann Example?" in offer, f"/register?next={link}" in offer, "E-1" in offer) == (True, True, False)
    assert "/login" in visitor.post(link).headers["Location"]
    details = {"username": "annie", "display_name": "Annie", "email": "annie@example.org", "password": PASSWORD}
    answer = visitor.post("/register", query_string={"next": link}, data=details)
    assert answer.headers["Location"] == link
    assert visitor.post(link).headers["Location"] == "/account/handles"
    assert member_of(ann) is not None
    assert visitor.get(link).status_code == 404


def test_a_link_works_once_even_when_the_place_is_free_again(ann, make_member):
    make_member("ann")
    member = make_member("ben")
    link = make_invitation(ann.id)
    accept_invitation(link, member.id)
    unlink_member(ann.id)
    with pytest.raises(Refused, match="used"):
        accept_invitation(link, member.id)
    assert member_of(ann) is None


def test_a_newer_link_makes_the_one_before_void(ann):
    old, new = make_invitation(ann.id), make_invitation(ann.id)
    with pytest.raises(Refused, match="newer"):
        invited(old)
    assert invited(new).id == ann.id


def test_a_link_ends_after_its_days(ann):
    link = make_invitation(ann.id)
    with clock.standing_at(clock.now() + timedelta(days=13)):
        assert invited(link).id == ann.id
    with clock.standing_at(clock.now() + timedelta(days=15)), pytest.raises(Refused, match="over"):
        invited(link)


def test_a_link_of_a_removed_person_offers_nobody_elses_place(ann, make_member):
    link = make_invitation(ann.id)
    remove_participant(ann.id)
    service.add_participant(ann.cohort_id, name="May get the same number")
    with pytest.raises(Refused, match="used"):
        accept_invitation(link, make_member("ann").id)


@pytest.mark.parametrize("change", [lambda link: link[:-2], lambda link: "x" + link, lambda _link: ""])
def test_a_link_that_is_not_ours_is_refused(ann, change):
    with pytest.raises(Refused, match="complete"):
        invited(change(make_invitation(ann.id)))


def test_who_is_on_the_roster_already_cannot_take_a_second_place(client, ann, make_member, log_in):
    member = make_member("ann")
    service.add_participant(ann.cohort_id, name="Herself", member_id=member.id)
    link = make_invitation(ann.id)
    answer = log_in(client, member).post(f"/invitations/{link}")
    assert (answer.status_code, "You are on this roster already, as Herself" in answer.text) == (422, True)
    assert "make a new one" not in answer.text
    assert member_of(ann) is None
