"""Packages: what importing one costs beside unpacking it and judging its solutions."""

import argparse
import io
import os
import random
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from app.packages.judging import JudgedReference
from app.packages.reading import folders_in, opened, read_archive
from app.packages.service import examine, import_package
from app.problems.service import delete_draft
from bench.boards import club
from bench.figures import tell
from tests.packages.make import GOOD, picture

TESTS, LARGEST = 34, 100_000  # as in a real package of 5 MB
ROUNDS = 5
SOLUTION = b"import sys\nsys.stdin.readline()\nprint(sum(map(int, sys.stdin)))\n"
GOAL = "at most 3 x unpacking plus judging"


def main(arguments: Sequence[str] = ()) -> None:
    """Tell the figures, of a package made here or of the one at --file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path)
    file = parser.parse_args(arguments).file
    content = file.read_bytes() if file else made()
    with club("") as app:
        app.config["JUDGE"] = "sandbox"
        measured = [measure(content, file.stem if file else "sum") for _ in range(ROUNDS)]
    took, floor = min(measured, key=lambda one: one[0] / one[1])
    tell("importing a package of 5 MB", took, "s", floor=floor, goal=GOAL)


def measure(content: bytes, name: str) -> tuple[float, float]:
    """Seconds for all of an import, and for nothing but unpacking and judging, in the same moment."""
    began = time.perf_counter()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, tempfile.TemporaryDirectory() as folder:
        archive.extractall(folder)
    unpacked = time.perf_counter()
    os.sync()  # or storing the import would wait for what was unpacked to reach the disk
    started = time.perf_counter()
    files = opened(content)
    package = read_archive(files, folders_in(files)[0], f"{name}.zip")
    read = time.perf_counter()
    report = examine(package, lambda _sentence, _seconds: None)
    judged = time.perf_counter()
    problem = import_package(package, report, is_published=False)
    ended = time.perf_counter()
    delete_draft(problem.id)
    _refuse_unjudged(report.references)
    return ended - started, (unpacked - began) + (judged - read)


def made() -> bytes:
    """A package of our own with tests as many and as large as in a real one."""
    dice = random.Random(6)  # noqa: S311 (to be repeated)
    files = dict(GOOD)
    files |= {"submissions/accepted/right.py": SOLUTION, "problem_statement/dots.png": picture("JPEG")}
    for number in range(TESTS):
        size = LARGEST if number % 2 else 100 * number
        numbers = [dice.randrange(1000) for _ in range(size)]
        lines = "\n".join(map(str, [size, *numbers]))
        files[f"data/secret/{number:02}.in"] = f"{lines}\n".encode()
        files[f"data/secret/{number:02}.ans"] = f"{sum(numbers)}\n".encode()
    for path in [path for path in files if path.startswith(("data/sample/1.", "data/secret/9.", "data/secret/10."))]:
        del files[path]
    files |= {"data/sample/1.in": b"2\n1\n2\n", "data/sample/1.ans": b"3\n"}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"sum/{path}", content)
    return target.getvalue()


def _refuse_unjudged(references: list[JudgedReference]) -> None:
    if any(one.found is None for one in references):
        raise SystemExit(f"Nothing was judged: {references[0].note}")


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
