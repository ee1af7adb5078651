"""Everybody's numbers in a cohort, worked out anew whenever they are asked for: two statements and some arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sqlalchemy import Row, case, select
from sqlalchemy.orm import aliased

from app.core.db import fold
from app.extensions import db
from app.members.models import Member
from app.tracker.models import Handle, Participant
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Platform
from app.tracker.standing import Standings, standings

NAME = case((Participant.name != "", Participant.name), else_=Member.display_name)


class Person(NamedTuple):
    """Somebody on a roster; `username` and `member_id` are None for who is no member."""

    participant_id: int
    name: str
    member_id: int | None
    roll_number: str


@dataclass(frozen=True)
class Standing:
    """How one person stands; `place` None without a total, `below` whom they have more than.

    `ratings` and `normalised` have only the platforms on which a rating is known.
    """

    person: Person
    place: int | None
    total: float
    score: float
    percentile: float
    below: int
    active: int
    ratings: dict[str, float]
    normalised: dict[str, float]


@dataclass(frozen=True)
class Numbers:
    """The people of a cohort by name, those platforms on which any has a handle, and how they stand."""

    people: Sequence[Person]
    platforms: list[Platform]
    standings: Standings

    @property
    def best(self) -> dict[str, float]:
        """The cohort's best on each platform, 0 for none."""
        return {one.key: float(best) for one, best in zip(self.platforms, self.standings.best, strict=True)}

    def standing(self, index: int) -> Standing:
        """The standing of the person at that index."""
        found = self.standings
        known = [(row, one.key) for row, one in enumerate(self.platforms) if found.is_known[row, index]]
        return Standing(
            person=self.people[index],
            place=int(found.place[index]) or None,
            total=float(found.total[index]),
            score=float(found.score[index]),
            percentile=float(found.percentile[index]),
            below=round(float(found.percentile[index]) * found.ranked / 100),
            active=int(found.active[index]),
            ratings={key: float(found.ratings[row, index]) for row, key in known},
            normalised={key: float(found.normalised[row, index]) for row, key in known},
        )

    def index_of(self, *, participant_id: int | None = None, member_id: int | None = None) -> int | None:
        """Where a person stands in `people`, by their own number or by their account's; None: nowhere."""
        for index, person in enumerate(self.people):
            if person.participant_id == participant_id or (member_id and person.member_id == member_id):
                return index
        return None


def numbers(cohort_id: int) -> Numbers:
    """Everybody's numbers; a handle that its platform does not know any more counts nothing."""
    used = select(Handle.platform).join(Handle.participant).where(Participant.cohort_id == cohort_id).distinct()
    keys = set(db.session.scalars(used))
    shown = [platform for key, platform in platforms().items() if key in keys]
    rows = sorted(_rows(cohort_id, shown), key=lambda row: (fold(row[1] or ""), row[0]))
    known = np.array([row[4:] for row in rows], dtype=np.float64).reshape(len(rows), len(shown))
    people = [Person(row[0], row[1] or "", row[2], row[3]) for row in rows]
    return Numbers(people, shown, standings(np.ascontiguousarray(known.T)))


def _rows(cohort_id: int, shown: Sequence[Platform]) -> Sequence[Row[tuple[int, str | None, int | None, str]]]:
    query = select(Participant.id, NAME, Participant.member_id, Participant.roll_number)
    query = query.outerjoin(Participant.member).where(Participant.cohort_id == cohort_id)
    # One join by its index for each platform takes a third of the time of gathering all handles by a GROUP BY.
    for platform in shown:
        there = aliased(Handle)
        is_its = (there.participant_id == Participant.id) & (there.platform == platform.key)
        query = query.outerjoin(there, is_its & (there.state != "missing")).add_columns(there.rating)
    return db.session.execute(query).all()
