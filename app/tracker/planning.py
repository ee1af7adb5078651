"""What a table would do to a roster, row by row. Pure: it reads nothing and writes nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.core.db import fold
from app.core.refusal import Refused
from app.core.text import one_line
from app.members.rules import EMAIL_LENGTH, clean_email
from app.tracker.headings import Mapped, field_of
from app.tracker.platforms.base import means_nothing
from app.tracker.service import LONGEST, OF_PEOPLE, clean_handle
from app.tracker.tables import SPOILT

FATES = ("added", "changed", "unchanged", "duplicate", "refused")
LOST_DIGITS = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+")
SPOILT_BY_SHEET = "A spreadsheet has made “{}” of it: store the column as text."
WORD = re.compile(r"[^\W\d_]{3,}")
SEVERAL = 0  # instead of the number of a row
HIDDEN = dict.fromkeys((8203, 8204, 8205, 8288, 65279, 173))
PLAIN_LOCAL = re.compile(r"(?=.{1,64}$)[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*")
MOST_NAMED = 3
SHEET_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]")


@dataclass(frozen=True)
class Known:
    """Somebody on the roster as they are: what is known of them by field, handles by the key of their platform."""

    id: int
    values: Mapping[str, str]


@dataclass
class Fate:
    """What becomes of one row: of whom, what changes (field, old, new), and what of it is left out, and why.

    `hint` is a sentence on what somebody should look at, though it changes nothing.
    """

    number: int
    who: str = ""
    fate: str = "unchanged"
    person_id: int | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)  # the field, "" for the row; a sentence
    hint: str = ""


@dataclass(frozen=True)
class Plan:
    """The fate of every row, in the order of the file."""

    rows: list[Fate]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each fate, in the order in which pages tell them."""
        found = Counter(row.fate for row in self.rows)
        return {fate: found[fate] for fate in FATES}

    @property
    def left_out(self) -> int:
        """How many cells of rows that are taken are left out."""
        return sum(len(row.left_out) for row in self.rows if row.fate not in ("refused", "duplicate"))

    @property
    def does_something(self) -> bool:
        """Whether anything would be stored."""
        return any(row.changes for row in self.rows)


def plan(rows: Sequence[tuple[int, list[str]]], mapped: Mapped, people: Iterable[Known]) -> Plan:
    """What these rows, whose columns hold what `mapped` says, would do to the people that are there.

    A row is of whoever has its roll number; where there is none, of whoever has its e-mail address and is alone in
    that. An empty cell, and whatever stands for nothing, changes nothing. A cell that will not do is left out, and the
    rest of its row is taken.
    """
    by_roll, by_email = _keys(people)
    seen: dict[str, int] = {}
    return Plan([_fate(number, _cells(cells, mapped), by_roll, by_email, seen) for number, cells in rows])


def _keys(people: Iterable[Known]) -> tuple[dict[str, Known], dict[str, list[Known]]]:
    by_roll: dict[str, Known] = {}
    by_email: dict[str, list[Known]] = {}
    for person in people:
        if roll := fold(person.values.get("roll_number", "")):
            by_roll[roll] = person
        if email := fold(person.values.get("email", "")):
            by_email.setdefault(email, []).append(person)
    return by_roll, by_email


def _cells(cells: Sequence[str], mapped: Mapped) -> dict[str, str]:
    return {name: cells[column] if column < len(cells) else "" for name, column in mapped.items()}


def _fate(
    number: int,
    cells: dict[str, str],
    by_roll: Mapping[str, Known],
    by_email: Mapping[str, list[Known]],
    seen: dict[str, int],
) -> Fate:
    row = Fate(number)
    values = _cleaned(cells, row)
    roll, email = fold(values.get("roll_number", "")), fold(values.get("email", ""))
    row.who = values.get("name") or values.get("roll_number") or values.get("email") or ""
    same = by_email.get(email, []) if email else []
    if _is_nobody(row, cells, values) or _nobody_can_be_known(row, roll, email, same):
        row.fate = "refused"
        return row
    known = _known(roll, by_roll, same)
    keys = [f"roll {roll}", f"no roll, email {email}"] if roll else [f"email {email}"]
    keys += [f"person {known.id}"] if known else []
    first = next((seen[key] for key in keys if key in seen), None)
    if first == SEVERAL:
        row.left_out.append(("", "Several rows above have this e-mail address: a roll number must say who."))
        row.fate = "refused"
        return row
    if first is not None:
        row.left_out.append(("", f"Row {first:,} is of the same person; that one counts."))
        row.fate = "duplicate"
        return row
    if known is None and same:
        row.hint = f"{_told(same)} on the roster already with this e-mail address: is it the same person?"
    for name in _names(roll, email, known):
        seen[name] = SEVERAL if name == f"email {email}" and name in seen else number
    _compare(row, values, known)
    return row


