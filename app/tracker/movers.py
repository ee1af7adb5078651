"""Who moved most this week: kept for some minutes, because start pages ask for it all the time.

What is kept are numbers alone, so that whoever was removed is not named any more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from redis import RedisError
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db, redis_client
from app.members.models import Member
from app.tracker import kept
from app.tracker.access import is_seen_by
from app.tracker.changes import changes
from app.tracker.models import Cohort, Participant

KEPT_SECONDS = 600
MOST = 5
Move = tuple[int, float]


@dataclass(frozen=True)
class Mover:
    """Somebody on a roster, and how much their total moved in a week."""

    participant: Participant
    cohort: Cohort
    week: float

    @property
    def name(self) -> str:
        """What the roster calls them, or the club."""
        member = self.participant.member
        return self.participant.name or (member.display_name if member else "")


def movers(viewer: Member | None) -> list[Mover]:
    """The biggest moves in all cohorts that the viewer may see, up or down; none where Redis is away."""
    if viewer is None:
        return []
    cohort_ids = db.session.scalars(select(Cohort.id).where(is_seen_by(viewer)).order_by(Cohort.id)).all()
    try:
        moves = sorted(_moves(cohort_ids), key=_size, reverse=True)[:MOST]
    except RedisError:
        return []
    people = select(Participant).where(Participant.id.in_([number for number, _ in moves]))
    people = people.options(joinedload(Participant.cohort), joinedload(Participant.member))
    found = {person.id: person for person in db.session.scalars(people)} if moves else {}
    shown = [(found[number], week) for number, week in moves if number in found]
    return [Mover(person, person.cohort, week) for person, week in shown if person.cohort]


def _moves(cohort_ids: Sequence[int]) -> list[Move]:
    if not cohort_ids:
        return []
    found = redis_client().mget([kept.movers_key(number) for number in cohort_ids])
    moves: list[Move] = []
    for number, text in zip(cohort_ids, found, strict=True):
        moves += json.loads(text) if text else _worked_out(number)
    return moves


def _worked_out(cohort_id: int) -> list[Move]:
    moved = [(number, week) for number, (week, _) in changes(cohort_id).items() if week]
    biggest = sorted(moved, key=_size, reverse=True)[:MOST]
    redis_client().set(kept.movers_key(cohort_id), json.dumps(biggest), ex=KEPT_SECONDS)
    return biggest


def _size(move: Move) -> float:
    return abs(move[1])
