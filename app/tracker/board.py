"""A cohort's leaderboard: one page of it in full, everybody for a file, or one person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.core.paging import PER_PAGE, Paging, paging
from app.extensions import db
from app.tracker.changes import Changes, changes
from app.tracker.models import Cohort, Handle, Participant
from app.tracker.numbers import Numbers, Standing, numbers
from app.tracker.ordering import Wish, order


@dataclass(frozen=True)
class Line:
    """A row of the leaderboard: a standing, its handles by platform, and how much the total moved (None: not known)."""

    standing: Standing
    handles: dict[str, Handle]
    week: float | None
    month: float | None


@dataclass(frozen=True)
class Board:
    """One page of a leaderboard; `mine` is the standing of the viewer, if they are on it."""

    cohort: Cohort
    numbers: Numbers
    lines: list[Line]
    paging: Paging
    wish: Wish
    mine: Standing | None


def board(cohort: Cohort, wish: Wish, member_id: int) -> Board:
    """The page that the address asks for, of those who match: four statements, whatever the cohort's size."""
    known = numbers(cohort.id)
    moved = changes(cohort.id) if wish.needs_changes else None
    chosen = order(known, wish, moved or {})
    pages = paging(len(chosen))
    shown = [known.standing(index) for index in chosen[pages.offset : pages.offset + pages.per_page]]
    people = [standing.person.participant_id for standing in shown]
    mine = known.index_of(member_id=member_id)
    return Board(
        cohort=cohort,
        numbers=known,
        lines=_lines(shown, handles_of(people), changes(cohort.id, people) if moved is None else moved),
        paging=pages,
        wish=wish,
        mine=None if mine is None else known.standing(mine),
    )


def line_of(participant: Participant) -> tuple[Numbers, Line] | None:
    """One person among all of their cohort; None where they are in none."""
    if participant.cohort_id is None:
        return None
    known = numbers(participant.cohort_id)
    index = known.index_of(participant_id=participant.id)
    if index is None:
        return None
    people = [participant.id]
    moved = changes(participant.cohort_id, people)
    return known, _lines([known.standing(index)], handles_of(people), moved)[0]


def place_on_pages(cohort_id: int, member_id: int) -> tuple[int, int] | None:
    """The page on which a member stands while nothing is filtered, and their number on the roster; None: on none."""
    known = numbers(cohort_id)
    index = known.index_of(member_id=member_id)
    if index is None:
        return None
    return order(known, Wish(), {}).index(index) // PER_PAGE + 1, known.people[index].participant_id


def handles_of(people: Sequence[int]) -> dict[int, dict[str, Handle]]:
    """The handles of these people, by person and platform."""
    return _by_person(db.session.scalars(select(Handle).where(Handle.participant_id.in_(people))).all())


def _by_person(rows: Sequence[Handle]) -> dict[int, dict[str, Handle]]:
    found: dict[int, dict[str, Handle]] = defaultdict(dict)
    for row in rows:
        found[row.participant_id][row.platform] = row
    return found


def _lines(shown: Sequence[Standing], handles: dict[int, dict[str, Handle]], moved: Changes) -> list[Line]:
    numbers = [standing.person.participant_id for standing in shown]
    return [
        Line(standing, handles.get(number, {}), *moved.get(number, (None, None)))
        for standing, number in zip(shown, numbers, strict=True)
    ]
