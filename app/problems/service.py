"""What organisers do with problems; their tests have verbs of their own (case_service.py)."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.core import audit, clock
from app.core.db import transaction
from app.core.markup import to_html
from app.core.refusal import Refused
from app.core.text import is_visible, many_lines, one_line, program_text, slug_fault, slug_of
from app.extensions import db
from app.problems.languages import LANGUAGES
from app.problems.models import (
    COMPARISONS,
    DIFFICULTIES,
    LanguageLimit,
    OutputValidator,
    Problem,
    ProblemImage,
    ProblemTag,
    ReferenceSolution,
    StarterCode,
    TestCase,
    TestUpload,
    Translation,
)
from app.problems.parts import outdate_references

LONGEST = {
    "title": 120,
    "category": 60,
    "author": 120,
    "source": 200,
    "license": 120,
    "language": 20,
    "statement": 50_000,
    "constraints": 5_000,
    "hint": 2_000,
    "editorial": 50_000,
}
LONGEST_TAG = 40
LONGEST_STARTER = 20_000
MOST_TAGS = 10
MOST_HINTS = 8
MOST_POINTS = 1_000
SECONDS = (0.1, 60.0)
MEGABYTES = (16, 2048)
FACTORS = (0.1, 20.0)
MOST_SECONDS_A_TEST = 180.0  # what the longest limit is in Python, by its usual factor
UNCHANGED = ("difficulty", "points", "time_limit_s", "memory_limit_mb", "comparison", "is_case_sensitive")
WORDS = ("category", "author", "source", "license")
JUDGED_BY = (
    "time_limit_s",
    "memory_limit_mb",
    "comparison",
    "is_case_sensitive",
    "absolute_tolerance",
    "relative_tolerance",
    "limits",
)
SAME = ("title", "slug", "language", "absolute_tolerance", "relative_tolerance", *WORDS, *UNCHANGED)  # as columns
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
PARTS = (
    *(ProblemTag, StarterCode, LanguageLimit, Translation, ProblemImage, OutputValidator, ReferenceSolution),
    *(TestCase, TestUpload),
)
EDIT = "edit problem"
TAKEN = "Another problem has this address; choose a different one."


class ProblemRefused(Refused):
    """What cannot be done with a problem; the message is a sentence."""


class ProblemOutdated(ProblemRefused):
    """A save over what somebody else has saved since its form was shown.

    `by` and `at` say who last did one of the `acts` and when; `differing` names the details that are not as stored.
    """

    def __init__(self, problem: Problem, acts: Collection[str], differing: Collection[str] = ()) -> None:
        super().__init__("", "Somebody has changed this since the form was shown.")
        done = (record for record in audit.latest_acts(subject=f"problem:{problem.slug}") if record.act in acts)
        last = next(done, None)
        self.by, self.at = (last.actor_name, last.at) if last else ("Somebody", problem.updated_at)
        self.differing = differing


@dataclass(frozen=True)
class LimitDetails:
    """What a language is given instead of the usual; None: the usual."""

    time_factor: float | None = None
    memory_mb: int | None = None


@dataclass(frozen=True)
class ProblemDetails:
    """All that an organiser says about a problem but its tests; an empty `slug` is made from the title."""

    title: str
    slug: str = ""
    statement: str = ""
    constraints: str = ""
    hints: tuple[str, ...] = ()
    editorial: str = ""
    difficulty: str = "easy"
    category: str = ""
    author: str = ""
    source: str = ""
    license: str = ""
    language: str = "en"
    points: int = 10
    tags: tuple[str, ...] = ()
    time_limit_s: float = 1.0
    memory_limit_mb: int = 256
    comparison: str = "lines"
    is_case_sensitive: bool = True
    absolute_tolerance: float | None = None
    relative_tolerance: float | None = None
    starters: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, LimitDetails] = field(default_factory=dict)


def create_problem(details: ProblemDetails, *, pictures: Collection[str] = (), has_validator: bool = False) -> Problem:
    """Store a new problem as a draft; ProblemRefused where something about it will not do.

    `pictures` and the validator are what its caller stores beside it.
    """
    checked = cleaned(details, has_validator=has_validator)
    columns = _columns(checked, pictures)
    now = clock.now()
    problem = Problem(created_at=now, updated_at=now, **columns)
    _save(problem, checked, "create problem", None)
    return problem


def edit_problem(problem_id: int, details: ProblemDetails, *, seen: str | None = None) -> Problem:
    """Store what has changed about a problem; ProblemRefused where something will not do.

    ProblemOutdated where its `version_of` is not the one that was `seen`; None: whatever it is.
    """
    has_validator = db.session.get(OutputValidator, problem_id) is not None
    checked = cleaned(details, has_validator=has_validator)
    pictures = db.session.scalars(select(ProblemImage.name).where(ProblemImage.problem_id == problem_id)).all()
    columns = _columns(checked, pictures)
    with transaction():
        problem = lock_problem(problem_id)
        if problem.published_at is not None and not checked.statement:
            raise ProblemRefused("statement", "A problem that was published keeps a statement.")
        if seen not in (None, version_of(problem)):
            raise ProblemOutdated(problem, [EDIT], _differing(checked, details_of(problem)))
        before, rules = _told(problem), _rules(problem)
        for name, value in columns.items():
            setattr(problem, name, value)
        problem.updated_at = clock.now()
        _save(problem, checked, EDIT, before)
        if _rules(problem) != rules:
            outdate_references(problem_id)
    return problem


def publish_problem(problem_id: int) -> None:
    """Show the problem to everybody, for the first time or again; it needs a statement and a test."""
    with transaction():
        problem = lock_problem(problem_id)
        if not problem.statement_source:
            raise ProblemRefused("", "It has no statement yet: write one first.")
        if db.session.scalar(select(TestCase.id).where(TestCase.problem_id == problem_id).limit(1)) is None:
            raise ProblemRefused("", "It has no test yet: add one first.")
        problem.published_at = problem.published_at or clock.now()
        problem.retired_at = None
        audit.record("publish problem", f"problem:{problem.slug}")


def retire_problem(problem_id: int) -> None:
    """Take no more solutions; what was done stays, and the page can still be read."""
    with transaction():
        problem = lock_problem(problem_id)
        if problem.status != "published":
            raise ProblemRefused("", "Only a published problem can be retired.")
        problem.retired_at = clock.now()
        audit.record("retire problem", f"problem:{problem.slug}")


def delete_draft(problem_id: int) -> None:
    """Let a problem go that was never published."""
    with transaction():
        problem = lock_problem(problem_id)
        if problem.published_at is not None:
            raise ProblemRefused("", "It was published: retire it, so that what members did stays.")
        audit.record("delete problem", f"problem:{problem.slug}", before=_told(problem))
        for table in PARTS:
            db.session.execute(delete(table).where(table.problem_id == problem_id))
        db.session.execute(delete(Problem).where(Problem.id == problem_id))


def details_of(problem: Problem) -> ProblemDetails:
    """What is stored, as it was said."""
    return ProblemDetails(
        **{name: getattr(problem, name) for name in SAME},
        statement=problem.statement_source,
        constraints=problem.constraints_source,
        hints=tuple(problem.hints_source),
        editorial=problem.editorial_source,
        tags=tuple(tag.tag for tag in problem.tags),
        starters={code.language: code.source for code in problem.starter_codes},
        limits={limit.language: LimitDetails(limit.time_factor, limit.memory_mb) for limit in problem.language_limits},
    )


def version_of(problem: Problem) -> str:
    """A word that changes with anything that an organiser says about the problem but its tests."""
    return sha256(json.dumps(asdict(details_of(problem)), sort_keys=True).encode()).hexdigest()[:16]


def lock_problem(problem_id: int) -> Problem:
    """The problem as it is now, held against other writers until the transaction ends."""
    return db.session.get_one(Problem, problem_id, populate_existing=True, with_for_update=True)


def shown_statement(source: str, slug: str, pictures: Collection[str]) -> str:
    """The HTML of a statement whose problem has these pictures."""
    return to_html(source, images={name: f"/problems/{slug}/images/{quote(name)}" for name in sorted(pictures)})


def cleaned(details: ProblemDetails, *, has_validator: bool = False) -> ProblemDetails:
    """The same, fit to store; ProblemRefused where something about it will not do."""
    title = one_line(details.title)
    checked = ProblemDetails(
        **{name: getattr(details, name) for name in UNCHANGED},
        title=title,
        slug=one_line(details.slug) or slug_of(title),
        statement=many_lines(details.statement),
        constraints=many_lines(details.constraints),
        hints=tuple(filter(None, map(many_lines, details.hints))),
        editorial=many_lines(details.editorial),
        category=one_line(details.category),
        author=one_line(details.author),
        source=one_line(details.source),
        license=one_line(details.license),
        language=one_line(details.language),
        tags=tuple(sorted({one_line(tag).lower() for tag in details.tags} - {""})),
        absolute_tolerance=details.absolute_tolerance if details.comparison == "floats" else None,
        relative_tolerance=details.relative_tolerance if details.comparison == "floats" else None,
        starters={key: code for key in LANGUAGES if (code := program_text(details.starters.get(key, "")))},
        limits={key: limit for key in LANGUAGES if (limit := details.limits.get(key)) and limit != LimitDetails()},
    )
    _refuse_words(checked)
    _refuse_numbers(checked)
    if checked.comparison == "validator" and not has_validator:
        raise ProblemRefused("comparison", "This problem has no output validator; it would come with a package.")
    return checked


def _differing(one: ProblemDetails, other: ProblemDetails) -> list[str]:
    return [each.name for each in fields(one) if getattr(one, each.name) != getattr(other, each.name)]


def _refuse_words(details: ProblemDetails) -> None:
    if not is_visible(details.title):
        raise ProblemRefused("title", "Give the problem a title.")
    if not LANGUAGE_TAG.fullmatch(details.language):
        raise ProblemRefused("language", "The tag of a language, such as en or pt-br.")
    for name in ("title", "language", *WORDS, "statement", "constraints", "editorial"):
        _refuse_longer(name, getattr(details, name), LONGEST[name])
    if fault := slug_fault(details.slug):
        raise ProblemRefused("slug", fault)
    if len(details.hints) > MOST_HINTS:
        raise ProblemRefused("hints", f"At most {MOST_HINTS} hints.")
    for hint in details.hints:
        _refuse_longer("hints", hint, LONGEST["hint"])
    if len(details.tags) > MOST_TAGS:
        raise ProblemRefused("tags", f"At most {MOST_TAGS} tags.")
    for tag in details.tags:
        _refuse_longer("tags", tag, LONGEST_TAG)
    for key, code in details.starters.items():
        _refuse_longer(f"{key}_starter", code, LONGEST_STARTER)


def _refuse_longer(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ProblemRefused(field, f"At most {most:,} characters; these are {len(text):,}.")


def _refuse_numbers(details: ProblemDetails) -> None:
    if details.difficulty not in DIFFICULTIES:
        raise ProblemRefused("difficulty", f"One of {', '.join(DIFFICULTIES)}.")
    if details.comparison not in COMPARISONS:
        raise ProblemRefused("comparison", f"One of {', '.join(COMPARISONS)}.")
    _refuse_outside("points", details.points, (0, MOST_POINTS), "")
    _refuse_outside("time_limit_s", details.time_limit_s, SECONDS, " seconds")
    _refuse_outside("memory_limit_mb", details.memory_limit_mb, MEGABYTES, " MB")
    for key, limit in details.limits.items():
        if limit.time_factor is not None:
            _refuse_outside(f"{key}_factor", limit.time_factor, FACTORS, "")
            seconds = details.time_limit_s * limit.time_factor
            if seconds > MOST_SECONDS_A_TEST:
                raise ProblemRefused(f"{key}_factor", f"{seconds:g} s a test; at most {MOST_SECONDS_A_TEST:g}.")
        if limit.memory_mb is not None:
            _refuse_outside(f"{key}_memory_mb", limit.memory_mb, MEGABYTES, " MB")
    if details.comparison == "floats":
        _refuse_tolerances(details)


def _refuse_outside(field: str, value: float, span: tuple[float, float], unit: str) -> None:
    least, most = span
    if not least <= value <= most:  # also where it is no number
        raise ProblemRefused(field, f"From {least:g} to {most:g}{unit}.")


def _refuse_tolerances(details: ProblemDetails) -> None:
    given = {"absolute_tolerance": details.absolute_tolerance, "relative_tolerance": details.relative_tolerance}
    if set(given.values()) == {None}:
        raise ProblemRefused("absolute_tolerance", "Say by how much a number may be off, here or in the next field.")
    for name, value in given.items():
        if value is not None and not 0 <= value < 1:
            raise ProblemRefused(name, "At least 0 and below 1, such as 1e-6.")


def _columns(details: ProblemDetails, pictures: Collection[str]) -> dict[str, Any]:
    return {
        **{name: getattr(details, name) for name in SAME},
        "statement_source": details.statement,
        "statement_html": shown_statement(details.statement, details.slug, pictures),
        "constraints_source": details.constraints,
        "constraints_html": to_html(details.constraints, top_heading=3),
        "hints_source": list(details.hints),
        "hints_html": [to_html(hint, top_heading=3) for hint in details.hints],
        "editorial_source": details.editorial,
        "editorial_html": to_html(details.editorial),
    }


def _save(problem: Problem, details: ProblemDetails, act: str, before: dict[str, Any] | None) -> None:
    try:
        with transaction():
            holder = db.session.scalar(select(Problem.id).where(Problem.slug == details.slug, Problem.id != problem.id))
            if holder is not None:
                raise ProblemRefused("slug", TAKEN)
            db.session.add(problem)
            _put_parts(problem, details)
            db.session.flush()
            audit.record(act, f"problem:{details.slug}", before=before, after=_told(problem))
    except IntegrityError as error:
        raise ProblemRefused("slug", TAKEN) from error


def _put_parts(problem: Problem, details: ProblemDetails) -> None:
    db.session.flush()
    for table in (ProblemTag, StarterCode, LanguageLimit):
        db.session.execute(delete(table).where(table.problem_id == problem.id))
    db.session.add_all(ProblemTag(problem_id=problem.id, tag=tag) for tag in details.tags)
    db.session.add_all(
        StarterCode(problem_id=problem.id, language=key, source=code) for key, code in details.starters.items()
    )
    db.session.add_all(
        LanguageLimit(
            problem_id=problem.id,
            language=key,
            time_factor=LANGUAGES[key].time_factor if limit.time_factor is None else limit.time_factor,
            memory_mb=limit.memory_mb,
        )
        for key, limit in details.limits.items()
    )
    db.session.flush()
    db.session.expire(problem, ["tags", "starter_codes", "language_limits"])


def _rules(problem: Problem) -> list[Any]:
    details = details_of(problem)
    return [getattr(details, name) for name in JUDGED_BY]


def _told(problem: Problem) -> dict[str, Any]:
    told = {name: value for name, value in asdict(details_of(problem)).items() if value}
    if "starters" in told:
        told["starters"] = sorted(told["starters"])  # which languages; the code itself would fill the record
    return told
