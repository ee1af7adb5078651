"""The first three of each running competition, pushed to open start pages.

Topic: `podium:<id>`. What else stands there pages fetch by themselves: when ratings move, and once a minute.
"""

from typing import Any

from app.competitions.models import Competition
from app.competitions.signals import board_applied
from app.core import live
from app.core.db import on_commit
from app.extensions import db
from app.home import queries


def connect() -> None:
    """Listen for new boards."""
    board_applied.connect(_on_board_applied)


def podium_topic(competition_id: int) -> str:
    """What a start page listens to for one competition."""
    return f"podium:{competition_id}"


def push_podium(competition_id: int) -> None:
    """Push the first three, if the competition is on and they differ from the last."""
    competition = db.session.get(Competition, competition_id, populate_existing=True)
    if competition is None or competition.status != "ongoing":
        return
    podium = queries.podium_of(competition_id)
    html = live.render("home/_podium.html", competition=competition, podium=podium)
    live.publish(podium_topic(competition_id), html, competition.board_version)


def _on_board_applied(_sender: Any, *, competition_id: int, is_changed: bool) -> None:
    if is_changed:
        on_commit(lambda: push_podium(competition_id))
