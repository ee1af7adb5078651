"""Many people and handles written with few statements, within the caller's transaction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, update

from app.core import audit, clock
from app.core.db import fold
from app.extensions import db
from app.tracker.models import Handle, Participant

T = TypeVar("T")
CHUNK = 500  # so that no statement has more parameters than a database takes


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same, in pieces for one statement each."""
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def add_people(cohort_id: int, people: Sequence[Mapping[str, str]]) -> list[int]:
    """Put people on a roster; their numbers, in the same order."""
    if not people:
        return []
    common = {"cohort_id": cohort_id, "name": "", "roll_number": "", "email": "", "created_at": clock.now()}
    rows = [{**common, **told, "roll_folded": fold(told.get("roll_number", ""))} for told in people]
    statement = insert(Participant).returning(Participant.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))


def change_people(changes: Sequence[tuple[int, Mapping[str, str]]]) -> None:
    """Store other names, roll numbers and e-mail addresses, by the number of the person."""
    rows: list[dict[str, Any]] = []
    for number, told in changes:
        folded = {"roll_folded": fold(told["roll_number"])} if "roll_number" in told else {}
        rows += [{"id": number, **told, **folded}] if told else []
    if rows:
        db.session.execute(update(Participant), rows)


def remove_people(numbers: Sequence[int]) -> None:
    """Remove people with their handles and history, and what is kept of them on record but that it was done."""
    for some in chunks(numbers):
        audit.forget([f"participant:{number}" for number in some])
        db.session.execute(delete(Participant).where(Participant.id.in_(some)))


def handles_of(wanted: Sequence[tuple[int, str, str]]) -> dict[tuple[int, str], Handle]:
    """The handles that are stored of these (person, platform, anything), by person and platform."""
    keys = {(number, key) for number, key, _ in wanted}
    found = {}
    for some in chunks(sorted({number for number, _ in keys})):
        query = select(Handle).where(Handle.participant_id.in_(some)).execution_options(populate_existing=True)
        rows = ((row.participant_id, row.platform, row) for row in db.session.scalars(query))
        found.update({(number, key): row for number, key, row in rows if (number, key) in keys})
    return found


def put_handles(wanted: Sequence[tuple[int, str, str]], stored: Mapping[tuple[int, str], Handle]) -> None:
    """Give people handles as (person, platform, handle) in place of those `stored`; each new account is due at once."""
    same = {(number, key): new for number, key, new in wanted if _is_same(stored.get((number, key)), new)}
    other = [(number, key, new) for number, key, new in wanted if (number, key) not in same]
    if same:
        renamed = [{"id": stored[key].id, "handle": new, "folded": fold(new)} for key, new in same.items()]
        db.session.execute(update(Handle), renamed)
    remove_handles([stored[number, key].id for number, key, _ in other if (number, key) in stored])
    now = clock.now()
    rows = [
        {"participant_id": number, "platform": key, "handle": new, "folded": fold(new), "next_due_at": now}
        for number, key, new in other
    ]
    if rows:
        db.session.execute(insert(Handle.__table__), rows)  # the class itself takes longer


def remove_handles(numbers: Sequence[int]) -> None:
    """Remove handles with their history."""
    for some in chunks(numbers):
        db.session.execute(delete(Handle).where(Handle.id.in_(some)))


def _is_same(row: Handle | None, handle: str) -> bool:
    return row is not None and row.folded == fold(handle)
