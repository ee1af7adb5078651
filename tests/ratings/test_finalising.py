"""Ratings move by a competition once, by final standings, among the club's own ranked entrants."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.competitions import service as competitions
from app.competitions.models import Competition, Entry
from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import enqueue
from app.core.refusal import Refused
from app.extensions import db
from app.members.models import Member
from app.members.service import delete_member
from app.ratings import history, service
from app.ratings.models import RatingEvent
from tests.conftest import PASSWORD
from tests.ratings.conftest import board_rows, changes, ratings

People = dict[str, Member]
Make = Callable[..., Competition]


def stored() -> list[tuple[Any, ...]]:
    """Every rating event, whatever its number."""
    query = select(*(getattr(RatingEvent, name) for name in history.EVENT_FIELDS))
    return sorted(tuple(row) for row in db.session.execute(query))


def finalise_by_job(run_jobs: Callable[[], None]) -> None:
    with transaction():
        enqueue("finalize_competitions", subject="")
    run_jobs()


def test_a_board_from_after_the_end_moves_ratings(
    people: People, make_over: Make, run_jobs: Callable[[], None]
) -> None:
    over = make_over("spring", "annk", "benk", "carak", "dank")
    finalise_by_job(run_jobs)
    # K = 16 among four equals: 1st +8, 2nd +16 x (2/3 - 1/2), and their mirrors.
    assert changes("spring") == pytest.approx({"ann": 8, "ben": 2.667, "cara": -2.667, "dan": -8}, abs=1e-3)
    assert ratings()["ann"] == 1508 and ratings()["eve"] == 1500
    competition = db.session.get_one(Competition, over.id)
    assert competition.finalized_at is not None
    assert competition.rated_board_at == competition.board_at
    act = db.session.scalars(select(AuditRecord).where(AuditRecord.act == "finalise competition")).one()
    ann = str(people["ann"].id)
    assert (act.actor_name, act.before["ratings"][ann], act.after["ratings"][ann]) == ("the club", 1500, 1508)
    assert act.after["ratings_moved"] == 4
    assert db.session.get_one(Member, people["dan"].id).peak_rating == 1500


def test_finalising_again_changes_nothing(people: People, make_over: Make, run_jobs: Callable[[], None]) -> None:
    over = make_over("spring", "annk", "benk")
    finalise_by_job(run_jobs)
    once = stored()
    finalise_by_job(run_jobs)
    assert not service.finalise_now(over.id)
    assert not service.finalise_now(over.id, is_as_is=True)
    assert stored() == once


def test_ranks_on_kaggle_of_912_and_1500_count_as_first_and_second(
    people: People, make_rated: Make, apply_csv: Callable[..., Any]
) -> None:
    teams = [f"stranger{rank}" for rank in range(1, 1501)]
    teams[911], teams[1499] = "annk", "benk"
    make_rated("big", *teams)
    assert changes("big") == {"ann": 4.0, "ben": -4.0}


def test_team_mates_share_the_mean_of_their_places(people: People, make_rated: Make) -> None:
    make_rated("teams", "annk+benk", "carak")
    places = dict(db.session.execute(select(RatingEvent.member_id, RatingEvent.place)).tuples().all())
    assert places == {people["ann"].id: 1.5, people["ben"].id: 1.5, people["cara"].id: 3.0}
    assert changes("teams")["ann"] == changes("teams")["ben"] > 0


def test_when_everyone_is_tied_nobody_of_equal_rating_moves(people: People, make_rated: Make) -> None:
    make_rated("one-team", "annk+benk+carak")
    assert changes("one-team") == {"ann": 0, "ben": 0, "cara": 0}


def test_one_entrant_moves_nobody_and_the_competition_is_final(people: People, make_rated: Make) -> None:
    alone = make_rated("alone", "annk")
    assert stored() == []
    assert db.session.get_one(Competition, alone.id).finalized_at is not None


def test_members_without_a_place_take_no_part(
    people: People, make_competition: Make, apply_csv: Callable[..., Any]
) -> None:
    competition = make_competition("spring")
    competitions.enter(competition.id, people["dan"])  # never submits
    competitions.enter(competition.id, people["eve"])
    apply_csv(competition, *board_rows("annk", "benk", "carak", "evek"))
    competitions.withdraw(competition.id, people["eve"])
    apply_csv(competition, *board_rows("annk", "benk"))  # cara's team has left the board
    with transaction():
        db.session.execute(update(Competition).values(ends_at=clock.now() - timedelta(hours=1)))
    service.finalise_now(competition.id, is_as_is=True)
    assert changes("spring") == {"ann": 4.0, "ben": -4.0}


def test_a_deleted_member_stays_in_the_field(people: People, make_over: Make, run_jobs: Callable[[], None]) -> None:
    over = make_over("spring", "annk", "benk")
    delete_member(people["ann"].id, PASSWORD)
    run_jobs()
    service.finalise_now(over.id)
    assert dict(db.session.execute(select(RatingEvent.member_id, RatingEvent.after)).tuples().all()) == {
        people["ann"].id: 1504.0,
        people["ben"].id: 1496.0,
    }
    assert history.differences() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_rated": False}, "It does not count for the ratings."),
        ({"ends_at": clock.now() + timedelta(days=1)}, "It is not over yet."),
        ({"board_at": None}, "There is no leaderboard to rate."),
        (
            {"board_at": clock.now() - timedelta(days=2)},
            "The newest leaderboard is from before the end: final standings are awaited.",
        ),
    ],
)
def test_what_is_not_final_moves_nobody_and_says_why(
    people: People, make_over: Make, run_jobs: Callable[[], None], change: dict[str, Any], sentence: str
) -> None:
    over = make_over("spring", "annk", "benk")
    with transaction():
        db.session.execute(update(Competition).values(**change))
    finalise_by_job(run_jobs)
    assert stored() == []
    with pytest.raises(Refused, match=sentence):
        service.finalise_now(over.id)


def test_what_we_have_is_rated_when_an_organiser_says_so(people: People, make_over: Make) -> None:
    over = make_over("spring", "annk", "benk")
    before_end = clock.now() - timedelta(days=2)
    with transaction():
        db.session.execute(update(Competition).values(board_at=before_end))
    assert service.finalise_now(over.id, is_as_is=True)
    assert changes("spring") == {"ann": 4.0, "ben": -4.0}
    assert db.session.get_one(Competition, over.id).rated_board_at == before_end


def test_a_competition_finalised_late_is_rated_in_its_turn(people: People, make_over: Make) -> None:
    teams = {"first": ["annk", "benk", "carak"], "second": ["carak", "annk"], "third": ["benk", "carak", "annk"]}
    ids = {slug: make_over(slug, *names, days_ago=9 - n).id for n, (slug, names) in enumerate(teams.items())}
    for slug in ("third", "first", "second"):
        service.finalise_now(ids[slug])
    out_of_turn, members = stored(), ratings()
    service.replay_all()
    assert stored() == out_of_turn
    assert ratings() == members
    assert history.differences() == []


def test_competitions_that_end_together_follow_one_another_by_number(people: People, make_over: Make) -> None:
    end = clock.now() - timedelta(days=1)
    one, two = make_over("one", "annk", "benk"), make_over("two", "annk", "benk")
    with transaction():
        db.session.execute(update(Competition).values(ends_at=end))
    service.finalise_now(two.id)
    service.finalise_now(one.id)
    befores = dict(
        db.session.execute(
            select(RatingEvent.competition_id, RatingEvent.before).where(RatingEvent.member_id == people["ann"].id)
        )
        .tuples()
        .all()
    )
    assert befores == {one.id: 1500.0, two.id: 1504.0}
    with transaction():
        history.replay((end, two.id))
    assert history.differences() == []


def test_a_clock_set_back_rates_nothing_twice(
    people: People, make_rated: Make, monkeypatch: pytest.MonkeyPatch, run_jobs: Callable[[], None]
) -> None:
    make_rated("spring", "annk", "benk")
    once, hour_ago = stored(), clock.now() - timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: hour_ago)
    finalise_by_job(run_jobs)
    service.replay_all()
    assert stored() == once


def test_the_check_finds_a_number_that_is_not_right(people: People, make_rated: Make) -> None:
    make_rated("spring", "annk", "benk")
    assert history.differences() == []
    with transaction():
        db.session.execute(update(Entry).where(Entry.member_id == people["ann"].id).values(place=3))
    assert len(history.differences()) == 6  # two events as they should be, two as they are, two members
    service.replay_all()
    assert history.differences() == []


def test_the_commands_finalise_replay_and_check(app: Flask, people: People, make_over: Make) -> None:
    make_over("spring", "annk", "benk")
    runner = app.test_cli_runner()

    def run(*args: str) -> tuple[int, str]:
        result = runner.invoke(args=list(args))
        return result.exit_code, result.output.splitlines()[0]

    assert run("competitions", "finalize", "nowhere") == (1, "Error: There is no competition 'nowhere'.")
    assert run("competitions", "finalize", "spring") == (0, "ratings=moved")
    assert run("competitions", "finalize", "spring", "--as-is") == (0, "ratings=unchanged")
    assert run("ratings", "replay", "--check") == (0, "differences=0")
    with transaction():
        db.session.execute(update(Member).where(Member.username == "ann").values(rating=1))
    assert run("ratings", "replay", "--check") == (1, "differences=1")
    assert run("ratings", "replay") == (0, "events=2")
    assert run("ratings", "replay", "--check") == (0, "differences=0")
