"""What examining a package has found: shown first, and what its import goes by."""

from dataclasses import asdict, dataclass, field
from typing import Any

from app.packages.differences import Row, TextChange
from app.packages.judging import JudgedReference
from app.packages.limits import TimeLimit
from app.packages.reading import Package
from app.problems import references
from app.problems.languages import language_name
from app.problems.models import Problem
from app.submissions.differences import Change

CONTRADICTS = "It stays a draft, because it contradicts itself."
UNJUDGED = "It stays a draft until its reference solutions have been judged."


@dataclass(frozen=True)
class Report:
    """One package examined.

    `rows` say what was found and where from. `changes` are None for a new problem; `texts` are those of them that have
    lines. `seen` names the state of the
    stored problem that they were worked out from.
    """

    slug: str
    title: str
    time_limit_s: float
    rows: list[Row]
    references: list[JudgedReference]
    judged_at: str
    contradictions: list[str]
    doubts: list[str]
    changes: list[Row] | None
    seen: str
    texts: list[TextChange] = field(default_factory=list)

    @property
    def note(self) -> str:
        """What organisers are to know of it afterwards, but for its solutions: what comes of those may change."""
        later = references.told(self.references)
        told = [one for one in self.contradictions if one not in later.contradictions]
        return "\n".join(told + [one for one in self.doubts if one not in later.doubts])

    @property
    def words(self) -> str:
        """All that was found wrong with it, for the record."""
        return "\n".join([*self.contradictions, *self.doubts])

    @property
    def why_draft(self) -> str:
        """What keeps it from being published by its import, empty where nothing does."""
        if self.contradictions:
            return CONTRADICTS
        return UNJUDGED if any(one.found is None for one in self.references) else ""

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Report":
        """What `as_json` gave."""
        references = [JudgedReference(**one) for one in stored["references"]]
        texts = [
            TextChange(one["what"], _stretches(one["stretches"]), one["left_out"]) for one in stored.get("texts", [])
        ]
        return cls(**{**stored, "references": references, "texts": texts})


def _stretches(stored: list[list[dict[str, Any]]] | None) -> list[list[Change]] | None:
    return None if stored is None else [[Change(**change) for change in stretch] for stretch in stored]


def contradictions(package: Package, judged: list[JudgedReference]) -> list[str]:
    """What keeps the package from being published: it says one thing here and another there."""
    found = list(package.contradictions)
    return found + references.told(judged).contradictions


def doubts(package: Package, judged: list[JudgedReference]) -> list[str]:
    """What is worth a look, and nothing more."""
    found = list(package.doubts)
    if not any(one.wanted == "AC" for one in judged):
        found.append("There is no accepted solution in it, so nothing shows that its answers are right.")
    return found + references.told(judged).doubts


def seen(problem: Problem | None) -> str:
    """A word that is another one as soon as the problem has changed."""
    return f"{problem.id} {problem.updated_at.isoformat()} {problem.tests_version}" if problem else "new"


def rows(package: Package, limit: TimeLimit) -> list[Row]:
    """What was found in the package, and where from."""
    details = package.details
    samples = sum(test.is_sample for test in package.tests)
    size = sum(test.input_bytes + test.answer_bytes for test in package.tests)
    languages = ", ".join([details.language, *(one.language for one in package.translations)])
    return [
        ("Title", details.title, ""),
        ("Address", details.slug, "the folder's name"),
        ("Author", details.author or "not said", ""),
        ("Source", details.source or "not said", ""),
        ("License", details.license or "not said", ""),
        ("Time limit", f"{limit.seconds:g} s", limit.origin),
        ("Memory", f"{details.memory_limit_mb} MB", package.memory_origin),
        ("Outputs", _comparison(package), ""),
        ("Samples", str(samples), ""),
        ("Hidden tests", str(len(package.tests) - samples), f"{_size(size)} with the samples"),
        ("Statement", languages, ""),
        ("Pictures", str(len(package.pictures)), ", ".join(picture.name for picture in package.pictures)[:200]),
    ]


def _size(size: int) -> str:
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


def _comparison(package: Package) -> str:
    details = package.details
    if package.validator:
        return f"judged by a validator of its own in {language_name(package.validator.language)}"
    how = {"lines": "line by line", "tokens": "word by word", "exact": "exactly, with all white space"}
    tolerances = {"absolutely": details.absolute_tolerance, "relatively": details.relative_tolerance}
    told = [f"{value:g} {name}" for name, value in tolerances.items() if value is not None]
    text = how.get(details.comparison) or f"word by word, numbers within {' or '.join(told)}"
    return text if details.is_case_sensitive else f"{text}; capital and small letters are the same"
