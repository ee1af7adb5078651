"""Problems written as packages: the legacy layout, so that other judges read it, with our own keys below `mlbattle`."""

import shlex
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.packages.cases import FOLDERS, file_name
from app.packages.reading import EDITORIAL, YAML
from app.packages.references import FOLDER
from app.problems.languages import LANGUAGES
from app.problems.models import OutputValidator, Problem, ProblemImage, ReferenceSolution, TestCase, Translation
from app.problems.pairs import by_number

STATEMENTS = "problem_statement/"
VALIDATOR = "output_validators/validator/"


def write_package(problem: Problem, target: IO[bytes]) -> None:
    """Write the problem's package as a ZIP; its tests are read one at a time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _files(problem):
            # A fixed moment, so that the same problem is the same file.
            archive.writestr(zipfile.ZipInfo(f"{problem.slug}/{path}"), content, zipfile.ZIP_DEFLATED)


def _files(problem: Problem) -> Iterator[tuple[str, bytes | str]]:
    names = _test_names(problem.id)
    yield YAML, yaml.safe_dump(_told(problem, names), sort_keys=False, allow_unicode=True)
    yield ".timelimit", f"{problem.time_limit_s!r}\n"
    yield f"{STATEMENTS}problem.{problem.language}.md", problem.statement_source + "\n"
    for one in _all(problem, Translation):
        yield f"{STATEMENTS}problem.{one.language}.md", one.statement_source + "\n"
    pictures = select(ProblemImage).where(ProblemImage.problem_id == problem.id).options(undefer(ProblemImage.original))
    for picture in db.session.scalars(pictures.order_by(ProblemImage.name)):
        yield f"{STATEMENTS}{picture.name}", picture.original
    if problem.editorial_source:
        yield EDITORIAL, problem.editorial_source + "\n"
    for code in problem.starter_codes:
        yield f"starter/{code.language}{PurePosixPath(LANGUAGES[code.language].file_name).suffix}", code.source
    for reference in _all(problem, ReferenceSolution):
        yield f"{FOLDER}{reference.name}", reference.source
    validator = _validator(problem)
    for name, text in validator.files.items() if validator else ():
        yield f"{VALIDATOR}{name}", text
    yield from _tests(problem)


def _tests(problem: Problem) -> Iterator[tuple[str, bytes | str]]:
    columns = (TestCase.name, TestCase.is_sample, TestCase.input, TestCase.answer, TestCase.explanation_source)
    for test_id in db.session.scalars(select(TestCase.id).where(TestCase.problem_id == problem.id)).all():
        test = db.session.execute(select(*columns).where(TestCase.id == test_id)).one()
        stem = FOLDERS[0 if test.is_sample else 1] + file_name(test.name)
        yield f"{stem}.in", test.input
        yield f"{stem}.ans", test.answer
        if test.explanation_source:
            yield f"{stem}.md", test.explanation_source + "\n"


def _told(problem: Problem, names: dict[str, list[str]]) -> dict[str, Any]:
    titles = {problem.language: problem.title} | {one.language: one.title for one in problem.translations}
    validator = _validator(problem)
    words = shlex.split(validator.flags) if validator else list(_flags(problem))
    ours = {
        "difficulty": problem.difficulty,
        "category": problem.category,
        "points": problem.points,
        "hints": list(problem.hints_source),
        "constraints": problem.constraints_source,
        "comparison": problem.comparison,
        "languages": {
            limit.language: {"time_factor": limit.time_factor}
            | ({"memory": limit.memory_mb} if limit.memory_mb else {})
            for limit in problem.language_limits
        },
        "samples_only": "" if names["secret"] else True,
        "order": {kind: order for kind, order in names.items() if order != sorted(order, key=by_number)},
    }
    told = {
        "problem_format_version": "legacy",
        "name": titles if len(titles) > 1 else problem.title,
        "author": problem.author,
        "source": problem.source,
        "license": problem.license,
        "keywords": [tag.tag for tag in problem.tags],
        "limits": {"time_limit": problem.time_limit_s, "memory": problem.memory_limit_mb},
        "validation": "custom" if validator else "default",
        "validator_flags": words if any(len(word.split()) != 1 for word in words) else " ".join(words),
        "mlbattle": {key: value for key, value in ours.items() if value not in ("", [], {})},
    }
    return {key: value for key, value in told.items() if value not in ("", [])}


def _flags(problem: Problem) -> Iterator[str]:
    if problem.is_case_sensitive:
        yield "case_sensitive"
    if problem.comparison in ("lines", "exact"):
        yield "space_change_sensitive"
    if problem.comparison == "floats":
        for kind, number in (("absolute", problem.absolute_tolerance), ("relative", problem.relative_tolerance)):
            if number is not None:
                yield from (f"float_{kind}_tolerance", repr(number))


def _validator(problem: Problem) -> OutputValidator | None:
    return problem.validator if problem.comparison == "validator" else None


def _all(problem: Problem, kind: type[Any]) -> list[Any]:
    return list(db.session.scalars(select(kind).where(kind.problem_id == problem.id).order_by(kind.id)))


def _test_names(problem_id: int) -> dict[str, list[str]]:
    query = select(TestCase.is_sample, TestCase.name).where(TestCase.problem_id == problem_id)
    names: dict[str, list[str]] = {"sample": [], "secret": []}
    for is_sample, name in db.session.execute(query.order_by(TestCase.position, TestCase.id)):
        names["sample" if is_sample else "secret"].append(name)
    return names
