"""Competitions that are over, for tests of ratings."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.competitions.models import Competition
from app.competitions.planning import Plan
from app.core import clock
from app.extensions import db
from app.members.models import Member
from app.ratings import service
from app.ratings.models import RatingEvent

Moves = dict[str, float]


def board_rows(*teams: str) -> list[str]:
    """Rows of a board on which these teams (usernames of members, joined by "+") stand in this order, better first."""
    return [
        f'{rank},{rank + 100},Team {rank},2026-01-01 00:00:00,{1 - rank / 1000},3,"{names.replace("+", ",")}"'
        for rank, names in enumerate(teams, 1)
    ]


@pytest.fixture
def make_over(
    make_competition: Callable[..., Competition], apply_csv: Callable[..., Plan]
) -> Callable[..., Competition]:
    """make_over("spring", "annk", "benk+carak", days_ago=3): over, with a board from after its end; not yet rated."""

    def make(slug: str, *teams: str, days_ago: float = 1, **details: Any) -> Competition:
        ends_at = clock.now() - timedelta(days=days_ago)
        competition = make_competition(slug, starts_at=ends_at - timedelta(days=30), ends_at=ends_at, **details)
        if teams:
            apply_csv(competition, *board_rows(*teams))
        return competition

    return make


@pytest.fixture
def make_rated(make_over: Callable[..., Competition]) -> Callable[..., Competition]:
    """The same, and ratings have moved by it."""

    def make(slug: str, *teams: str, **details: Any) -> Competition:
        competition = make_over(slug, *teams, **details)
        assert service.finalise_now(competition.id)
        return competition

    return make


@pytest.fixture
def people(make_member: Callable[..., Member]) -> dict[str, Member]:
    """Five members with Kaggle usernames: annk, benk, carak, dank, evek."""
    return {name: make_member(name, kaggle=f"{name}k") for name in ("ann", "ben", "cara", "dan", "eve")}


def ratings() -> Moves:
    """Every member's rating, by username."""
    db.session.rollback()
    return dict(db.session.execute(select(Member.username, Member.rating)).tuples().all())


def changes(slug: str) -> Moves:
    """What the competition did to each rating, by username."""
    db.session.rollback()
    query = select(RatingEvent).join(RatingEvent.competition).where(Competition.slug == slug)
    return {event.member.username: event.change for event in db.session.scalars(query)}
