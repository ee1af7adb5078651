"""Make the hidden tests of the problems in problems/: the same ones wherever it runs."""

import random
import runpy
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

PROBLEMS = Path(__file__).resolve().parent.parent / "problems"
PROCESSES = 2
ANSWER_SECONDS = 60


def main() -> None:
    """Leave data/secret/ of every problem holding exactly what its generator makes, and say what it took."""
    began = time.monotonic()
    problems = sorted(path.parents[1] for path in PROBLEMS.glob("*/generators/secret.py"))
    with ProcessPoolExecutor(PROCESSES) as pool:
        made = sum(pool.map(renew, problems))
    print(f"{made} hidden tests of {len(problems)} problems in {time.monotonic() - began:.1f} s")


def renew(problem: Path) -> int:
    """Replace the problem's hidden tests; a failure leaves the old ones. The number of tests."""
    data = problem / "data"
    with tempfile.TemporaryDirectory(prefix="secret-", dir=data) as folder:
        made = Path(folder) / "made"
        count = build(problem, made)
        # Not removed first: a reader finds the old tests or the new ones, but for the blink between two renames.
        if (data / "secret").exists():
            (data / "secret").rename(Path(folder) / "old")
        made.rename(data / "secret")
    return count


def build(problem: Path, target: Path) -> int:
    """Write `NN-name.in` and `.ans` of every hidden test into the new folder. The number of tests.

    The generator draws from a source seeded by the problem's folder name; the accepted Python solution answers.
    """
    target.mkdir()
    generator = runpy.run_path(str(problem / "generators" / "secret.py"))
    count = 0
    for count, (name, text) in enumerate(generator["tests"](random.Random(problem.name)), 1):  # noqa: S311 to be repeated
        asked = target / f"{count:02}-{name}.in"
        asked.write_text(text)
        asked.with_suffix(".ans").write_bytes(answer(problem, asked))
    return count


def answer(problem: Path, asked: Path) -> bytes:
    """What the accepted Python solution says to an input file."""
    command = [sys.executable, "-I", "-S", str(problem / "submissions" / "accepted" / "solution.py")]
    with asked.open("rb") as stdin:
        done = subprocess.run(command, stdin=stdin, capture_output=True, timeout=ANSWER_SECONDS)
    if done.returncode != 0:
        sys.exit(f"The solution of {problem.name} failed on {asked.name}:\n{done.stderr.decode(errors='replace')}")
    return done.stdout


if __name__ == "__main__":
    main()
