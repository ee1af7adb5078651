"""Taking the newest import into a cohort back, as far as nobody has touched since what it did."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from app.core import audit, clock
from app.core.db import fold, transaction
from app.core.refusal import Refused
from app.extensions import db
from app.tracker import bulk, kept
from app.tracker.cohorts import locked
from app.tracker.models import Handle, Participant, RosterImport, Snapshot
from app.tracker.planning import OF_PEOPLE

Change = tuple[str, str, str]  # field, old, new


@dataclass(frozen=True)
class Undone:
    """How many people went again, how many are as they were, and how many were touched since and stay as they are."""

    removed: int
    restored: int
    left: int


def packed(content: Any) -> bytes:
    """What JSON can say, made small."""
    return zlib.compress(json.dumps(content, default=_written).encode(), 1)


def unpacked(stored: bytes) -> Any:
    """What was packed."""
    return json.loads(zlib.decompress(stored))


def keep(cohort_id: int, name: str, counts: Mapping[str, int], before: Mapping[str, Any]) -> None:
    """Within the caller's transaction: remember an import in place of the one before it."""
    db.session.merge(
        RosterImport(
            cohort_id=cohort_id,
            name=name,
            imported_at=clock.now(),
            counts=dict(counts),
            before=packed(before),
        )
    )


def newest_import(cohort_id: int) -> RosterImport | None:
    """The import that can be taken back, without what this needs."""
    return db.session.get(RosterImport, cohort_id, populate_existing=True)


def dumped(handles: Mapping[tuple[int, str], Handle]) -> list[dict[str, Any]]:
    """Handles that are to go, with their history, as JSON can say it."""
    history: dict[int, list[dict[str, Any]]] = {row.id: [] for row in handles.values()}
    for some in bulk.chunks(sorted(history)):
        for day in db.session.scalars(select(Snapshot).where(Snapshot.handle_id.in_(some))):
            history[day.handle_id].append(_columns(day))
    return [{**_columns(row), "snapshots": history[row.id]} for row in handles.values()]


def forget_person(cohort_id: int, participant_id: int) -> None:
    """Within the caller's transaction: let go of what is kept of somebody to take the newest import back."""
    row = _stored(cohort_id)
    if row is None:
        return
    before = unpacked(row.before)
    kept = {name: [entry for entry in before[name] if entry[0] != participant_id] for name in ("added", "changed")}
    kept["replaced"] = [handle for handle in before["replaced"] if handle["participant_id"] != participant_id]
    if any(kept.values()):
        row.before = packed(kept)
    else:
        db.session.delete(row)


def undo(cohort_id: int) -> Undone:
    """Take the newest import back; Refused where there is none."""
    with transaction():
        slug = locked(cohort_id).slug
        row = _stored(cohort_id)
        if row is None:
            raise Refused("", "There is no import to take back.")
        before = unpacked(row.before)
        removed = _remove_added(before["added"])
        try:
            restored = _restore(before["changed"], before["replaced"])
        except IntegrityError as error:
            raise Refused("", "Somebody has a roll number by now that another had before: change it first.") from error
        left = len(before["added"]) - removed + len(before["changed"]) - restored
        db.session.execute(delete(RosterImport).where(RosterImport.cohort_id == cohort_id))
        kept.forget_with_commit(cohort_id)
        undone = Undone(removed, restored, left)
        audit.record("undo import", f"cohort:{slug}", after={"file": row.name, **vars(undone)})
    return undone


def _stored(cohort_id: int) -> RosterImport | None:
    """The newest import, with what taking it back needs."""
    query = select(RosterImport).where(RosterImport.cohort_id == cohort_id).options(undefer(RosterImport.before))
    return db.session.scalar(query.execution_options(populate_existing=True))


def _remove_added(added: Sequence[tuple[int, dict[str, str]]]) -> int:
    """Remove those who are as the import left them; how many they were."""
    now = _people([number for number, _ in added])
    gone = [number for number, values in added if number in now and now[number] == (values, None)]
    bulk.remove_people(gone)
    return len(gone)


def _restore(changed: Sequence[tuple[int, list[Change]]], replaced: Sequence[dict[str, Any]]) -> int:
    """Set back what the import changed of people; how many are wholly as they were."""
    now = _people([number for number, _ in changed])
    standing = {
        number: [change for change in changes if now[number][0].get(change[0], "") == change[2]]
        for number, changes in changed
        if number in now
    }
    bulk.change_people(
        [(number, {name: old for name, old, _ in done if name in OF_PEOPLE}) for number, done in standing.items()]
    )
    _restore_handles(standing, {(row["participant_id"], row["platform"]): row for row in replaced})
    return sum(len(standing.get(number, ())) == len(changes) for number, changes in changed)


def _restore_handles(standing: Mapping[int, list[Change]], replaced: Mapping[tuple[int, str], dict[str, Any]]) -> None:
    theirs = [(number, *change) for number, done in standing.items() for change in done if change[0] not in OF_PEOPLE]
    stored = bulk.handles_of([(number, key, new) for number, key, _, new in theirs])
    same = [(number, key, old) for number, key, old, new in theirs if fold(old) == fold(new)]
    other = [(number, key) for number, key, old, new in theirs if fold(old) != fold(new)]
    bulk.put_handles(same, stored)
    bulk.remove_handles([stored[key].id for key in other])
    back = [replaced[key] for key in other if key in replaced]
    if not back:
        return
    rows = [_read(Handle, row) for row in back]
    numbers = db.session.scalars(insert(Handle).returning(Handle.id, sort_by_parameter_order=True), rows).all()
    days = [
        {**_read(Snapshot, day), "handle_id": number}
        for number, row in zip(numbers, back, strict=True)
        for day in row["snapshots"]
    ]
    if days:
        db.session.execute(insert(Snapshot), days)


def _people(numbers: Sequence[int]) -> dict[int, tuple[dict[str, str], int | None]]:
    """What there is of people, by field, without what is empty, and which member each is."""
    found: dict[int, tuple[dict[str, str], int | None]] = {}
    for some in bulk.chunks(numbers):
        columns = (Participant.id, Participant.member_id, *(getattr(Participant, name) for name in OF_PEOPLE))
        for number, member_id, *told in db.session.execute(select(*columns).where(Participant.id.in_(some))):
            found[number] = ({name: text for name, text in zip(OF_PEOPLE, told, strict=True) if text}, member_id)
        handles = select(Handle.participant_id, Handle.platform, Handle.handle).where(Handle.participant_id.in_(some))
        for number, key, handle in db.session.execute(handles):
            found[number][0][key] = handle
    return found


def _columns(row: Handle | Snapshot) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"}


def _read(table: type[Handle] | type[Snapshot], row: Mapping[str, Any]) -> dict[str, Any]:
    names = [column.name for column in table.__table__.columns if column.name != "id"]
    return {name: _moment(name, row[name]) for name in names if name in row}


def _moment(name: str, value: Any) -> Any:
    if value is None or not name.endswith(("_at", "day")):
        return value
    return date.fromisoformat(value) if name == "day" else datetime.fromisoformat(value)


def _written(value: date) -> str:
    return value.isoformat()
