"""What differs between two texts, such as two programs, as an editor would tell it."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.submissions.beside import visible

MOST_LINES = 3_000  # beyond, looking for what stayed takes seconds


@dataclass(frozen=True)
class Change:
    """A line of two programs: `sign` is "-" for one that went, "+" for one that came, " " for one that stayed."""

    sign: str
    old_number: int | None
    new_number: int | None
    text: str
    is_marked: bool = False  # whether its white space is, which is all that it differs in


def changes(old: str, new: str) -> list[list[Change]] | None:
    """What became of `old` in `new`, in stretches with three lines around each change; None for programs too long."""
    before, after = (text.removesuffix("\n").split("\n") if text else [] for text in (old, new))
    if max(len(before), len(after)) > MOST_LINES:
        return None
    stretches = SequenceMatcher(None, before, after).get_grouped_opcodes(3)
    return [[change for code in stretch for change in _changes(before, after, *code)] for stretch in stretches]


def _changes(before: list[str], after: list[str], kind: str, *spans: int) -> list[Change]:
    old_from, old_to, new_from, new_to = spans
    if kind == "equal":
        numbers = zip(range(old_from, old_to), range(new_from, new_to), strict=True)
        return [Change(" ", old + 1, new + 1, after[new]) for old, new in numbers]
    gone = [Change("-", number + 1, None, before[number]) for number in range(old_from, old_to)]
    came = [Change("+", None, number + 1, after[number]) for number in range(new_from, new_to)]
    return [*_marked(gone, came), *_marked(came, gone)]


def _marked(changes: list[Change], others: list[Change]) -> list[Change]:
    texts = {other.text for other in others}
    words = {"".join(text.split()) for text in texts}
    return [
        replace(change, text=visible(change.text), is_marked=True)
        if change.text not in texts and "".join(change.text.split()) in words
        else change
        for change in changes
    ]
