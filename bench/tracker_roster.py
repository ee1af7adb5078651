"""A roster of 10,000 with five handles each: importing it beside reading the file and inserting what comes of it."""

import csv
import gc
import io
import statistics

import openpyxl
from sqlalchemy import delete, insert, select

from app.core import clock
from app.core.db import transaction
from app.extensions import db
from app.tracker import imports
from app.tracker.cohorts import CohortDetails, create_cohort
from app.tracker.models import Handle, Participant
from app.tracker.platforms import platforms
from bench.boards import club, seconds
from bench.figures import tell
from tests.postgresql import running_postgresql

ROWS = 10_000
ROUNDS = 5
KEYS = list(platforms())[:5]
HEADINGS = ["Roll No", "Name", "E-mail", *(platforms()[key].name for key in KEYS)]


def main() -> None:
    """Tell the figures, of both databases."""
    measure("sqlite", "")
    with running_postgresql() as address:
        measure("postgresql", address)


def measure(kind: str, address: str) -> None:
    """Import CSV and XLSX, each into an empty cohort, beside their floors."""
    content = {"csv": csv_file(), "xlsx": workbook()}
    with club(address):
        cohort_id = create_cohort(CohortDetails("Example College", "2027")).id
        for form, file in content.items():
            took, floor = [], []
            for _ in range(ROUNDS if form == "csv" else 2):
                floor.append(seconds(lambda file=file, form=form: least(cohort_id, form, file)))  # type: ignore[misc]
                empty(cohort_id)
                took.append(seconds(lambda file=file: imported(cohort_id, file)))  # type: ignore[misc]
                empty(cohort_id)
            figure = f"tracker_roster_{form}_{kind}"
            tell(figure, statistics.median(took), "s", floor=statistics.median(floor), goal="<= 3 x")


def imported(cohort_id: int, file: bytes) -> None:
    """The whole way, as the command goes."""
    rows, mapped, _ = imports.read_rows(file)
    planned = imports.import_rows(cohort_id, "roster", rows, mapped)
    assert planned.counts["added"] == ROWS
    assert planned.left_out == 0


def least(cohort_id: int, form: str, file: bytes) -> None:
    """Read the same file, and insert the same rows of both tables, each at once."""
    if form == "csv":
        rows = list(csv.reader(io.StringIO(file.decode())))[1:]
    else:
        book = openpyxl.load_workbook(io.BytesIO(file), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))[1:]
    now = clock.now()
    common = {"cohort_id": cohort_id, "created_at": now, "invitation": ""}
    people = [
        {**common, "id": at, "roll_number": row[0], "roll_folded": row[0], "name": row[1], "email": row[2]}
        for at, row in enumerate(rows, 1)
    ]
    handles = [
        {"participant_id": at, "platform": key, "handle": name, "folded": name, "state": "unchecked", "why": "",
         "failures": 0, "next_due_at": now}
        for at, row in enumerate(rows, 1)
        for key, name in zip(KEYS, row[3:], strict=True)
    ]  # fmt: skip
    with transaction():
        db.session.execute(insert(Participant.__table__), people)
        db.session.execute(insert(Handle.__table__), handles)


def empty(cohort_id: int) -> None:
    """Take everybody off the roster again."""
    with transaction():
        db.session.execute(delete(Participant).where(Participant.cohort_id == cohort_id))
    assert db.session.scalars(select(Handle.id).limit(1)).all() == []
    gc.collect()


def lines() -> list[list[str]]:
    """Rows of text, headings first."""
    handles = [[f"{key}_{n}"[-24:] for key in KEYS] for n in range(ROWS)]
    return [HEADINGS, *([f"19A{n:05}", f"Student {n}", f"student{n}@college.org", *handles[n]] for n in range(ROWS))]


def csv_file() -> bytes:
    """The roster as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(lines())
    return text.getvalue().encode()


def workbook() -> bytes:
    """The roster as XLSX."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in lines():
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


if __name__ == "__main__":
    main()
