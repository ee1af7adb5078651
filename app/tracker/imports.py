"""Rosters out of files: kept until an organiser says yes, applied in one transaction."""

import hashlib
import json
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from app.core import audit, clock
from app.core.db import transaction
from app.core.refusal import Refused
from app.core.text import one_line
from app.extensions import db
from app.tracker import bulk, undoing
from app.tracker.cohorts import locked
from app.tracker.headings import Mapped, fields_of, find_headings, labels
from app.tracker.models import Cohort, Handle, Participant, RosterUpload
from app.tracker.planning import OF_PEOPLE, Fate, Known, Plan, plan
from app.tracker.tables import SPOILT, Table, TableRefused, read_table

Rows = list[tuple[int, list[str]]]
MOST_NAMED = 10
CHANGED = "Something has changed since this was shown. Look again, then say yes."


@dataclass(frozen=True)
class Waiting:
    """A table that waits, what its columns are called and hold, and what it would do; `seen` names all of that."""

    name: str
    note: str
    received_at: datetime
    headings: list[str]
    examples: list[str]
    mapped: Mapped
    plan: Plan
    seen: str

    @property
    def unused(self) -> list[str]:
        """The headings of columns of which nothing is taken."""
        return unused(self.headings, self.mapped)

    @property
    def may_lack_headings(self) -> bool:
        """Whether none is known: the organiser says whether the first row holds any."""
        return not fields_of(self.headings)


def read_rows(content: bytes) -> tuple[Rows, Mapped, str]:
    """Rows of the table in a file, headings first, what its columns hold, a note on it; Refused beside `file`.

    Where no heading is known there may be none: the first row may be a person's, and blank ones stand above it.
    """
    try:
        tables = read_table(content)
    except TableRefused as refusal:
        raise Refused("file", str(refusal)) from refusal
    table, at, mapped = find_headings(tables)
    number, headings = table.rows[at]
    rows = [(number, [cell.lstrip(SPOILT) for cell in headings]), *table.rows[at + 1 :]]
    return (
        rows if mapped else _below_blank(table.rows),
        mapped,
        " ".join(filter(None, (table.note, _others(tables, table)))),
    )


def unused(headings: Sequence[str], mapped: Mapped) -> list[str]:
    """The headings of columns that hold nothing that `mapped` knows."""
    return [heading for column, heading in enumerate(headings) if heading and column not in mapped.values()]


def _others(tables: Sequence[Table], read: Table) -> str:
    """In a sentence, which sheets were not read; "" where there is but one."""
    others = [f"“{table.name}”" for table in tables if table is not read]
    if not others:
        return ""
    names = ", ".join(others[:MOST_NAMED]) + (" and others" if len(others) > MOST_NAMED else "")
    return f"Only the sheet “{read.name}” was read; {names} {'was' if len(others) == 1 else 'were'} not."


def receive(cohort_id: int, name: str, content: bytes) -> None:
    """Keep the table in a file until its organiser says yes; Refused beside `file` where there is none in it."""
    rows, mapped, note = read_rows(content)
    with transaction():
        locked(cohort_id)
        db.session.merge(
            RosterUpload(
                cohort_id=cohort_id,
                name=one_line(name)[:200],
                note=note,
                rows=undoing.packed(rows),
                mapped=mapped,
                received_at=clock.now(),
            )
        )


def waiting(cohort_id: int) -> Waiting | None:
    """The table that waits and what it would do; None where none does."""
    upload = _upload(cohort_id)
    if upload is None:
        return None
    (_, headings), *rows = undoing.unpacked(upload.rows)
    planned = plan(rows, upload.mapped, _people(cohort_id))
    return Waiting(
        name=upload.name,
        note=upload.note,
        received_at=upload.received_at,
        headings=headings,
        examples=[_example(rows, column) for column in range(len(headings))],
        mapped=upload.mapped,
        plan=planned,
        seen=_digest(upload, planned),
    )


def correct(cohort_id: int, mapped: Mapped, *, has_headings: bool = False) -> None:
    """An organiser says which column holds what; Refused where one is to hold two things, or there is none such.

    Where no heading is known, also whether the first row holds headings.
    """
    with transaction():
        locked(cohort_id)
        upload = _upload(cohort_id)
        if upload is None:
            raise Refused("", "No file waits any more.")
        rows = undoing.unpacked(upload.rows)
        width = len(rows[0][1])
        if not set(mapped) <= set(labels()) or not set(mapped.values()) <= set(range(width)):
            raise Refused("", "The file has no such column.")
        if len(set(mapped.values())) < len(mapped):
            raise Refused("", "One column cannot hold two things.")
        upload.mapped = mapped
        if has_headings != any(rows[0][1]) and not fields_of(rows[0][1]):
            upload.rows = undoing.packed(_with_headings(rows, width) if has_headings else _below_blank(rows))


