"""What differs between two texts: an output and its answer line by line, two programs as an editor would tell it."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

SHOWN_LINES = 40
LINES_BEFORE = 3
MOST_LINES = 3_000  # beyond, looking for what stayed takes seconds
MARKS = set("·→␍")
EASILY_MISSED = re.compile(r"^ +| +$| {2,}|\t|\r")


@dataclass(frozen=True)
class Line:
    """The lines of one number on both sides; None where a side has ended."""

    number: int
    expected: str | None
    got: str | None
    is_same: bool


@dataclass(frozen=True)
class Comparison:
    """Lines around the first difference, of `total` on the longer side; whether `visible` marked anything."""

    lines: list[Line]
    total: int
    has_marks: bool


@dataclass(frozen=True)
class Change:
    """A line of two programs: `sign` is "-" for one that went, "+" for one that came, " " for one that stayed."""

    sign: str
    old_number: int | None
    new_number: int | None
    text: str


def compared(expected: str, got: str) -> Comparison:
    """An output beside its answer, from a little before the first line that differs but for white space at its end."""
    pairs = zip_longest(_lines(expected), _lines(got))
    lines = [_line(number, *pair) for number, pair in enumerate(pairs, 1)]
    first = next((line.number for line in lines if not line.is_same), 1)
    begin = max(0, first - 1 - LINES_BEFORE)
    shown = lines[begin : begin + SHOWN_LINES]
    differing = (side for line in shown if not line.is_same for side in (line.expected, line.got))
    return Comparison(shown, len(lines), has_marks=any(side and MARKS & set(side) for side in differing))


def visible(text: str) -> str:
    """The text with its easily missed white space marked: · for a space, → for a tab, ␍ for a carriage return."""
    return EASILY_MISSED.sub(lambda found: found[0].translate({32: "·", 9: "→", 13: "␍"}), text)


def changes(old: str, new: str) -> list[list[Change]] | None:
    """What became of `old` in `new`, in stretches with three lines around each change; None for programs too long."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        return None
    stretches = SequenceMatcher(None, before, after).get_grouped_opcodes(3)
    return [[change for code in stretch for change in _changes(before, after, *code)] for stretch in stretches]


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _line(number: int, expected: str | None, got: str | None) -> Line:
    is_same = (expected or "").rstrip() == (got or "").rstrip()
    if is_same:
        return Line(number, expected, got, True)
    return Line(number, expected and visible(expected), got and visible(got), False)


def _changes(before: list[str], after: list[str], kind: str, *spans: int) -> list[Change]:
    old_from, old_to, new_from, new_to = spans
    if kind == "equal":
        numbers = zip(range(old_from, old_to), range(new_from, new_to), strict=True)
        return [Change(" ", old + 1, new + 1, after[new]) for old, new in numbers]
    gone = [Change("-", number + 1, None, before[number]) for number in range(old_from, old_to)]
    return gone + [Change("+", None, number + 1, after[number]) for number in range(new_from, new_to)]
