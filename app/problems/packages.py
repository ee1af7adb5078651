"""Problem packages in the layout of Kattis and ICPC (legacy), read into what the forms would have said.

Keys of our own stand in `problem.yaml` below `mlbattle`; starter code lies in `starter/<language>.*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from app.core.db import transaction
from app.problems.case_service import put_tests
from app.problems.languages import LANGUAGES
from app.problems.models import Problem
from app.problems.pairs import Pair, PairsRefused, pairs_of
from app.problems.service import ProblemDetails, create_problem, publish_problem

STATEMENT = "problem_statement/problem.en.md"
EDITORIAL = "solution/solution.en.md"
FOLDERS = ("data", "problem_statement", "solution", "starter")
TOLERANCES = {
    "float_tolerance": ("absolute_tolerance", "relative_tolerance"),
    "float_absolute_tolerance": ("absolute_tolerance",),
    "float_relative_tolerance": ("relative_tolerance",),
}


class PackageRefused(Exception):
    """The package cannot be read; the message is a sentence that names the file at fault."""


@dataclass(frozen=True)
class Package:
    """A problem as its package tells it."""

    details: ProblemDetails
    tests: tuple[Pair, ...]


def load_package(folder: Path, *, is_published: bool) -> Problem:
    """Store the problem in `folder`, all of it or nothing; PackageRefused and ProblemRefused say what will not do."""
    package = read_package(folder.name, files_of(folder))
    with transaction():
        problem = create_problem(package.details)
        put_tests(problem.id, package.tests)
        if is_published:
            publish_problem(problem.id)
    return problem


def files_of(folder: Path) -> dict[str, bytes]:
    """What is read of a package that lies in a folder, by path inside it; links may not lead out of it."""
    inside = folder.resolve()
    files = {}
    for path in sorted([folder / "problem.yaml", *(path for name in FOLDERS for path in (folder / name).rglob("*"))]):
        if path.is_file():
            if not path.resolve().is_relative_to(inside):
                raise PackageRefused(f"{path.relative_to(folder)} leads out of the package.")
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def read_package(slug: str, files: Mapping[str, bytes]) -> Package:
    """The problem whose package holds `files` (content by path); PackageRefused where they do not make one."""
    told = _yaml(files)
    tests = {path: content for path, content in files.items() if path.startswith("data/") and _is_test(path)}
    try:
        pairs = pairs_of(tests)
    except PairsRefused as refusal:
        raise PackageRefused(str(refusal)) from refusal
    if all(pair.is_sample for pair in pairs):
        raise PackageRefused("data/secret holds no test: those of the starter set are made by `make problems/.built`.")
    return Package(_details(slug, told, files), pairs)


def _yaml(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        told = yaml.safe_load(files["problem.yaml"])
    except KeyError as error:
        raise PackageRefused("problem.yaml is missing.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PackageRefused(f"problem.yaml cannot be read: {error}") from error
    if not isinstance(told, dict):
        raise PackageRefused("problem.yaml holds no keys.")
    return told


def _is_test(path: str) -> bool:
    return PurePosixPath(path).suffix in (".in", ".ans", ".md")


def _details(slug: str, told: dict[str, Any], files: Mapping[str, bytes]) -> ProblemDetails:
    ours, limits = _map(told, "mlbattle"), _map(told, "limits")
    return ProblemDetails(
        title=_value(told, "name", str, ""),
        slug=slug,
        statement=_text(files, STATEMENT),
        constraints=_value(ours, "constraints", str, ""),
        editorial=_text(files, EDITORIAL) if EDITORIAL in files else "",
        hints=tuple(str(hint) for hint in _value(ours, "hints", list, [])),
        difficulty=_value(ours, "difficulty", str, "medium"),
        category=_value(ours, "category", str, ""),
        author=_value(told, "author", str, ""),
        points=_value(ours, "points", int, 10),
        tags=tuple(_value(told, "keywords", str, "").split(",")),
        time_limit_s=float(_value(limits, "time_limit", (int, float), 1.0)),
        memory_limit_mb=_value(limits, "memory", int, 256),
        starters=_starters(files),
        **_comparison(_value(told, "validator_flags", str, "")),
    )


def _map(told: dict[str, Any], key: str) -> dict[str, Any]:
    return _value(told, key, dict, {})


def _value(told: dict[str, Any], key: str, kind: Any, usual: Any) -> Any:
    value = told.get(key)
    if value is None:
        return usual
    if not isinstance(value, kind) or isinstance(value, bool):
        raise PackageRefused(f"problem.yaml: {key} is {value!r}, which makes no sense there.")
    return value


def _text(files: Mapping[str, bytes], path: str) -> str:
    try:
        return files[path].decode()
    except KeyError as error:
        raise PackageRefused(f"{path} is missing.") from error
    except UnicodeDecodeError as error:
        raise PackageRefused(f"{path} is not written in UTF-8.") from error


def _starters(files: Mapping[str, bytes]) -> dict[str, str]:
    paths = {PurePosixPath(path).stem: path for path in files if path.startswith("starter/")}
    return {key: _text(files, paths[key]) for key in LANGUAGES if key in paths}


def _comparison(flags: str) -> dict[str, Any]:
    words = iter(flags.split())
    tolerances: dict[str, float] = {}
    for word in words:
        if word not in TOLERANCES:
            raise PackageRefused(f"problem.yaml: validator_flags has “{word}”, which is not known.")
        try:
            tolerances |= dict.fromkeys(TOLERANCES[word], float(next(words, "")))
        except ValueError as error:
            raise PackageRefused(f"problem.yaml: validator_flags has no number after {word}.") from error
    return {"comparison": "floats", **tolerances} if tolerances else {}
