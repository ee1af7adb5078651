"""Whose rating of today an act moves: shown before it is done, on record once it is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.members.models import Member

MOST_TOLD = 300

Ratings = dict[int, tuple[str, float]]


@dataclass(frozen=True)
class Move:
    """How one member's rating of today moves."""

    member_id: int
    display_name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


def ratings_now() -> Ratings:
    """Every member's display name and rating, by member id."""
    rows = db.session.execute(select(Member.id, Member.display_name, Member.rating))
    return {member_id: (name, rating) for member_id, name, rating in rows}


def moves_since(before: Ratings) -> list[Move]:
    """Who has another rating now, the most moved first."""
    moves = [
        Move(member_id, name, before[member_id][1], rating)
        for member_id, (name, rating) in ratings_now().items()
        if rating != before[member_id][1]
    ]
    return sorted(moves, key=lambda move: (-abs(move.change), move.member_id))


def for_record(moves: list[Move]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after for the record: the ratings that moved by member id, the first few hundred, and how many."""
    told = moves[:MOST_TOLD]
    before = {"ratings": {str(move.member_id): move.before for move in told}}
    after = {"ratings": {str(move.member_id): move.after for move in told}, "ratings_moved": len(moves)}
    return before, after
