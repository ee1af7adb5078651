"""The demo club: plainly invented members, and a season that goes through the same doors as real ones."""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from app.competitions import boards, service
from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Competition, Event
from app.competitions.service import Draft
from app.core import clock
from app.core.db import transaction
from app.demo import cohort, programs
from app.demo.field import Field, file_name
from app.demo.season import SEASON, DemoCompetition, DemoEvent
from app.members.models import Member
from app.members.service import register_member
from app.packages.service import load_folder
from app.profiles.service import save_profile
from app.ratings.service import finalise_now

SEED = 2026
SOURCE = "demo club"  # whom its boards are from: no username, so nobody else's can be taken for one
FOUNDED_DAYS_AGO = 186
MEMBERS = (
    "Gradient Greta", "Overfit Otto", "Dropout Dana", "Bayes Bea", "Kernel Kim", "Tensor Tom",
    "Epoch Emil", "Sigmoid Sue", "Boosting Bo", "Bagging Bob", "Softmax Sam", "Logit Lou",
    "Entropy Eve", "Feature Finn", "Lasso Lena", "Ridge Rita", "Cluster Cleo", "Markov Max",
    "Random Roy", "Pooling Pia", "Vector Vic", "Matrix Mia", "Sparse Sid", "Stacking Stan",
)  # fmt: skip
NEWCOMERS = 2  # the last of them, who joined lately and are not rated yet
BIOS = {
    "Gradient Greta": "I go downhill for a living.\n\nI learned it the slow way; ask me about **learning rates**.",
    "Overfit Otto": "My training loss is *zero*. Why does nobody clap?",
    "Bayes Bea": "I had a prior. Then I met the data.",
    "Dropout Dana": "Half of me is missing at any time, and it works better so.",
    "Entropy Eve": "Tidy desk, messy features.\n\n- sound\n- light switches\n- anything with **noise**",
}


@dataclass(frozen=True)
class Player:
    """A member who plays: how good at first, and by how much better at the end of the season (0 to 1)."""

    member: Member
    skill: float
    growth: float


def load() -> dict[str, str]:
    """Fill an empty database; the password of each demo login by username."""
    dice = random.Random(SEED)  # noqa: S311 - invented scores, not secrets
    now = clock.now()
    logins = {"demo-admin": "admin", "demo-organiser": "organiser", _username(MEMBERS[0]): "member"}
    passwords = {username: secrets.token_urlsafe(9) for username in logins}
    with clock.standing_at(now - timedelta(days=FOUNDED_DAYS_AGO)):
        _register("demo-admin", "Demo Administrator", "admin", passwords["demo-admin"])
        _register("demo-organiser", "Demo Organiser", "organiser", passwords["demo-organiser"])
    players = [_join(number, name, passwords, dice, now) for number, name in enumerate(MEMBERS)]
    plays = [(event, competition) for event in SEASON for competition in event.competitions]
    events = {event.slug: _event(event, now) for event in SEASON}
    for number, (event, competition) in enumerate(plays):
        is_open_to_all = competition.ended_days_ago < 0
        club = players if is_open_to_all else players[:-NEWCOMERS]
        players_now = club if competition.is_for_everybody else _line_up(club, dice)
        _play(competition, events[event.slug], players_now, number / (len(plays) - 1), dice, now)
    with clock.standing_at(now - timedelta(days=FOUNDED_DAYS_AGO)):
        packages = _load_starter_set()
    members = [player.member for player in players]
    programs.hand_in(members, packages, dice, now)
    cohort.enrol(members, dice, now)
    return passwords


def _load_starter_set() -> Path:
    packages = Path(current_app.root_path).parent / "problems"
    for folder in sorted(path.parent for path in packages.glob("*/problem.yaml")):
        load_folder(folder, is_published=True)
    return packages


def _join(number: int, name: str, passwords: dict[str, str], dice: random.Random, now: datetime) -> Player:
    is_new = number >= len(MEMBERS) - NEWCOMERS
    username = _username(name)
    with clock.standing_at(now - timedelta(days=8 if is_new else FOUNDED_DAYS_AGO - dice.uniform(0, 3))):
        member = _register(username, name, "member", passwords.get(username) or secrets.token_urlsafe(24))
        if name in BIOS:
            save_profile(member.id, bio=BIOS[name])
    # The first is whom the demo member's login shows: an ordinary start, and a long way up.
    skill, growth = (0.5, 0.55) if number == 0 else (dice.uniform(0.3, 0.85), dice.uniform(-0.2, 0.25))
    return Player(member, skill, growth)


def _line_up(club: list[Player], dice: random.Random) -> list[Player]:
    """Who takes part: the demo member always, of the others most, in no order."""
    first, *others = club
    playing = [first, *dice.sample(others, k=dice.randint(15, len(others)))]
    dice.shuffle(playing)
    return playing


def _username(name: str) -> str:
    return name.lower().replace(" ", "-")


def _register(username: str, name: str, role: str, password: str) -> Member:
    is_player = role == "member"
    return register_member(
        username=username,
        display_name=name,
        email=f"{username}@demo.example",
        password=password,
        kaggle_username=username.replace("-", "") if is_player else None,
        role=role,
    )


def _event(demo: DemoEvent, now: datetime) -> Event:
    return create_event(
        EventDetails(
            title=demo.title,
            slug=demo.slug,
            description="A demo event: **invented members**, invented boards, real machinery.",
            organiser="Demo Organiser",
            prize=demo.prize,
            starts_at=now - timedelta(days=max(one.started_days_ago for one in demo.competitions)),
            ends_at=now - timedelta(days=min(one.ended_days_ago for one in demo.competitions)),
        )
    )


def _play(
    demo: DemoCompetition, event: Event, players: list[Player], lateness: float, dice: random.Random, now: datetime
) -> None:
    starts_at = now - timedelta(days=demo.started_days_ago)
    with clock.standing_at(min(now, starts_at)):
        competition = _create(demo, event, starts_at, now)
        for player in players[:4]:
            service.enter(competition.id, player.member)
    skills = [player.skill + player.growth * lateness for player in players]
    field = Field(demo, [player.member for player in players], skills, starts_at, dice)
    for moment in demo.board_moments(now) if demo.boards else ():
        with clock.standing_at(moment):
            _apply(competition, field.board())
            if competition.ends_at <= moment:
                finalise_now(competition.id)


def _create(demo: DemoCompetition, event: Event, starts_at: datetime, now: datetime) -> Competition:
    return service.create_competition(
        Draft(
            slug=demo.slug,
            title=demo.title,
            event_id=event.id,
            starts_at=starts_at,
            ends_at=now - timedelta(days=demo.ended_days_ago),
            description=demo.description,
            metric=demo.metric,
            is_higher_better=demo.is_higher_better,
            worst_score=demo.worst,
            best_score=demo.best,
            weight=demo.weight,
        )
    )


def _apply(competition: Competition, content: bytes) -> None:
    received_at = clock.now()
    name = file_name(competition.slug, received_at)
    standings = boards.read(competition, content, name, received_at)
    with transaction():
        board = boards.keep(competition, content, name, SOURCE, received_at)
        boards.apply_board(board, standings)
