"""Problems as pages show them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import defer, joinedload, selectinload, undefer

from app.core.paging import Paging
from app.extensions import db
from app.problems.models import DIFFICULTIES, Problem, ProblemImage, ProblemTag, TestCase

STATUSES = ("published", "retired", "draft")
HEAVY = (
    Problem.statement_source,
    Problem.statement_html,
    Problem.constraints_source,
    Problem.constraints_html,
    Problem.hints_source,
    Problem.hints_html,
)


@dataclass(frozen=True)
class Wanted:
    """Which problems a list shows; "" for all."""

    search: str = ""
    difficulty: str = ""
    category: str = ""
    tag: str = ""
    status: str = "published"

    @property
    def is_narrowed(self) -> bool:
        return self != Wanted(status=self.status)


@dataclass(frozen=True)
class Sample:
    """A sample as its page shows it."""

    input: str
    answer: str
    explanation_html: str


@dataclass(frozen=True)
class StatementPage:
    """A statement in one language, and the tags of all there are."""

    language: str
    title: str
    html: str
    languages: tuple[str, ...]


def statement_in(problem: Problem, language: str) -> StatementPage:
    """The statement in that language, in the problem's own where there is none."""
    languages = (problem.language, *(one.language for one in problem.translations))
    for one in problem.translations:
        if one.language == language:
            return StatementPage(language, one.title, one.statement_html, languages)
    return StatementPage(problem.language, problem.title, problem.statement_html, languages)


def find_image(problem_id: int, name: str) -> ProblemImage | None:
    """A picture of the problem, with what pages are sent of it."""
    query = select(ProblemImage).where(ProblemImage.problem_id == problem_id, ProblemImage.name == name)
    return db.session.scalar(query.options(undefer(ProblemImage.shown)))


def find_problem(slug: str) -> Problem | None:
    """The problem with its tags, limits, languages and starter code, without its tests."""
    # Rows so few that they cost less than a statement.
    few = (joinedload(part) for part in (Problem.tags, Problem.language_limits, Problem.translations))
    query = select(Problem).where(Problem.slug == slug).options(*few, selectinload(Problem.starter_codes))
    return db.session.scalars(query).unique().one_or_none()


def problem_page(wanted: Wanted, page: int) -> tuple[list[Problem], Paging]:
    """A page of the problems that are wanted, easy ones first, with their tags."""
    conditions = _conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(Problem).where(*conditions)) or 0
    paging = Paging(min(page, Paging(1, total).pages), total)
    query = (
        select(Problem)
        .where(*conditions)
        .options(selectinload(Problem.tags), *(defer(column) for column in HEAVY))
        .order_by(case({name: number for number, name in enumerate(DIFFICULTIES)}, value=Problem.difficulty))
        .order_by(Problem.title, Problem.id)
        .limit(paging.per_page)
        .offset(paging.offset)
    )
    return list(db.session.scalars(query)), paging


def random_slug(wanted: Wanted, but_not: Collection[int] = ()) -> str | None:
    """The address of any published problem that is wanted, of none whose number is in `but_not`."""
    query = select(Problem.slug).where(*_conditions(wanted), Problem.id.not_in(but_not)).order_by(func.random())
    return db.session.scalar(query.limit(1))


def categories() -> list[str]:
    """The categories of published problems, by name."""
    query = select(Problem.category).where(_has_status("published"), Problem.category != "").distinct()
    return list(db.session.scalars(query.order_by(Problem.category)))


def tags() -> list[str]:
    """The tags of published problems, by name."""
    query = select(ProblemTag.tag).join(Problem, Problem.id == ProblemTag.problem_id).where(_has_status("published"))
    return list(db.session.scalars(query.distinct().order_by(ProblemTag.tag)))


def samples(problem_id: int) -> list[Sample]:
    """What its page shows of the problem's tests: the samples, in order."""
    query = (
        select(TestCase.input, TestCase.answer, TestCase.explanation_html)
        .where(TestCase.problem_id == problem_id, TestCase.is_sample)
        .order_by(TestCase.position, TestCase.id)
    )
    return [Sample(shown(row.input), shown(row.answer), row.explanation_html) for row in db.session.execute(query)]


def shown(content: bytes, most: int | None = None) -> str:
    """Bytes as a page can show them, at most the first `most`."""
    return content[:most].decode(errors="replace").replace("\0", "\ufffd")


def tests_of(problem_id: int) -> list[TestCase]:
    """The tests in order, without their data."""
    query = select(TestCase).where(TestCase.problem_id == problem_id).order_by(TestCase.position, TestCase.id)
    return list(db.session.scalars(query))


def find_test(problem_id: int, test_id: int) -> TestCase | None:
    """One test of the problem with its data: for organisers only."""
    query = select(TestCase).where(TestCase.problem_id == problem_id, TestCase.id == test_id)
    return db.session.scalar(query.options(undefer(TestCase.input), undefer(TestCase.answer)))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.search:
        conditions.append(Problem.title.icontains(wanted.search, autoescape=True))
    if wanted.difficulty:
        conditions.append(Problem.difficulty == wanted.difficulty)
    if wanted.category:
        conditions.append(Problem.category == wanted.category)
    if wanted.tag:
        conditions.append(Problem.tags.any(ProblemTag.tag == wanted.tag))
    if wanted.status:
        conditions.append(_has_status(wanted.status))
    return conditions


def _has_status(status: str) -> ColumnElement[bool]:
    if status == "draft":
        return Problem.published_at.is_(None)
    is_retired = Problem.retired_at.is_not(None)
    return Problem.published_at.is_not(None) & (is_retired if status == "retired" else ~is_retired)
