"""The tests of a package: found by their names, read one at a time."""

from functools import partial
from pathlib import PurePosixPath
from typing import Any

from app.core.archives import ArchiveRefused, Files
from app.core.text import one_line
from app.packages.sheets import PackageRefused, Sheet, refused, text_of
from app.problems.case_service import (
    LONGEST_EXPLANATION,
    MOST_SAMPLE_BYTES,
    MOST_SAMPLES,
    MOST_TESTS,
)
from app.problems.pairs import EMPTY, LONGEST_NAME, UnreadPair, by_number

FOLDERS = ("data/sample/", "data/secret/")
UNKNOWN_ENDINGS = {".args": "arguments for the program", ".interaction": "an interaction", ".files": "files of its own"}


def cases(files: Files, ours: Sheet, contradictions: list[str], doubts: list[str]) -> tuple[UnreadPair, ...]:
    """The tests, samples first; a test without an answer is left out and told of as a contradiction.

    `ours`, our own keys, may name tests by kind ("sample", "secret") in an order that is not that of their names, and
    say that there are samples only, which is a mistake elsewhere.
    """
    order: dict[str, Any] = ours.value("order", dict, {})
    there = set(files.paths())
    found = []
    for folder in FOLDERS:
        named = order.get(folder.split("/")[1])
        paths = [path for path in files.paths() if path.startswith(folder)]
        _refuse_unknown(paths)
        inputs = [path for path in paths if path.endswith(".in")]
        alone = [path for path in paths if path.endswith(".ans") and path[:-4] + ".in" not in there]
        contradictions += [f"{path} is an answer without an input: {path[:-4]}.in is missing." for path in alone]
        here = []
        for path in inputs:
            if path[:-3] + ".ans" in there:
                here.append(_case(files, folder, path, there, doubts))
            else:
                contradictions.append(f"{path} has no answer, so it is left out: {path[:-3]}.ans is missing.")
        found += sorted(here, key=lambda case: _place(case.name, named))
    found.sort(key=lambda case: not case.is_sample)
    _refuse_twins(found)
    if len(found) > MOST_TESTS:
        raise refused("data", f"there are {len(found):,} tests; at most {MOST_TESTS} are taken.")
    if sum(case.is_sample for case in found) > MOST_SAMPLES:
        raise refused("data/sample", f"there are more than {MOST_SAMPLES} samples, which stand on the page.")
    if not found:
        raise refused("data/secret", "there is no test: tests are pairs of files such as 1.in and 1.ans.")
    if all(case.is_sample for case in found) and ours.value("samples_only", str, "") != "true":
        raise refused("data/secret", "there is no hidden test: put pairs of files such as 1.in and 1.ans there.")
    return tuple(found)


def _refuse_twins(tests: list[UnreadPair]) -> None:
    seen: set[tuple[bool, str]] = set()
    for test in tests:
        if (test.is_sample, test.name) in seen:
            raise refused(FOLDERS[not test.is_sample], f"two tests have the name “{test.name}”.")
        seen.add((test.is_sample, test.name))


def file_name(name: str) -> str:
    """The name of a test as the names of its files, without their endings; `test_name` undoes it."""
    quoted = "".join(f"%{ord(mark):04x}" if mark in '%/\\:*?"<>|' else mark for mark in name)
    return f"%{ord('.'):04x}{quoted[1:]}" if quoted.startswith(".") else quoted


def test_name(written: str) -> str:
    """The name of a test by the names of its files."""
    first, *parts = written.split("%")
    try:
        return first + "".join(chr(int(part[:4], 16)) + part[4:] for part in parts)
    except ValueError:
        return written


test_name.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test


def _case(files: Files, folder: str, path: str, there: set[str], doubts: list[str]) -> UnreadPair:
    stem = path[:-3]
    answer, explanation = f"{stem}.ans", f"{stem}.md"
    name, is_sample = one_line(test_name(stem.removeprefix(folder))), folder == FOLDERS[0]
    sizes = files.size(path), files.size(answer)
    if not any(sizes):
        raise refused(path, EMPTY)
    if is_sample and max(sizes) > MOST_SAMPLE_BYTES:
        doubts.append(f"{path} is too large to stand on a page, so it is a hidden test.")
        name, is_sample = f"sample/{name}", False
    if not name or len(name) > LONGEST_NAME:
        raise refused(path, f"the name of a test has a visible character and at most {LONGEST_NAME} characters.")
    words = _words(files, explanation) if explanation in there else ""
    return UnreadPair(
        name, is_sample, *sizes, partial(_read, files, path), partial(_read, files, answer), lambda: words
    )


def _read(files: Files, path: str) -> bytes:
    """A file, long after all others were read; PackageRefused where it is damaged."""
    try:
        return files.read(path)
    except ArchiveRefused as refusal:
        raise PackageRefused(str(refusal)) from refusal


def _words(files: Files, path: str) -> str:
    if files.size(path) <= 4 * LONGEST_EXPLANATION:
        words = text_of(path, files.read(path)).strip()
        if len(words) <= LONGEST_EXPLANATION:
            return words
    raise refused(path, f"an explanation has at most {LONGEST_EXPLANATION:,} characters.")


def _refuse_unknown(paths: list[str]) -> None:
    for path in paths:
        what = next((words for ending, words in UNKNOWN_ENDINGS.items() if PurePosixPath(path).suffix == ending), None)
        if what is not None:
            raise refused(path, f"a test with {what} is not taken.")


def _place(name: str, named: Any) -> tuple[int, list[tuple[int, str]]]:
    known = named if isinstance(named, list) else []
    return known.index(name) if name in known else len(known), by_number(name)
