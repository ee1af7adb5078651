"""Judge0 as judge: how many calls a submission takes, and how often it is looked at, through the stand-in of the tests.

`python -m bench.judge0 --starter-set` also compares: every program of the starter set, on all tests, by both judges.
That takes minutes.
"""

import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from app.problems.languages import LANGUAGES
from app.submissions.checking import Rule, is_right
from app.submissions.judges.base import Judge, Limits
from app.submissions.judges.judge0 import PAUSES, Bell, Judge0, lengthening
from app.submissions.judges.sandbox import Sandbox
from bench.figures import tell
from ops.starter_set import PROBLEMS
from tests.judge0_server import TOKEN, Judge0Server

TESTS = 20
LIMITS = Limits(seconds=3, memory_mb=256)
SLEEPY = b"import time\ntime.sleep(0.2)\nprint(2 * int(input()))\n"
ENDINGS = {Path(language.file_name).suffix: key for key, language in LANGUAGES.items()}
TOLERANT = Rule("floats", 1e-6, 1e-6)


def main() -> None:
    """Tell the figures."""
    with Judge0Server() as server:
        measure_calls(server)
        if "--starter-set" in sys.argv:
            measure_verdicts(server)


def measure_calls(server: Judge0Server) -> None:
    """A submission of twenty tests that takes the server some seconds."""
    judge = Judge0(server.url, {"X-Auth-Token": TOKEN})
    server.calls.clear()
    began = time.monotonic()
    found = list(judge.run("python", SLEEPY, LIMITS, [b"%d\n" % number for number in range(TESTS)]))
    took = time.monotonic() - began
    assert [each.stdout for each in found] == [b"%d\n" % (2 * number) for number in range(TESTS)]
    looks = server.calls["look"]
    tell("judge0_calls_besides_looks", server.calls.total() - looks, "calls", goal="at most 3")
    tell("judge0_looks", looks, "looks", floor=most_looks(took), goal="no more than the back-off allows: at most 1.0")
    gaps = [after - before for before, after in pairwise(server.looked_at)]
    least = [gap / pause for gap, pause in zip(gaps, list(PAUSES[1:]) + [PAUSES[-1]] * len(gaps), strict=False)]
    tell("judge0_shortest_pause", min(least), "of the back-off's", goal=">= 1.0")


def most_looks(seconds: float) -> int:
    """How often the back-off allows to look within this time."""
    looks, at, pauses = 0, 0.0, lengthening(PAUSES)
    while (at := at + next(pauses)) <= seconds:
        looks += 1
    return looks


def measure_verdicts(server: Judge0Server) -> None:
    """Every program of the starter set, on all tests, by both judges."""
    hurried = Judge0(
        server.url, {"X-Auth-Token": TOKEN}, bell=lambda: Bell("", lambda seconds: time.sleep(min(seconds, 0.05)))
    )
    programs = list(starter_programs())
    differing = [path for path in programs if verdict(hurried, path) != verdict(Sandbox(), path)]
    for path in differing:
        print(f"{path}: {verdict(hurried, path)} by Judge0, {verdict(Sandbox(), path)} in the sandbox")
    tell("judge0_programs_judged_alike", len(programs) - len(differing), "programs", floor=len(programs), goal="1.0")


def starter_programs() -> Iterator[Path]:
    """The programs that come with the starter set."""
    return (path for path in sorted(PROBLEMS.glob("*/submissions/*/*")) if path.suffix in ENDINGS)


def verdict(judge: Judge, path: Path) -> str:
    """The verdict of the first test that fails, else AC; as the file's problem compares outputs."""
    data, language = path.parents[2] / "data", LANGUAGES[ENDINGS[path.suffix]]
    asked = sorted(data.glob("sample/*.in")) + sorted(data.glob("secret/*.in"))
    limits = Limits(seconds_of(path.parents[2]) * language.time_factor, LIMITS.memory_mb)
    run = judge.run(language.key, path.read_bytes(), limits, [each.read_bytes() for each in asked])
    for each, outcome in zip(asked, run, strict=True):
        if outcome.verdict:
            return outcome.verdict.value
        if not is_right(outcome.stdout, each.with_suffix(".ans").read_bytes(), TOLERANT):
            return "WA"
    return "AC"


def seconds_of(package: Path) -> float:
    """The time limit in its problem.yaml."""
    line = next(line for line in (package / "problem.yaml").read_text().splitlines() if "time_limit" in line)
    return float(line.split("time_limit:")[1].split(",")[0])


if __name__ == "__main__":
    main()