def drop(cohort_id: int) -> bool:
    """Forget the table that waits; whether there was one."""
    with transaction():
        upload = _upload(cohort_id)
        db.session.execute(delete(RosterUpload).where(RosterUpload.cohort_id == cohort_id))
    return upload is not None


def apply_waiting(cohort_id: int, seen: str) -> tuple[Plan, str]:
    """Do what the table that waits was seen to do, and tell the note on it; Refused where that has changed."""
    with transaction():
        locked(cohort_id)
        upload = _upload(cohort_id)
        if upload is None:
            raise Refused("", "No file waits any more.")
        planned = plan(undoing.unpacked(upload.rows)[1:], upload.mapped, _people(cohort_id))
        if seen != _digest(upload, planned):
            raise Refused("", CHANGED)
        note = upload.note
        _store(cohort_id, upload.name, planned)
        drop(cohort_id)
    return planned, note


def plan_rows(cohort_id: int, rows: Rows, mapped: Mapped) -> Plan:
    """What rows, headings first, would do to a cohort as it is."""
    return plan(rows[1:], mapped, _people(cohort_id))


def import_rows(cohort_id: int, name: str, rows: Rows, mapped: Mapped) -> Plan:
    """Do it without showing it first: for the command line. What changes nothing leaves no trace."""
    with transaction():
        locked(cohort_id)
        planned = plan_rows(cohort_id, rows, mapped)
        _store(cohort_id, name, planned)
    return planned


def _upload(cohort_id: int) -> RosterUpload | None:
    query = select(RosterUpload).where(RosterUpload.cohort_id == cohort_id).options(undefer(RosterUpload.rows))
    return db.session.scalar(query.execution_options(populate_existing=True))


def _below_blank(rows: Rows) -> Rows:
    return [(0, [""] * max(len(cells) for _, cells in rows)), *rows]


def _with_headings(rows: Rows, width: int) -> Rows:
    (number, cells), *others = rows[1:]
    return [(number, [*cells, *[""] * (width - len(cells))]), *others]


def _example(rows: Rows, column: int) -> str:
    return next((cells[column].lstrip(SPOILT) for _, cells in rows if column < len(cells) and cells[column]), "")


def _digest(upload: RosterUpload, planned: Plan) -> str:
    rows = [(row.number, row.fate, row.person_id, row.changes) for row in planned.rows]
    told = json.dumps([upload.received_at.isoformat(), rows])
    return hashlib.sha256(told.encode()).hexdigest()


def _people(cohort_id: int) -> list[Known]:
    in_cohort = Participant.cohort_id == cohort_id
    columns = (Participant.id, *(getattr(Participant, name) for name in OF_PEOPLE))
    rows = db.session.execute(select(*columns).where(in_cohort))
    values = {number: dict(zip(OF_PEOPLE, told, strict=True)) for number, *told in rows}
    handles = select(Handle.participant_id, Handle.platform, Handle.handle).join(Handle.participant).where(in_cohort)
    for participant_id, platform, handle in db.session.execute(handles):
        values[participant_id][platform] = handle
    return [Known(number, known) for number, known in values.items()]


def _store(cohort_id: int, name: str, planned: Plan) -> None:
    if not planned.does_something:
        return  # the import before it stays the one that can be taken back
    added = [row for row in planned.rows if row.fate == "added"]
    changed = [row for row in planned.rows if row.fate == "changed"]
    replaced = bulk.handles_of(_handle_changes(changed))
    before: dict[str, Any] = {"replaced": undoing.dumped(replaced)}
    try:
        numbers = bulk.add_people(cohort_id, [_values(row, OF_PEOPLE) for row in added])
        bulk.change_people([(row.person_id or 0, _values(row, OF_PEOPLE)) for row in changed])
    except IntegrityError as error:
        raise Refused("", CHANGED) from error
    of_added = [(number, key, new) for number, row in zip(numbers, added, strict=True) for key, new in _handles(row)]
    bulk.put_handles([*of_added, *_handle_changes(changed)], replaced)
    before["added"] = [[number, _values(row)] for number, row in zip(numbers, added, strict=True)]
    before["changed"] = [[row.person_id, row.changes] for row in changed]
    undoing.keep(cohort_id, name, planned.counts, before)
    slug = db.session.get_one(Cohort, cohort_id).slug
    audit.record("import roster", f"cohort:{slug}", after={"file": name, **planned.counts})


def _values(row: Fate, names: Container[str] | None = None) -> dict[str, str]:
    return {name: new for name, _, new in row.changes if names is None or name in names}


def _handles(row: Fate) -> list[tuple[str, str]]:
    return [(name, new) for name, _, new in row.changes if name not in OF_PEOPLE]


def _handle_changes(rows: Sequence[Fate]) -> list[tuple[int, str, str]]:
    return [(row.person_id or 0, key, new) for row in rows for key, new in _handles(row)]
