"""An output beside its answer, line by line: what counts as the same is what the problem's comparison takes for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from app.submissions.checking import Rule, is_right

SHOWN_LINES = 40
LINES_BEFORE = 3
MARKS = {" ": "·", "\t": "→", "\r": "␍", "\n": "⏎"}
EASILY_MISSED = re.compile(r"^ +| +$| {2,}|\t|\r|\n")
CUT = re.compile(r"\n… \(([\d,]+) bytes more\)\Z")


@dataclass(frozen=True)
class Line:
    """The lines of one number on both sides; None where a side has ended. `differing`: "expected", "got", or both."""

    number: int
    expected: str | None
    got: str | None
    differing: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """Lines around the first difference, of `total` on the longer side; whether white space in them is marked.

    `more`: how many bytes of a side, by its name, were cut off before they were stored.
    """

    lines: list[Line]
    total: int
    has_marks: bool
    more: dict[str, str]

    @property
    def has_differences(self) -> bool:
        return any(line.differing for line in self.lines)


@dataclass(frozen=True)
class Side:
    """What is stored of one side; `more` is the number of bytes that were cut off."""

    lines: list[str]
    more: str | None

    def goes_on(self, number: int, text: str) -> bool:
        """Whether what was cut off may begin, or go on, as `text` in the line of this number."""
        return self.more is not None and (
            number > len(self.lines) or (number == len(self.lines) and text.startswith(self.lines[-1]))
        )

    def words(self) -> list[tuple[int, str]]:
        """All whole words, each with the number of its line."""
        found = [(number, word) for number, line in enumerate(self.lines, 1) for word in line.split()]
        return found[:-1] if self.more else found


def compared(expected: str, got: str, rule: Rule | None) -> Comparison:
    """Both from a little before the first line that is not the same by the `rule`; without a rule nothing differs."""
    is_exact = rule is not None and rule.comparison == "exact"
    wanted, given = _side(expected, is_exact), _side(got, is_exact)
    differing: set[tuple[int, str]] = set()
    if rule is not None:
        by_words = rule.comparison in ("tokens", "floats")
        differing = set(_differing_words(wanted, given, rule) if by_words else _differing_lines(wanted, given, rule))
    begin = max(0, min((number for number, _ in differing), default=1) - 1 - LINES_BEFORE)
    pairs = list(enumerate(zip_longest(wanted.lines, given.lines), 1))
    lines = [_line(number, *pair, differing) for number, pair in pairs[begin : begin + SHOWN_LINES]]
    marked = ("".join(getattr(line, name) or "" for name in line.differing) for line in lines)
    more = {name: side.more for name, side in (("expected", wanted), ("got", given)) if side.more}
    return Comparison(lines, len(pairs), any(set(text) & set(MARKS.values()) for text in marked), more)


def _side(text: str, is_exact: bool) -> Side:
    note = CUT.search(text)
    kept = text[: note.start()] if note else text
    if is_exact:
        return Side(re.findall(r"[^\n]*\n|[^\n]+", kept), note and note[1])
    return Side(kept.removesuffix("\n").split("\n") if kept else [], note and note[1])


def _differing_lines(wanted: Side, given: Side, rule: Rule) -> Iterator[tuple[int, str]]:
    for number, (line, other) in enumerate(zip_longest(wanted.lines, given.lines, fillvalue=""), 1):
        is_open = given.goes_on(number, line) or wanted.goes_on(number, other)
        if not is_open and not is_right(other.encode(), line.encode(), rule):
            yield from ((number, "expected"), (number, "got"))


def _differing_words(wanted: Side, given: Side, rule: Rule) -> Iterator[tuple[int, str]]:
    for word, other in zip_longest(wanted.words(), given.words()):
        if word is None and other is not None and not wanted.more:
            yield other[0], "got"
        elif other is None and word is not None and not given.more:
            yield word[0], "expected"
        elif word and other and not is_right(other[1].encode(), word[1].encode(), rule):
            yield from ((word[0], "expected"), (other[0], "got"))


def _line(number: int, expected: str | None, got: str | None, differing: set[tuple[int, str]]) -> Line:
    names = frozenset(name for name in ("expected", "got") if (number, name) in differing)
    return Line(number, _shown(expected, "expected" in names), _shown(got, "got" in names), names)


def _shown(text: str | None, is_marked: bool) -> str | None:
    return text and (visible(text) if is_marked else text.removesuffix("\n"))


def visible(text: str) -> str:
    """The text with marks for white space that is easily missed."""
    return EASILY_MISSED.sub(lambda found: "".join(MARKS[mark] for mark in found[0]), text)
