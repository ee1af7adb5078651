"""What a box costs: the same programs in boxes and bare, turn by turn, and a whole submission in C++."""

import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from app.submissions.judges.base import Limits
from app.submissions.judges.launch import BOX_PATH
from app.submissions.judges.recipes import RECIPES, command
from app.submissions.judges.sandbox import Sandbox
from app.submissions.specimens import ANSWER, INPUT, ORDINARY
from bench.figures import tell

TESTS, ROUNDS = 20, 5
LIMITS = Limits(seconds=5, memory_mb=256)
ENVIRON = {"PATH": BOX_PATH, "HOME": "/nowhere", "LANG": "C.UTF-8"}
GOALS = {"java": "at most 25 ms more"}
BIG = b"#include <bits/stdc++.h>\nint main() { long long n; std::cin >> n; std::cout << 2 * n << std::endl; }\n"


def main() -> None:
    """Tell the figures."""
    judge = Sandbox()
    for specimen in ORDINARY:
        if specimen.title == "AC":
            measure_tests(judge, specimen.language, specimen.source)
    measure_submission(judge)


def measure_tests(judge: Sandbox, language: str, source: bytes) -> None:
    """One test, at the median of twenty in boxes and twenty bare that take turns."""
    boxed, bare = [], []
    with tempfile.TemporaryDirectory() as name:
        run_bare(compile_bare(language, source, Path(name)))
        outcomes = judge.run(language, source, LIMITS, [INPUT] * (TESTS + 1))
        next(outcomes)  # compiles, too
        for _ in range(TESTS):
            began = time.perf_counter()
            assert next(outcomes).stdout == ANSWER
            boxed.append(time.perf_counter() - began)
            bare.append(run_bare(program(language, Path(name))))
        outcomes.close()
    value, floor = statistics.median(boxed) * 1000, statistics.median(bare) * 1000
    tell(f"sandbox_{language}_test", value, "ms", floor=floor, goal=GOALS.get(language, "at most 10 ms more"))
    tell(f"sandbox_{language}_overhead", value - floor, "ms", goal=GOALS.get(language, "at most 10 ms more"))


def measure_submission(judge: Sandbox) -> None:
    """Compiling and twenty tests, beside the compiler and the program bare."""
    boxed, bare = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert [outcome.stdout for outcome in judge.run("cpp", BIG, LIMITS, [INPUT] * TESTS)] == [ANSWER] * TESTS
        boxed.append(time.perf_counter() - began)
        with tempfile.TemporaryDirectory() as name:
            began = time.perf_counter()
            made = compile_bare("cpp", BIG, Path(name))
            for _ in range(TESTS):
                run_bare(made)
            bare.append(time.perf_counter() - began)
    tell("sandbox_cpp_submission", statistics.median(boxed), "s", floor=statistics.median(bare), goal="<= 1.3 x")


def compile_bare(language: str, source: bytes, folder: Path) -> list[str]:
    """Compile without a box; the command that runs what was made."""
    (folder / RECIPES[language].source).write_bytes(source)
    compiler = placed(command(RECIPES[language].compile, 0), folder)
    subprocess.run(compiler, env=ENVIRON, check=True, timeout=60)
    return program(language, folder)


def program(language: str, folder: Path) -> list[str]:
    """The command that runs it without a box."""
    return placed(command(RECIPES[language].run, LIMITS.memory_mb), folder)


def placed(parts: list[str], folder: Path) -> list[str]:
    """The command with the box's folders in `folder`."""
    return [part.replace("/box", str(folder)).replace("/out", str(folder)) for part in parts]


def run_bare(parts: list[str]) -> float:
    """Seconds of one run."""
    began = time.perf_counter()
    done = subprocess.run(parts, env=ENVIRON, input=INPUT, capture_output=True, check=True, timeout=60)
    assert done.stdout == ANSWER
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