def _is_nobody(row: Fate, cells: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether this is no person's row: the headings once more, or a line below the table; the row says so."""
    roll = values.get("roll_number", "")
    words = WORD.findall(roll)
    if not words:
        return False
    if not any(mark.isdigit() for mark in roll) and field_of(roll) == "roll_number":
        row.left_out = [("", "These are the headings once more.")]
        return True
    is_alone = len(cells) > 1 and sum(map(bool, cells.values())) == 1
    if is_alone and (len(words) > 1 or not any(mark.isdigit() for mark in roll)):
        row.left_out = [("", f"“{roll}” stands alone and does not look like a roll number.")]
        return True
    return False


def _nobody_can_be_known(row: Fate, roll: str, email: str, same: Sequence[Known]) -> bool:
    """Whether neither roll number nor e-mail address tells whose row this is; the row says why."""
    if any(name == "roll_number" for name, _ in row.left_out):
        return True
    if not roll and not email:
        row.left_out.append(("", "It has neither a roll number nor an e-mail address to know the person by."))
    elif not roll and len(same) > 1:
        row.left_out.append(("", f"{_told(same)} on the roster with this e-mail address: a roll number must say who."))
    else:
        return False
    return True


def _known(roll: str, by_roll: Mapping[str, Known], same: Sequence[Known]) -> Known | None:
    """Whose row it is; `same` are those with its e-mail address, who count where they alone can be meant."""
    alone = same[0] if len(same) == 1 else None
    if not roll:
        return alone
    return by_roll.get(roll) or (alone if alone and not _of(alone, "roll_number") else None)


def _names(roll: str, email: str, known: Known | None) -> list[str]:
    """By what a later row can be known to be of the same person."""
    names = [f"roll {roll}"] if roll else []
    names += [f"email {email}"] if email else []
    names += [f"no roll, email {email}"] if email and not roll and not fold(_of(known, "roll_number")) else []
    return [*names, f"person {known.id}"] if known else names


def _told(people: Sequence[Known]) -> str:
    names = [_of(person, "name") or _of(person, "roll_number") or "somebody without a name" for person in people]
    named = " and ".join(names[:MOST_NAMED]) + (" and others" if len(names) > MOST_NAMED else "")
    return f"{named} {'is' if len(names) == 1 else 'are'}"


def _of(person: Known | None, name: str) -> str:
    return person.values.get(name, "") if person else ""


def _compare(row: Fate, values: Mapping[str, str], known: Known | None) -> None:
    row.changes = [(name, _of(known, name), value) for name, value in values.items() if value != _of(known, name)]
    row.person_id = known.id if known else None
    row.who = row.who or _of(known, "name")
    row.fate = "added" if known is None else "changed" if row.changes else "unchanged"


def _cleaned(cells: Mapping[str, str], row: Fate) -> dict[str, str]:
    """What of the cells can be stored; of what cannot, the row says why."""
    values = {}
    for name, typed in cells.items():
        if not typed:
            continue
        try:
            value = _clean(name, typed)
        except Refused as refusal:
            row.left_out.append((name, str(refusal)))
        else:
            if value:
                values[name] = value
    return values


def _clean(name: str, typed: str) -> str:
    if typed.startswith(SPOILT):
        raise Refused(name, SPOILT_BY_SHEET.format(typed[1:]))
    if SHEET_ERROR.fullmatch(typed):
        raise Refused(name, f"The spreadsheet has an error here, {typed}.")
    if name not in OF_PEOPLE:
        return clean_handle(name, typed)
    text = one_line(typed if typed.isascii() else typed.translate(HIDDEN))
    if means_nothing(text):
        return ""
    if name == "email":
        return _clean_email(text)
    if len(text) > LONGEST[name]:
        raise Refused(name, f"It has more than {LONGEST[name]} characters.")
    if name == "roll_number" and LOST_DIGITS.fullmatch(text):
        raise Refused(name, SPOILT_BY_SHEET.format(text))
    return text


def _clean_email(text: str) -> str:
    """As `clean_email`, which takes its time; a roster's addresses end in few domains."""
    local, _, domain = text.rpartition("@")
    if not PLAIN_LOCAL.fullmatch(local) or len(text) > EMAIL_LENGTH:
        return clean_email(text)
    return f"{local}@{_clean_domain(domain)}"


@lru_cache(maxsize=256)
def _clean_domain(domain: str) -> str:
    return clean_email(f"a@{domain}").rpartition("@")[2]
