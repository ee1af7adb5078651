"""The demo club's cohorts: invented people, handles no platform is asked about, and what these showed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from app.core.db import fold, transaction
from app.extensions import db
from app.members.models import Member
from app.tracker.cohorts import CohortDetails, create_cohort
from app.tracker.models import Handle, Participant, Snapshot
from app.tracker.platforms import platforms

WEEKS = 8
NEVER = timedelta(days=36_500)  # until the platforms would be asked: nobody invented has an account there
FIRST_NAMES = ("Binary", "Recursive", "Greedy", "Lazy", "Cyclic", "Sorted", "Hashed", "Balanced")
LAST_NAMES = ("Abacus", "Buffer", "Cursor", "Digit", "Edge", "Fixture", "Grid")
TROUBLE = "The site asked to be left alone for a while."


@dataclass(frozen=True)
class Site:
    """What ratings on a platform look like: from, to, how much one day may bring, and who is on it (0 to 1)."""

    key: str
    least: float
    most: float
    step: float
    share: float


SITES = (
    Site("codechef", 900, 2300, 30, 0.8),
    Site("codeforces", 700, 2100, 45, 0.85),
    Site("geeksforgeeks", 40, 1500, 12, 0.7),
    Site("hackerrank", 20, 600, 15, 0.6),
    Site("leetcode", 1300, 2400, 25, 0.9),
)


def enrol(members: Sequence[Member], dice: random.Random, now: datetime) -> None:
    """Make two cohorts: a large one, with some members in it, that all may see, and one for its participants."""
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    middle = len(members) // 2
    with transaction():
        _fill("2027", "members", members[:middle], names[:40], dice, now)
        _fill("2028", "participants", members[middle:], names[40:], dice, now)


def _fill(
    batch: str, visibility: str, members: Sequence[Member], names: Sequence[str], dice: random.Random, now: datetime
) -> None:
    cohort = create_cohort(CohortDetails("Example College", batch, visibility=visibility))
    known: list[tuple[str, int | None]] = [(member.display_name, member.id) for member in members]
    known += [(name, None) for name in names]
    people = [
        {
            "cohort_id": cohort.id,
            "name": name,
            "member_id": member_id,
            "roll_number": (roll := f"EX{batch[-2:]}-{number:03}"),
            "roll_folded": fold(roll),
            "email": f"{roll.lower()}@demo.example",
            "created_at": now - timedelta(weeks=WEEKS),
        }
        for number, (name, member_id) in enumerate(known, 1)
    ]
    ids = db.session.scalars(insert(Participant).returning(Participant.id, sort_by_parameter_order=True), people).all()
    skills = [dice.betavariate(2, 3) for _ in ids]
    pairs = [(number, skill, site) for number, skill in zip(ids, skills, strict=True) for site in SITES]
    chosen = [(number, site, _course(site, skill, dice)) for number, skill, site in pairs if dice.random() < site.share]
    rows = [_handle(number, site, course, dice, now) for number, site, course in chosen]
    handles = db.session.scalars(insert(Handle).returning(Handle.id, sort_by_parameter_order=True), rows).all()
    days = [(now - timedelta(days=ago)).date() for ago in range(WEEKS * 7 - 1, -1, -1)]
    snapshots = [
        {"handle_id": handle_id, "day": day, "rating": rating}
        for handle_id, (_, _, course) in zip(handles, chosen, strict=True)
        for day, rating in zip(days, course, strict=True)
    ]
    db.session.execute(insert(Snapshot), snapshots)


def _course(site: Site, skill: float, dice: random.Random) -> list[float]:
    """A rating for each day: it moves on about one in six."""
    rating = site.least + (site.most - site.least) * min(0.98, max(0.02, dice.gauss(skill, 0.12)))
    course = []
    for _ in range(WEEKS * 7):
        if dice.random() < 0.16:
            rating = min(site.most * 1.1, max(site.least, rating + dice.gauss(site.step * 0.25, site.step)))
        course.append(float(round(rating)))
    return course


def _handle(
    participant_id: int, site: Site, course: Sequence[float], dice: random.Random, now: datetime
) -> dict[str, Any]:
    told = {
        "rating": course[-1],
        "peak": max(course),
        "solved": dice.randrange(20, 600),
        "contests": dice.randrange(1, 60),
    }
    name = f"demo_{participant_id}_{site.key[:4]}"
    checked_at = now - timedelta(hours=dice.uniform(1, 12))
    row = {
        "participant_id": participant_id,
        "platform": site.key,
        "handle": name,
        "folded": fold(name),
        "state": "verified",
        "why": "",
        "failures": 0,
        "checked_at": checked_at,
        "known_at": checked_at,
        "next_due_at": now + NEVER,
        **{key: value if key in platforms()[site.key].tells else None for key, value in told.items()},
    }
    fate = dice.random()
    if fate < 0.04:
        row |= {"state": "missing", "why": f"There is no “{name}”.", "known_at": now - timedelta(days=2)}
    elif fate < 0.09:
        row |= {"state": "unknown", "why": TROUBLE, "failures": 2, "known_at": checked_at - timedelta(days=3)}
    return row
