"""The demo season: made through the doors that real ones go through, alive, and moving only where it may."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.competitions.models import BoardFile, Competition, Entry, Event
from app.core import clock
from app.core.db import transaction
from app.core.jobs.registry import kinds
from app.demo import club, moves
from app.demo.season import MOVING
from app.extensions import db
from app.members.models import Member
from app.ratings import history, queries
from app.ratings.models import RatingEvent
from app.ratings.service import finalise_now
from app.ratings.tiers import tier_of


@pytest.fixture
def season(app: Flask, folder: Path) -> None:
    """The demo club: loaded for the first test, for the others a copy of what that one found."""
    kept = folder / "season.db"
    if not kept.exists():
        club.load()
    db.session.remove()
    db.engine.dispose()
    shutil.copy(*((kept, folder / "club.db") if kept.exists() else (folder / "club.db", kept)))


def competition(slug: str) -> Competition:
    db.session.rollback()
    return db.session.scalars(select(Competition).where(Competition.slug == slug)).one()


def scores() -> dict[int, float | None]:
    db.session.rollback()
    query = select(Entry.id, Entry.score).join(Entry.competition).where(Competition.slug == MOVING)
    return dict(db.session.execute(query).tuples().all())


def test_a_season_is_half_a_year_of_three_events(season: None) -> None:
    count = lambda model: db.session.scalar(select(func.count()).select_from(model))  # noqa: E731
    assert (count(Event), count(Competition)) == (3, 12)
    statuses = [one.status for one in db.session.scalars(select(Competition))]
    assert {name: statuses.count(name) for name in statuses} == {"completed": 9, "ongoing": 2, "upcoming": 1}
    assert [one.slug for one in queries.awaiting()] == ["night-shift"]


def test_its_ratings_are_those_of_its_history(season: None) -> None:
    assert history.differences() == []
    assert db.session.scalar(select(func.count(RatingEvent.competition_id.distinct()))) == 8


def test_every_page_of_it_has_life(client: FlaskClient, season: None) -> None:
    for path in (
        "/",
        "/ratings",
        "/members/gradient-greta",
        "/events/the-long-cup",
        f"/competitions/{MOVING}/leaderboard",
    ):
        assert client.get(path).status_code == 200
    assert client.get("/members/gradient-greta").text.count("/ratings/") >= 8


def test_its_running_competition_moves_and_keeps_one_file(season: None) -> None:
    before, files = scores(), db.session.scalar(select(func.count()).select_from(BoardFile))
    with transaction():
        moves.move_scores()
    after = scores()
    moved = [number for number in before if before[number] != after[number]]
    assert 1 <= len(moved) <= 2  # one team, which may be the pair
    assert all((after[number] or 0) > (before[number] or 0) for number in moved)
    assert db.session.scalar(select(func.count()).select_from(BoardFile)) == files


def test_the_first_board_after_the_end_is_the_last(season: None) -> None:
    with clock.standing_at(competition(MOVING).ends_at + timedelta(minutes=1)):
        with transaction():
            moves.move_scores()
        assert competition(MOVING).board_at > competition(MOVING).ends_at
        finalise_now(competition(MOVING).id)
        before = scores()
        with transaction():
            assert moves.move_scores() == "There is no demo competition to move."
    assert scores() == before


def test_a_board_that_somebody_handed_in_is_never_moved(season: None) -> None:
    with transaction():
        db.session.execute(update(BoardFile).values(received_from="olga"))
    before = scores()
    with transaction():
        moves.move_scores()
    assert scores() == before


def test_outside_the_demo_nothing_moves(app: Flask) -> None:
    assert not app.config["DEMO"]
    assert "move_demo_scores" not in kinds
    with transaction():
        assert moves.move_scores() == "There is no demo competition to move."


def test_its_members_are_of_several_tiers(season: None) -> None:
    ratings = db.session.scalars(select(Member.rating)).all()
    assert len({tier_of(rating) for rating in ratings}) >= 3
