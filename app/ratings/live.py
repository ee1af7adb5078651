"""What open pages are told when ratings move: to fetch themselves, because each shows another part of the club."""

from typing import Any

from app.core import live
from app.core.db import on_commit
from app.ratings.leaderboard import TOPIC
from app.ratings.signals import ratings_moved


def connect() -> None:
    """Listen to the signal; the hint goes out once the new ratings stand."""
    ratings_moved.connect(_on_ratings_moved)


def _on_ratings_moved(_sender: Any, **_told: Any) -> None:
    on_commit(_hint)


def _hint() -> None:
    live.hint(TOPIC)
