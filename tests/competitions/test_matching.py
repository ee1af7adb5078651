"""Which row is whose."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from app.competitions.matching import match
from app.competitions.sources.base import Standing


class Candidate(NamedTuple):
    member_id: int
    kaggle_username: str | None
    team_id: str | None = None
    matched_username: str | None = None
    matched_by: str | None = None
    username_changed_at: datetime | None = None


def standing(team_id: str, *usernames: str, name: str = "") -> Standing:
    return Standing(2, team_id, name or f"Team {team_id}", usernames, 1, 0.5, "0.5", None, None)


BOARD_AT = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def teams(standings, *candidates):
    return {
        member_id: (found.standing.team_id, found.by)
        for member_id, found in match(standings, candidates, BOARD_AT).items()
    }


def test_every_member_of_a_team_is_found_by_username():
    rows = [standing("10", "annk", "stranger", "bobk")]
    assert teams(rows, Candidate(1, "annk"), Candidate(2, "bobk")) == {1: ("10", "username"), 2: ("10", "username")}


def test_a_username_beats_a_team_name_that_stands_before_it():
    rows = [standing("10", "other", name="annk"), standing("11", "annk")]
    assert teams(rows, Candidate(1, "annk")) == {1: ("11", "username")}


def test_a_team_name_finds_whoever_has_no_row_yet():
    assert teams([standing("10", name=" AnnK ")], Candidate(1, "annk")) == {1: ("10", "name")}


def test_a_team_name_that_two_rows_have_finds_nobody():
    assert teams([standing("10", name="annk"), standing("11", name="AnnK")], Candidate(1, "annk")) == {}


def test_a_member_without_a_kaggle_username_is_never_found_by_name():
    assert teams([standing("10", name="")], Candidate(1, None)) == {}


def test_an_entry_follows_its_team_when_team_and_username_change():
    ann = Candidate(1, "newname", team_id="10", matched_username="annk", matched_by="username")
    assert teams([standing("10", "annk", name="Renamed")], ann) == {1: ("10", "username")}


def test_a_new_username_on_another_row_beats_the_remembered_team():
    ann = Candidate(1, "newname", team_id="10", matched_username="annk", matched_by="username")
    assert teams([standing("10", "annk"), standing("11", "newname")], ann) == {1: ("11", "username")}


def test_an_organiser_may_say_of_several_members_that_a_team_is_theirs():
    told = {"team_id": "12", "matched_by": "organiser"}
    rows = [standing("10", "greta"), standing("12")]
    candidates = (Candidate(1, "greta", **told), Candidate(2, None, **told))
    assert teams(rows, *candidates) == {1: ("12", "organiser"), 2: ("12", "organiser")}


def test_a_team_found_by_name_stays_marked_so_while_it_is_followed():
    ann = Candidate(1, "annk", team_id="10", matched_username="annk", matched_by="name")
    assert teams([standing("10", name="Renamed")], ann) == {1: ("10", "name")}


def test_nobody_follows_a_team_whose_username_belongs_to_another_member_now():
    impostor = Candidate(1, "other", team_id="10", matched_username="annk", matched_by="username")
    assert teams([standing("10", "annk")], impostor, Candidate(2, "annk")) == {2: ("10", "username")}


@pytest.mark.parametrize(
    ("usernames", "matched_by", "changed_at", "is_followed"),
    [
        (("wrong", "friend"), "username", BOARD_AT + DAY, True),  # Kaggle may have renamed them since this board
        (("wrong", "friend"), "username", BOARD_AT - DAY, False),
        (("stranger",), "name", BOARD_AT + DAY, False),
        ((), "name", BOARD_AT - DAY, True),  # boards of old list nobody
        (("renamed",), "username", BOARD_AT - DAY, True),
    ],
)
def test_who_changed_the_username_follows_the_team_unless_it_turns_out_to_be_somebody_elses(
    usernames, matched_by, changed_at, is_followed
):
    sid = Candidate(1, "right", "10", "wrong", matched_by, changed_at)
    assert teams([standing("10", *usernames)], sid) == ({1: ("10", matched_by)} if is_followed else {})


def test_whom_an_organiser_keeps_off_the_board_no_rule_finds():
    rows = [standing("10", "annk"), standing("11", name="benk")]
    people = (Candidate(1, "annk", matched_by="organiser"), Candidate(2, "benk", matched_by="organiser"))
    assert teams(rows, *people) == {}
