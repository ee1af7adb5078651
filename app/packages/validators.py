"""How a package wants outputs to be compared: by flags, or by a program of its own."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from app.core.archives import Files
from app.packages.sheets import Sheet, refused, text_of
from app.submissions.judges.validators import SOURCES, ValidatorSource

TOLERANCES = {
    "float_tolerance": ("absolute_tolerance", "relative_tolerance"),
    "float_absolute_tolerance": ("absolute_tolerance",),
    "float_relative_tolerance": ("relative_tolerance",),
}
FOLDERS = ("output_validators/", "output_validator/")
HEADERS = {".h", ".hh", ".hpp", ".hxx"}
BESIDE = {"", ".md", ".txt", ".yaml", ".yml"}
LARGEST_BYTES = 512 * 1024  # of testlib.h, some 200 kB
GROUP_FILES = ("testdata.yaml", "test_group.yaml")
GROUP_KEYS = ("output_validator_flags", "output_validator_args")


@dataclass(frozen=True)
class Flags:
    """The words for the validator, and where they stand."""

    words: tuple[str, ...]
    sheet: Sheet
    key: str


def flags_of(files: Files, sheet: Sheet, contradictions: list[str]) -> Flags:
    """The flags of the package: those of problem.yaml, and those for all tests or all hidden ones."""
    found = Flags(tuple(sheet.words("validator_flags")), sheet, "validator_flags")
    paths = [path for path in files.paths() if path.startswith("data/") and PurePosixPath(path).name in GROUP_FILES]
    for path in sorted(paths, key=lambda path: (not _is_for_all(path), path)):
        group = Sheet.parsed(path, files.read(path)) if files.read(path).strip() else None
        for key in GROUP_KEYS if group else ():
            assert group is not None  # noqa: S101 (for mypy)
            words = tuple(group.words(key))
            if not words or words == found.words:
                continue
            if _is_for_all(path) and not found.words:
                found = Flags(words, group, key)
            else:
                contradictions.append(f"{path}, line {group.line(key)}: flags for some tests only are not followed.")
    return found


def _is_for_all(path: str) -> bool:
    return PurePosixPath(path).parent.as_posix() in ("data", "data/secret")


def comparison(flags: Flags, doubts: list[str]) -> dict[str, Any]:
    """The fields of a problem that the default validator's flags stand for."""
    words = iter(flags.words)
    told: dict[str, Any] = {"comparison": "tokens", "is_case_sensitive": False}
    keeps_space = False
    for word in words:
        if word == "case_sensitive":
            told["is_case_sensitive"] = True
        elif word == "space_change_sensitive":
            keeps_space = True
        elif word in TOLERANCES:
            number = _tolerance(flags, word, next(words, ""))
            told |= {"comparison": "floats"} | dict.fromkeys(TOLERANCES[word], number)
        else:
            raise flags.sheet.refused(flags.key, f"{flags.key} has “{word}”, which is not known.")
    if keeps_space and told["comparison"] == "floats":
        doubts.append("Numbers are compared word by word, so changes of white space are forgiven.")
    elif keeps_space:
        told["comparison"] = "exact"
    return told


def custom_validator(files: Files, flags: Sequence[str], sheet: Sheet) -> ValidatorSource:
    """The package's own validator; PackageRefused where there is none that could be run."""
    paths = [path for path in files.paths() if path.startswith(FOLDERS) and not _is_beside(path)]
    if not paths:
        raise sheet.refused("validation", "an output validator of its own is named, but none is in output_validators/.")
    _refuse_several(paths)
    languages = {SOURCES[suffix] for path in paths if (suffix := PurePosixPath(path).suffix) in SOURCES}
    for path in paths:
        if PurePosixPath(path).suffix not in HEADERS | SOURCES.keys():
            raise refused(path, "an output validator is taken in C++, Python or Java, without scripts of its own.")
        if files.size(path) > LARGEST_BYTES:
            raise refused(path, f"it is larger than {LARGEST_BYTES // 1024} kB, which no validator needs.")
    if len(languages) != 1:
        raise refused(paths[0], "an output validator is a program in one language.")
    sources = {PurePosixPath(path).name: text_of(path, files.read(path)) for path in paths}
    if len(sources) != len(paths):
        raise refused(paths[0], "two files of the output validator have one name.")
    return ValidatorSource(languages.pop(), sources, shlex.join(flags))


def _refuse_several(paths: list[str]) -> None:
    # In the older format each folder or file is a validator, and an output has to please all of them.
    if not paths[0].startswith(FOLDERS[0]):
        return
    programs = {PurePosixPath(path).parts[1] for path in paths if PurePosixPath(path).suffix not in HEADERS}
    if len(programs) > 1:
        raise refused(sorted(paths)[0], f"there are {len(programs)} output validators; one is taken.")


def _is_beside(path: str) -> bool:
    at = PurePosixPath(path)
    return at.suffix in BESIDE and at.name not in ("build", "run")


def _tolerance(flags: Flags, word: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise flags.sheet.refused(flags.key, f"{flags.key} has no number after {word}.") from error
    if not 0 <= number < 1:
        raise flags.sheet.refused(flags.key, f"{word} is {text}: at least 0 and below 1, such as 1e-6.")
    return number
