"""What importing a package again would change: in words, and of texts by their lines."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.packages.reading import Package
from app.problems.languages import language_name, tongue
from app.problems.models import OutputValidator, Problem, ProblemImage, ReferenceSolution, TestCase, Translation
from app.problems.service import LimitDetails, ProblemDetails, cleaned, details_of
from app.submissions import differences
from app.submissions.differences import Change

Row = tuple[str, str, str]
MOST_NAMES = 20
MOST_LINES, MOST_LINES_IN_ALL, LONGEST_LINE = 200, 2_000, 1_000
TEXTS = ("statement", "constraints", "hints", "editorial", "starters")
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


@dataclass(frozen=True)
class TextChange:
    """What becomes of a text, line by line, but for the last `left_out` lines; None where it is too long for that."""

    what: str
    stretches: list[list[Change]] | None
    left_out: int

    def lines(self) -> list[str]:
        """The same for a terminal."""
        if self.stretches is None:
            return ["It is too long to be compared line by line."]
        told = []
        for stretch in self.stretches:
            told.append(f"@@ -{_first(stretch, 'old_number')} +{_first(stretch, 'new_number')} @@")
            told += [change.sign + change.text for change in stretch]
        return [*told, f"({self.left_out} more lines are not shown.)"] if self.left_out else told


def changes(problem: Problem, package: Package, time_limit_s: float) -> tuple[list[Row], list[TextChange]]:
    """What is different, as (what, before, after), and the lines of the texts among that."""
    now = details_of(problem)
    told = cleaned(merged(problem, package, time_limit_s), has_validator=package.validator is not None)
    rows = [
        (NAMES.get(name, name.replace("_", " ")), _shown(before), _shown(after))
        for name in (field.name for field in fields(now) if field.name not in TEXTS)
        if (before := getattr(now, name)) != (after := getattr(told, name))
    ]
    for what, (old, new) in _parts(problem, package).items():
        rows += _in_words(what, old, new)
    return _with_texts(rows, _texts(now) | _stored_texts(problem), _texts(told) | _package_texts(package))


def tests_differ(problem: Problem, package: Package) -> bool:
    """Whether the tests are others, or in another order."""
    old, new = _stored_tests(problem.id), _package_tests(package)
    return list(old.items()) != list(new.items())


def _parts(problem: Problem, package: Package) -> dict[str, tuple[Mapping[str, str], Mapping[str, str]]]:
    pictures = select(ProblemImage).where(ProblemImage.problem_id == problem.id).options(undefer(ProblemImage.original))
    return {
        "tests": (_stored_tests(problem.id), _package_tests(package)),
        "pictures": (
            {one.name: _digest(one.original) for one in db.session.scalars(pictures)},
            {one.name: _digest(one.original) for one in package.pictures},
        ),
    }


def _texts(details: ProblemDetails) -> dict[str, str]:
    texts = {name: getattr(details, name) for name in TEXTS if name not in ("hints", "starters")}
    starters = {f"starter code in {language_name(key)}": code for key, code in details.starters.items()}
    return texts | {"hints": "\n\n".join(details.hints)} | starters


def _stored_texts(problem: Problem) -> dict[str, str]:
    translations = select(Translation).where(Translation.problem_id == problem.id)
    references = select(ReferenceSolution).where(ReferenceSolution.problem_id == problem.id)
    validator = db.session.get(OutputValidator, problem.id)
    return (
        {_told(one.language): f"{one.title}\n\n{one.statement_source}" for one in db.session.scalars(translations)}
        | {f"solution {one.name}": one.source for one in db.session.scalars(references)}
        | (_validator_texts(validator.files, validator.flags) if validator else {})
    )


def _package_texts(package: Package) -> dict[str, str]:
    validator = package.validator
    return (
        {_told(one.language): f"{one.title}\n\n{one.source}" for one in package.translations}
        | {f"solution {one.name}": one.source for one in package.references}
        | (_validator_texts(validator.files, validator.flags) if validator else {})
    )


def _told(language: str) -> str:
    return f"statement in {tongue(language)}"


def _validator_texts(files: Mapping[str, str], flags: str) -> dict[str, str]:
    return {f"output validator {name}": source for name, source in files.items()} | {"output validator’s flags": flags}


def _with_texts(rows: list[Row], old: Mapping[str, str], new: Mapping[str, str]) -> tuple[list[Row], list[TextChange]]:
    found, room = [], MOST_LINES_IN_ALL
    for what in {**old, **new}:
        before, after = old.get(what, ""), new.get(what, "")
        if before != after:
            change = _text_change(what, before, after, min(room, MOST_LINES))
            room -= sum(map(len, change.stretches or ()))
            rows.append((what, _counted(before), _counted(after)))
            found.append(change)
    return rows, found


def _text_change(what: str, before: str, after: str, most: int) -> TextChange:
    stretches = differences.changes(before, after)
    if stretches is None:
        return TextChange(what, None, 0)
    kept, left_out = [], 0
    for stretch in stretches:
        shown = stretch[:most]
        most, left_out = most - len(shown), left_out + len(stretch) - len(shown)
        kept.append([replace(change, text=_cut(change.text)) for change in shown])
    return TextChange(what, [stretch for stretch in kept if stretch], left_out)


def _cut(line: str) -> str:
    beyond = len(line) - LONGEST_LINE
    return line if beyond <= 0 else f"{line[:LONGEST_LINE]}… ({beyond:,} characters more)"


def _counted(text: str) -> str:
    count = len(text.splitlines())
    return f"{count:,} {'line' if count == 1 else 'lines'}" if text else ""


def _first(stretch: list[Change], side: str) -> int:
    return next((number for change in stretch if (number := getattr(change, side))), 0)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{language_name(key)}: {_limit(limit)}" for key, limit in value.items())
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)


def _limit(limit: LimitDetails) -> str:
    time = "its usual time" if limit.time_factor is None else f"{limit.time_factor:g} × the time"
    return time if limit.memory_mb is None else f"{time}, {limit.memory_mb} MB"


def _in_words(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[Row]:
    sets = {
        "added": [name for name in new if name not in old],
        "changed": [name for name in new if name in old and old[name] != new[name]],
        "gone": [name for name in old if name not in new],
    }
    if not any(sets.values()):
        return [(what, "", "in another order")] if list(old) != list(new) and what == "tests" else []
    told = [
        f"{len(names)} {how} ({', '.join(names[:MOST_NAMES])}{_more(names)})" for how, names in sets.items() if names
    ]
    return [(what, str(len(old)), "; ".join(told))]


def _more(names: list[str]) -> str:
    beyond = len(names) - MOST_NAMES
    return f" and {beyond} more" if beyond > 0 else ""


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
