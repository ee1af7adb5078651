"""The demo club: plainly invented members, and boards made here that go through the same door as real ones."""

import csv
import io
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.competitions import boards, service
from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Competition, Event
from app.competitions.service import Draft
from app.core import clock
from app.core.db import transaction
from app.members.models import Member
from app.members.service import register_member
from app.ratings.service import finalise_now

SEED = 2026
STRANGERS = 1700
MEMBERS = (
    "Gradient Greta", "Overfit Otto", "Dropout Dana", "Bayes Bea", "Kernel Kim", "Tensor Tom",
    "Epoch Emil", "Sigmoid Sue", "Boosting Bo", "Bagging Bob", "Softmax Sam", "Logit Lou",
    "Entropy Eve", "Feature Finn", "Lasso Lena", "Ridge Rita", "Cluster Cleo", "Markov Max",
    "Random Roy", "Pooling Pia", "Vector Vic", "Matrix Mia", "Sparse Sid", "Stacking Stan",
)  # fmt: skip


@dataclass(frozen=True)
class DemoCompetition:
    """A competition whose boards came in `board_hours_ago`; a negative end lies in the future."""

    slug: str
    title: str
    metric: str
    worst: float
    best: float
    started_days_ago: float
    ended_days_ago: float
    board_hours_ago: tuple[float, ...]
    description: str

    @property
    def is_higher_better(self) -> bool:
        return self.best > self.worst


NEURAL_NIGHT = (
    DemoCompetition(
        "leaf-doctor", "Leaf Doctor", "AUC", 0.5, 1.0, 9, -5.2, (120, 72, 30, 6, 0.2),
        "Which of these leaves are ill? Pictures, **two classes**, five weeks of rain.",
    ),
    DemoCompetition(
        "bicycle-rush", "Bicycle Rush", "RMSLE", 1.6, 0.2, 6, -11.5, (90, 26, 3, 0.1),
        "How many bicycles leave the station in the next hour? Lower is better.",
    ),
    DemoCompetition(
        "house-of-echoes", "House of Echoes", "mAP@3", 0.0, 1.0, -3, -24, (),
        "Name the room by its echo. Starts soon; *bring headphones*.",
    ),
)  # fmt: skip
WARM_UP = (
    DemoCompetition(
        "digit-warm-up", "Digit Warm-up", "Accuracy", 0.1, 1.0, 60, 46, (1400, 1250, 1090),
        "The classic, to learn the tools.",
    ),
    DemoCompetition(
        "late-trains", "Late Trains", "MAE", 30.0, 2.0, 45, 31, (1000, 900, 730),
        "How late will it be? Minutes, mean absolute error.",
    ),
)  # fmt: skip


def load() -> dict[str, str]:
    """Fill an empty database; the password of each demo login by username."""
    dice = random.Random(SEED)  # noqa: S311 - invented scores, not secrets
    logins = {"demo-admin": "admin", "demo-organiser": "organiser", _username(MEMBERS[0]): "member"}
    passwords = {username: secrets.token_urlsafe(9) for username in logins}
    _register("demo-admin", "Demo Administrator", "admin", passwords["demo-admin"])
    _register("demo-organiser", "Demo Organiser", "organiser", passwords["demo-organiser"])
    members = [
        _register(_username(name), name, "member", passwords.get(_username(name)) or secrets.token_urlsafe(24))
        for name in MEMBERS
    ]
    now = clock.now()
    winter = _event("winter-warm-up", "Winter Warm-up", now - timedelta(days=60), now - timedelta(days=31))
    night = _event("neural-night", "Neural Night", now - timedelta(days=9), now + timedelta(days=24))
    for event, competitions in ((winter, WARM_UP), (night, NEURAL_NIGHT)):
        for competition in competitions:
            _play(competition, event, members, dice, now)
    return passwords


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


def _event(slug: str, title: str, starts_at: datetime, ends_at: datetime) -> Event:
    return create_event(
        EventDetails(
            title=title,
            slug=slug,
            description="A demo event: **invented members**, invented boards, real machinery.",
            organiser="Demo Organiser",
            prize="A mug and the honour",
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )


def _play(demo: DemoCompetition, event: Event, members: list[Member], dice: random.Random, now: datetime) -> None:
    starts_at = now - timedelta(days=demo.started_days_ago)
    with clock.standing_at(min(now, starts_at)):
        competition = service.create_competition(
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
            )
        )
        players = dice.sample(members, k=dice.randint(17, len(members)))
        for member in players[:4]:
            service.enter(competition.id, member)
    field = _Field(demo, players, dice)
    for hours in demo.board_hours_ago:
        with clock.standing_at(now - timedelta(hours=hours)):
            _apply(competition, field.board())
            if competition.ends_at <= clock.now():
                finalise_now(competition.id)


def _apply(competition: Competition, content: bytes) -> None:
    received_at = clock.now()
    name = f"{competition.slug}-publicleaderboard-{received_at:%Y-%m-%dT%H_%M_%S}.csv"
    standings = boards.read(competition, content, name, received_at)
    with transaction():
        board = boards.keep(competition, content, name, "demo club", received_at)
        boards.apply_board(board, standings)


class _Field:
    """All teams of one competition; each board some have come nearer to the best score."""

    def __init__(self, demo: DemoCompetition, players: list[Member], dice: random.Random) -> None:
        self.demo, self.dice = demo, dice
        self.started_at = clock.now() - timedelta(days=demo.started_days_ago)
        pair = [member.kaggle_username or "" for member in players[:2]]
        crews = [("Two Heads, One GPU", ",".join(pair))]
        crews += [(member.display_name, member.kaggle_username or "") for member in players[2:]]
        crews += [(f"Team {number}", f"stranger{number}") for number in range(1, STRANGERS + 1)]
        self.crews = crews
        self.progress = [dice.betavariate(5, 3) * 0.8 for _ in crews]
        self.counts = [dice.randint(1, 4) for _ in crews]
        self.submitted = [self.started_at + timedelta(hours=dice.uniform(1, 20)) for _ in crews]

    def board(self) -> bytes:
        """The next board, as Kaggle's download would give it."""
        for index in range(len(self.crews)):
            if self.dice.random() < 0.4:
                self.progress[index] += (0.99 - self.progress[index]) * self.dice.uniform(0.0, 0.25)
                self.counts[index] += self.dice.randint(1, 5)
                self.submitted[index] = clock.now() - timedelta(minutes=self.dice.uniform(3, 300))
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(
            ["Rank", "TeamId", "TeamName", "LastSubmissionDate", "Score", "SubmissionCount", "TeamMemberUserNames"]
        )
        order = sorted(range(len(self.crews)), key=lambda index: -self.progress[index])
        for rank, index in enumerate(order, 1):
            name, usernames = self.crews[index]
            score = self.demo.worst + (self.demo.best - self.demo.worst) * self.progress[index]
            moment = f"{self.submitted[index]:%Y-%m-%d %H:%M:%S}"
            writer.writerow((rank, 1000 + index, name, moment, f"{score:.5f}", self.counts[index], usernames))
        return text.getvalue().encode()
