"""What importing a package again would change, in words."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.packages.reading import Package
from app.problems.models import OutputValidator, Problem, ProblemImage, ReferenceSolution, TestCase, Translation
from app.problems.service import ProblemDetails, cleaned, details_of

Change = tuple[str, str, str]
LONGEST_SHOWN = 120
KEPT = ("difficulty", "category", "points", "hints", "constraints", "limits")  # where a package does not ask for them
NAMES = {
    "time_limit_s": "time limit in seconds",
    "memory_limit_mb": "memory in MB",
    "is_case_sensitive": "capital and small letters differ",
    "tags": "tags",
}


def merged(problem: Problem, package: Package, time_limit_s: float) -> ProblemDetails:
    """What the problem is to say: the package's words, and the club's own where the package has none."""
    now, told = details_of(problem), replace(package.details, time_limit_s=time_limit_s)
    if package.is_ours:
        return told
    kept = {name: getattr(now, name) for name in KEPT}
    also = {name: getattr(told, name) or getattr(now, name) for name in ("starters", "tags", "editorial")}
    return replace(told, **kept, **also)


def changes(problem: Problem, package: Package, time_limit_s: float) -> list[Change]:
    """What is different, as (what, before, after)."""
    told = cleaned(merged(problem, package, time_limit_s), has_validator=package.validator is not None)
    before, after = asdict(details_of(problem)), asdict(told)
    found = [
        (NAMES.get(name, name.replace("_", " ")), *_shown(before[name], after[name]))
        for name in before
        if before[name] != after[name]
    ]
    for what, (old, new) in _parts(problem, package).items():
        found += _in_words(what, old, new)
    return found


def tests_differ(problem: Problem, package: Package) -> bool:
    """Whether the tests are others, or in another order."""
    old, new = _stored_tests(problem.id), _package_tests(package)
    return list(old.items()) != list(new.items())


def _parts(problem: Problem, package: Package) -> dict[str, tuple[Mapping[str, str], Mapping[str, str]]]:
    pictures = select(ProblemImage).where(ProblemImage.problem_id == problem.id).options(undefer(ProblemImage.original))
    languages = select(Translation).where(Translation.problem_id == problem.id)
    references = select(ReferenceSolution).where(ReferenceSolution.problem_id == problem.id)
    validator = db.session.get(OutputValidator, problem.id)
    return {
        "tests": (_stored_tests(problem.id), _package_tests(package)),
        "pictures": (
            {one.name: _digest(one.original) for one in db.session.scalars(pictures)},
            {one.name: _digest(one.original) for one in package.pictures},
        ),
        "languages": (
            {one.language: one.title + one.statement_source for one in db.session.scalars(languages)},
            {one.language: one.title + one.source for one in package.translations},
        ),
        "reference solutions": (
            {one.name: one.source for one in db.session.scalars(references)},
            {one.name: one.source for one in package.references},
        ),
        "output validator": (
            {**validator.files, "flags": validator.flags} if validator else {},
            {**package.validator.files, "flags": package.validator.flags} if package.validator else {},
        ),
    }


def _in_words(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    sets = {
        "added": [name for name in new if name not in old],
        "changed": [name for name in new if name in old and old[name] != new[name]],
        "gone": [name for name in old if name not in new],
    }
    if not any(sets.values()):
        return [(what, "", "in another order")] if list(old) != list(new) and what == "tests" else []
    told = [
        f"{len(names)} {how} ({', '.join(names[:3])}{', …' if names[3:] else ''})"
        for how, names in sets.items()
        if names
    ]
    return [(what, str(len(old)), "; ".join(told))]


def _stored_tests(problem_id: int) -> dict[str, str]:
    found = {}
    query = select(TestCase.id).where(TestCase.problem_id == problem_id).order_by(TestCase.position, TestCase.id)
    for test_id in db.session.scalars(query).all():
        columns = (TestCase.is_sample, TestCase.name, TestCase.input, TestCase.answer, TestCase.explanation_source)
        row = db.session.execute(select(*columns).where(TestCase.id == test_id)).one()  # one at a time: they are large
        found[_test_name(row.is_sample, row.name)] = _digest(row.input, row.answer, row.explanation_source.encode())
    return found


def _package_tests(package: Package) -> dict[str, str]:
    return {
        _test_name(test.is_sample, test.name): _digest(test.input(), test.answer(), test.explanation().strip().encode())
        for test in package.tests
    }


def _test_name(is_sample: bool, name: str) -> str:
    return f"sample {name}" if is_sample else name


def _digest(*contents: bytes) -> str:
    total = hashlib.sha256()
    for content in contents:
        total.update(b"%d " % len(content))
        total.update(content)
    return total.hexdigest()


def _shown(before: object, after: object) -> tuple[str, str]:
    texts = str(before), str(after)
    if max(map(len, texts)) <= LONGEST_SHOWN:
        return texts
    return f"{len(texts[0]):,} characters", f"{len(texts[1]):,} characters, not the same"
