"""How long programs may run: the places in which a package may say so, in the order in which they count."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.archives import Files
from app.packages.sheets import Sheet, refused, text_of
from app.problems.service import SECONDS

FILES = (".timelimit", "problem_statement/timelimit.txt")
INI = "domjudge-problem.ini"
INI_LIMIT = re.compile(r"^\s*timelimit\s*=\s*['\"]?([^'\"\s;#]*)")
LEGACY_MULTIPLIER, NEWER_MULTIPLIER = 5.0, 2.0
ASSUMED_SECONDS = 2.0


@dataclass(frozen=True)
class TimeLimit:
    """How many seconds, and who says so; `seconds` is None where reference solutions are to be measured for it.

    Then the slowest accepted one, taken `multiplier` times, is the limit.
    """

    seconds: float | None
    origin: str
    multiplier: float


def time_limit(files: Files, sheet: Sheet, *, is_legacy: bool, doubts: list[str]) -> TimeLimit:
    """The limit that the package states; PackageRefused where it states nonsense."""
    multiplier = _multiplier(sheet.below("limits"), is_legacy=is_legacy)
    stated = list(_stated(files, sheet))
    if not stated:
        return TimeLimit(None, "measured", multiplier)
    origin, seconds = stated[0]
    least, most = SECONDS
    if not least <= seconds <= most:
        line = sheet.below("limits").line("time_limit") if origin == sheet.path else None
        raise refused(origin, f"the time limit is {seconds:g} seconds; from {least:g} to {most:g} are taken.", line)
    for other, differing in stated[1:]:
        if differing != seconds:
            doubts.append(f"{other} says {differing} s, {origin} says {seconds} s, which counts.")
    return TimeLimit(seconds, origin, multiplier)


def derived(slowest_seconds: float | None, limit: TimeLimit) -> TimeLimit:
    """The limit that follows from the slowest accepted reference solution, in time of a language with factor 1."""
    if slowest_seconds is None:
        return TimeLimit(ASSUMED_SECONDS, "assumed: nothing states it, and no accepted solution was measured", 1)
    seconds = float(max(1, math.ceil(slowest_seconds * limit.multiplier)))
    measured = f"{slowest_seconds:.2f}" if slowest_seconds >= 0.01 else "less than 0.01"
    told = f"{limit.multiplier:g} × the {measured} s of the slowest accepted solution, rounded up"
    return TimeLimit(seconds, told, limit.multiplier)


def _stated(files: Files, sheet: Sheet) -> Iterator[tuple[str, float]]:
    there = set(files.paths())
    for path in FILES:
        if path in there:
            yield path, _number(path, 1, text_of(path, files.read(path)).strip())
    if INI in there:
        for number, line in enumerate(text_of(INI, files.read(INI)).splitlines(), 1):
            if found := INI_LIMIT.match(line):
                yield INI, _number(INI, number, found[1])
    seconds = sheet.below("limits").number("time_limit")
    if seconds is not None:
        yield sheet.path, seconds


def _number(path: str, line: int, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise refused(path, f"“{text[:40]}” is no number of seconds.", line)
    return seconds


def _multiplier(limits: Sheet, *, is_legacy: bool) -> float:
    stated = limits.number("time_multiplier") or limits.below("time_multipliers").number("ac_to_time_limit")
    return stated or (LEGACY_MULTIPLIER if is_legacy else NEWER_MULTIPLIER)
