"""Whether an output is right: by its bytes, so that half a character or none at all is just another output."""

import math
import re
from dataclasses import dataclass

# No digit may be matched in two ways: a million of them with a letter behind would keep the judge busy for hours.
NUMBER = re.compile(rb"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|infinity)|nan", re.IGNORECASE)
BLANKS = b" \t\r\v\f"


@dataclass(frozen=True)
class Rule:
    """How an output is held against the answer; see `Problem.comparison`.

    Unless it `is_case_sensitive`, small and capital letters of ASCII are the same.

    With `floats`, a number is right when it is within either tolerance of the answer's; without any tolerance it must
    be the same number. An infinite number is right where the answer is the same infinity, NaN where the answer is NaN.
    """

    comparison: str
    absolute: float | None = None
    relative: float | None = None
    is_case_sensitive: bool = True


def is_right(output: bytes, answer: bytes, rule: Rule) -> bool:
    """Whether `output` is as good as `answer`."""
    if not rule.is_case_sensitive:
        output, answer = output.lower(), answer.lower()
    if output == answer or rule.comparison == "exact":
        return output == answer
    if rule.comparison == "tokens":
        return output.split() == answer.split()
    if rule.comparison == "floats":
        return _are_close(output.split(), answer.split(), rule)
    return _lines(output) == _lines(answer)


def _lines(content: bytes) -> list[bytes]:
    """The lines without white space at their ends, and without empty lines at the end."""
    lines = [line.rstrip(BLANKS) for line in content.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _are_close(given: list[bytes], wanted: list[bytes], rule: Rule) -> bool:
    return len(given) == len(wanted) and all(_is_close(*pair, rule) for pair in zip(given, wanted, strict=True))


def _is_close(given: bytes, wanted: bytes, rule: Rule) -> bool:
    if given == wanted:
        return True
    if not (NUMBER.fullmatch(given) and NUMBER.fullmatch(wanted)):
        return False
    number, goal = float(given), float(wanted)
    if number == goal or (math.isnan(number) and math.isnan(goal)):
        return True
    if not (math.isfinite(number) and math.isfinite(goal)):
        return False
    difference = abs(number - goal)
    return difference <= (rule.absolute or 0) or difference <= (rule.relative or 0) * abs(goal)
