"""Problems, what surrounds them, and the tests that submissions are judged by."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import UtcDateTime
from app.extensions import db
from app.problems.languages import Language

DIFFICULTIES = ("easy", "medium", "hard")
COMPARISONS = ("lines", "tokens", "floats", "exact", "validator")


class Problem(db.Model):
    """What members write programs for.

    `comparison`: how an output is held against the answer: `lines` without trailing white space, `tokens`, tokens of
    which numbers may differ by one of the two tolerances (`floats`), `exact` with all white space, or by the problem's
    own output `validator`. `tests_version` rises with every change of the tests. `time_limit_s` is for a language with
    factor 1. The statement is written in `language` (a tag such as "en"); `translations` are its other versions.
    `import_note` says what was doubtful about the package that it came from. The editorial is loaded only where it is
    asked for.
    """

    __tablename__ = "problems"
    __table_args__ = (
        CheckConstraint("time_limit_s > 0", name="time_limit_above_0"),
        CheckConstraint("memory_limit_mb > 0", name="memory_limit_above_0"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    statement_source: Mapped[str] = mapped_column(Text, default="")
    statement_html: Mapped[str] = mapped_column(Text, default="")
    constraints_source: Mapped[str] = mapped_column(Text, default="")
    constraints_html: Mapped[str] = mapped_column(Text, default="")
    hints_source: Mapped[list[str]] = mapped_column(JSON, default=list)
    hints_html: Mapped[list[str]] = mapped_column(JSON, default=list)
    editorial_source: Mapped[str] = mapped_column(Text, default="", server_default="", deferred=True)
    editorial_html: Mapped[str] = mapped_column(Text, default="", server_default="", deferred=True)
    difficulty: Mapped[str] = mapped_column(String(10), default="easy")
    category: Mapped[str] = mapped_column(String(60), default="", index=True)
    author: Mapped[str] = mapped_column(String(120), default="")
    points: Mapped[int] = mapped_column(default=10)
    time_limit_s: Mapped[float] = mapped_column(default=1.0)
    memory_limit_mb: Mapped[int] = mapped_column(default=256)
    comparison: Mapped[str] = mapped_column(String(10), default="lines")
    is_case_sensitive: Mapped[bool] = mapped_column(default=True)
    absolute_tolerance: Mapped[float | None]
    relative_tolerance: Mapped[float | None]
    language: Mapped[str] = mapped_column(String(20), default="en")
    source: Mapped[str] = mapped_column(String(200), default="")  # where it comes from, in words
    license: Mapped[str] = mapped_column(String(120), default="")
    import_note: Mapped[str] = mapped_column(Text, default="")
    tests_version: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    tags: Mapped[list["ProblemTag"]] = relationship(order_by="ProblemTag.tag", cascade="all, delete-orphan")
    starter_codes: Mapped[list["StarterCode"]] = relationship(cascade="all, delete-orphan")
    language_limits: Mapped[list["LanguageLimit"]] = relationship(cascade="all, delete-orphan")
    tests: Mapped[list["TestCase"]] = relationship(
        order_by="TestCase.position", cascade="all, delete-orphan", back_populates="problem"
    )
    translations: Mapped[list["Translation"]] = relationship(
        order_by="Translation.language", cascade="all, delete-orphan"
    )
    validator: Mapped["OutputValidator | None"] = relationship(cascade="all, delete-orphan")

    @property
    def status(self) -> str:
        """draft, published or retired: from the two moments, never stored."""
        if self.published_at is None:
            return "draft"
        return "published" if self.retired_at is None else "retired"

    def seconds_for(self, language: Language) -> float:
        """How long a program in `language` may run on one test."""
        limit = self._limit_of(language)
        return self.time_limit_s * (limit.time_factor if limit else language.time_factor)

    def mb_for(self, language: Language) -> int:
        """How much memory a program in `language` may take, in MiB."""
        limit = self._limit_of(language)
        return limit.memory_mb if limit and limit.memory_mb else self.memory_limit_mb

    def starter_for(self, language: Language) -> str:
        """What the editor holds at first; empty where nobody wrote anything."""
        return next((code.source for code in self.starter_codes if code.language == language.key), "")

    def _limit_of(self, language: Language) -> "LanguageLimit | None":
        return next((limit for limit in self.language_limits if limit.language == language.key), None)


class ProblemTag(db.Model):
    """A word by which a problem can be found."""

    __tablename__ = "problem_tags"
    __table_args__ = (UniqueConstraint("problem_id", "tag"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    tag: Mapped[str] = mapped_column(String(40), index=True)


class StarterCode(db.Model):
    """What the editor holds at first in one language."""

    __tablename__ = "starter_codes"
    __table_args__ = (UniqueConstraint("problem_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    language: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)


class LanguageLimit(db.Model):
    """Where a problem gives a language other limits than usual; `memory_mb` None: the problem's own."""

    __tablename__ = "language_limits"
    __table_args__ = (
        UniqueConstraint("problem_id", "language"),
        CheckConstraint("time_factor > 0", name="time_factor_above_0"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    language: Mapped[str] = mapped_column(String(20))
    time_factor: Mapped[float]
    memory_mb: Mapped[int | None]


class TestCase(db.Model):
    """An input and its answer. Those that are no samples are hidden: only organisers and the judge see their data.

    Data is loaded only where it is asked for by name; `*_bytes` are the sizes.
    """

    __test__ = False  # pytest would take it for tests
    __tablename__ = "test_cases"
    __table_args__ = (
        UniqueConstraint("problem_id", "is_sample", "name"),
        Index("ix_test_cases_problem_id_position", "problem_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))  # of the pair's files, without their ending
    is_sample: Mapped[bool] = mapped_column(default=False)
    input: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    answer: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    input_bytes: Mapped[int]
    answer_bytes: Mapped[int]
    explanation_source: Mapped[str] = mapped_column(Text, default="")
    explanation_html: Mapped[str] = mapped_column(Text, default="")

    problem: Mapped[Problem] = relationship(back_populates="tests")


class TestUpload(db.Model):
    """A ZIP of tests that waits for its organiser's yes."""

    __test__ = False  # pytest would take it for tests
    __tablename__ = "test_uploads"

    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Translation(db.Model):
    """The statement in one more language; `language` is a tag such as "sv"."""

    __tablename__ = "translations"
    __table_args__ = (UniqueConstraint("problem_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    language: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    statement_source: Mapped[str] = mapped_column(Text, deferred=True)
    statement_html: Mapped[str] = mapped_column(Text, deferred=True)


class ProblemImage(db.Model):
    """A picture that statements show by its `name`: as it was handed in, and as pages are sent it."""

    __tablename__ = "problem_images"
    __table_args__ = (UniqueConstraint("problem_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    name: Mapped[str] = mapped_column(String(120))
    original: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    shown: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    mimetype: Mapped[str] = mapped_column(String(40))  # of what is shown


class OutputValidator(db.Model):
    """The program that decides whether an output is right, where comparing would not do.

    `files` are its sources by name, `flags` the words that it is started with.
    """

    __tablename__ = "output_validators"

    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20))
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    flags: Mapped[str] = mapped_column(Text, default="")


class ReferenceSolution(db.Model):
    """A program that its author knows the verdict of: `wanted`, or "rejected" for any but AC, "" where nobody said.

    `found` and what it used are None until it has been judged; `note` is what the judge said. `judged_at` is None
    again once tests, limits or the comparison are others than it was judged by.
    """

    __tablename__ = "reference_solutions"
    __table_args__ = (UniqueConstraint("problem_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    name: Mapped[str] = mapped_column(String(200))  # below submissions/, such as accepted/solution.py
    language: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(String(10))
    found: Mapped[str | None] = mapped_column(String(3))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    cpu_ms: Mapped[int | None]
    memory_kb: Mapped[int | None]
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_outdated(self) -> bool:
        """Whether what was found was found by other tests or limits than those of today."""
        return self.found is not None and self.judged_at is None


class PackageUpload(db.Model):
    """An archive of packages that waits for its organiser's yes.

    `folder` is the package in it that was chosen, `folders` are those there are. `report` is what was found in it,
    None until it has been examined. `imported` has the addresses of the problems that came of its folders.
    """

    __tablename__ = "package_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    folders: Mapped[list[str]] = mapped_column(JSON)
    folder: Mapped[str | None] = mapped_column(String(300))
    imported: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    @property
    def left(self) -> list[str]:
        """The folders that can still be imported."""
        return [folder for folder in self.folders if folder not in self.imported]
