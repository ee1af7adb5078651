"""Tests as files: `1.in` with `1.ans`, and those in a folder `sample` are the samples."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from app.core.text import one_line

SAMPLE_FOLDERS = {"sample", "samples"}
UNNAMED_FOLDERS = {"secret", "data", *SAMPLE_FOLDERS}  # which say nothing of the single test
INPUT, ANSWERS, EXPLANATION = ".in", (".ans", ".out"), ".md"
LONGEST_NAME = 80
EMPTY = "an input may be empty only where the answer is not."


class PairsRefused(Exception):
    """The files are no tests; the message is a sentence that names the one at fault."""


@dataclass(frozen=True)
class Pair:
    """A test: an input, its answer, and words about it in Markdown; their HTML is made when it is stored."""

    name: str
    is_sample: bool
    input: bytes
    answer: bytes
    explanation: str = ""
    explanation_html: str = ""


@dataclass(frozen=True)
class UnreadPair:
    """A test that lies somewhere, to be read when it is needed."""

    name: str
    is_sample: bool
    input_bytes: int
    answer_bytes: int
    input: Callable[[], bytes]
    answer: Callable[[], bytes]
    explanation: Callable[[], str]

    def read(self) -> Pair:
        """All of it."""
        return Pair(self.name, self.is_sample, self.input(), self.answer(), self.explanation())


def pairs_of(files: Mapping[str, bytes]) -> tuple[Pair, ...]:
    """The tests in `files` (content by path), samples first, then by name; PairsRefused for the first fault."""
    inputs: dict[str, str] = {}
    answers: dict[str, str] = {}
    explanations: dict[str, str] = {}
    for path in sorted(files):
        ending = PurePosixPath(path).suffix
        stem = path.removesuffix(ending)
        kind = _kind(path, ending, inputs, answers, explanations)
        if stem in kind:
            raise PairsRefused(f"“{path}” and “{kind[stem]}” are answers to the same input.")
        kind[stem] = path
    _refuse_alone(inputs, answers, explanations)
    top = _common_folder(inputs)
    pairs = [
        _pair(stem, top, files[inputs[stem]], files[answers[stem]], files.get(explanations.get(stem, ""), b""))
        for stem in inputs
    ]
    _refuse_doubles(inputs.values(), pairs)
    return tuple(sorted(pairs, key=lambda pair: (not pair.is_sample, by_number(pair.name))))


def _kind(path: str, ending: str, *kinds: dict[str, str]) -> dict[str, str]:
    inputs, answers, explanations = kinds
    if ending == INPUT:
        return inputs
    if ending in ANSWERS:
        return answers
    if ending == EXPLANATION:
        return explanations
    raise PairsRefused(f"“{path}” is neither an input (.in), an answer (.ans or .out) nor an explanation (.md).")


def _refuse_alone(inputs: dict[str, str], answers: dict[str, str], explanations: dict[str, str]) -> None:
    if not inputs and not answers:
        raise PairsRefused("There is no test in it: tests are pairs of files such as 1.in and 1.ans.")
    for stem, path in inputs.items():
        if stem not in answers:
            raise PairsRefused(f"“{path}” has no answer: “{stem}.ans” is missing.")
    for stem, path in (answers | explanations).items():
        if stem not in inputs:
            raise PairsRefused(f"“{path}” has no input: “{stem}.in” is missing.")


def _common_folder(inputs: Mapping[str, str]) -> int:
    """How many folders all tests have in common, around everything: a ZIP often holds one folder with all in it."""
    folders = [PurePosixPath(path).parts[:-1] for path in inputs.values()]
    return len(list(takewhile(lambda level: len(set(level)) == 1, zip(*folders, strict=False))))


def _pair(stem: str, top: int, asked: bytes, answer: bytes, explanation: bytes) -> Pair:
    *folders, last = PurePosixPath(stem).parts
    name = one_line("/".join([*(folder for folder in folders[top:] if folder not in UNNAMED_FOLDERS), last]))
    if len(name) > LONGEST_NAME:
        raise PairsRefused(f"“{stem}.in” has too long a name: at most {LONGEST_NAME} characters.")
    try:
        words = explanation.decode()
    except UnicodeDecodeError as error:
        raise PairsRefused(f"“{stem}.md” is not written in UTF-8.") from error
    return Pair(name, not SAMPLE_FOLDERS.isdisjoint(folders), asked, answer, words)


def _refuse_doubles(paths: Iterable[str], pairs: Iterable[Pair]) -> None:
    found: dict[tuple[bool, str], str] = {}
    for path, pair in zip(paths, pairs, strict=True):
        first = found.setdefault((pair.is_sample, pair.name), path)
        if first != path:
            raise PairsRefused(
                f"“{first}” and “{path}” would both be the test “{pair.name}”: two tests need two names."
            )


def by_number(name: str) -> list[tuple[int, str]]:
    """So that 10 comes after 9: numbers count as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]{1,18})", name)]
