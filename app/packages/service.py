"""Taking problem packages: examined first, then imported as a whole or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from app.core import audit, clock
from app.core.archives import ArchiveRefused, FolderFiles
from app.core.db import transaction
from app.extensions import db
from app.packages import differences, reports
from app.packages.judging import Entrants, JudgedReference, Tell, judge_references, unjudged
from app.packages.limits import derived
from app.packages.reading import Package, read_package
from app.packages.references import Reference
from app.packages.reports import Report
from app.packages.sheets import PackageRefused
from app.problems.case_service import replace_tests
from app.problems.models import OutputValidator, Problem, ProblemImage, ReferenceSolution, Translation
from app.problems.parts import put_parts
from app.problems.queries import find_problem
from app.problems.service import (
    ProblemRefused,
    create_problem,
    edit_problem,
    lock_problem,
    publish_problem,
    shown_statement,
)
from app.submissions import checks
from app.submissions.judge import current_judge

CHANGED = "The problem has changed since this was examined. Examine the package again, then say yes."
OLD_VERDICTS = (
    "Verdicts so far are by other tests than those of now. A rejudge tells what they would be, and applies it."
)
NOT_OVER_PUBLISHED = "It contradicts itself, so it is not put in place of a published problem"


def examine(package: Package, tell: Tell) -> Report:
    """What is in a package and what comes of its reference solutions."""
    judge = current_judge()
    off = checks.grading_off() or next(iter([] if judge.is_remote else judge.probe()), None)
    entrants = Entrants(package.details, package.validator, package.tests, package.references)
    db.session.rollback()
    if off:
        judged, limit = unjudged(package.references, off.reason), package.limit
        limit = limit if limit.seconds else derived(None, limit)
    else:
        judged, limit = judge_references(judge, entrants, package.limit, tell)
    problem = find_problem(package.details.slug)
    seconds = limit.seconds or 0
    changes, texts = differences.changes(problem, package, seconds) if problem else (None, [])
    return Report(
        slug=package.details.slug,
        title=package.details.title,
        time_limit_s=seconds,
        rows=reports.rows(package, limit),
        references=judged,
        judged_at=clock.now().isoformat(),
        contradictions=reports.contradictions(package, judged),
        doubts=reports.doubts(package, judged),
        changes=changes,
        texts=texts,
        seen=reports.seen(problem),
    )


def load_folder(folder: Path, *, is_published: bool) -> Problem:
    """Store the problem of a package in a folder that is trusted, without judging its reference solutions."""
    try:
        package = read_package(folder.name, FolderFiles(folder))
    except ArchiveRefused as refusal:
        raise PackageRefused(str(refusal)) from refusal
    if package.contradictions:
        raise PackageRefused(package.contradictions[0])
    seconds = package.limit.seconds or derived(None, package.limit).seconds or 0
    with transaction():
        problem = _create(package, seconds)
        _put_looks(problem, package)
        _put_rest(problem, package, [], clock.now())
        replace_tests(problem.id, package.tests)
        if is_published:
            publish_problem(problem.id)
    return problem


def import_package(package: Package, report: Report, *, is_published: bool) -> Problem:
    """Store the package as its report says, all of it or nothing; ProblemRefused where that will not do.

    A new problem is a draft unless it is to be published; one that contradicts itself, or of which that is not known
    because its solutions were not judged, stays a draft.
    """
    problem = find_problem(package.details.slug)
    if reports.seen(problem) != report.seen:
        raise ProblemRefused("", CHANGED)
    if problem and problem.published_at and report.contradictions:
        raise ProblemRefused("", f"{NOT_OVER_PUBLISHED}: {report.contradictions[0]}")
    are_new = problem is None or differences.tests_differ(problem, package)
    with transaction():
        if problem is None:
            problem = _create(package, report.time_limit_s)
            _put_looks(problem, package)
        else:
            problem = _update(problem, package, report)
        if are_new:
            replace_tests(problem.id, package.tests)
        _put_rest(problem, package, report.references, datetime.fromisoformat(report.judged_at))
        problem.import_note = report.note
        if is_published and not report.why_draft and problem.published_at is None:
            publish_problem(problem.id)
        audit.record("import package", f"problem:{problem.slug}", after={"note": report.words[:2000]})
    return problem


def _create(package: Package, seconds: float) -> Problem:
    return create_problem(
        replace(package.details, time_limit_s=seconds),
        pictures=[picture.name for picture in package.pictures],
        has_validator=package.validator is not None,
    )


def _update(problem: Problem, package: Package, report: Report) -> Problem:
    locked = lock_problem(problem.id)
    if reports.seen(locked) != report.seen:
        raise ProblemRefused("", CHANGED)
    details = differences.merged(locked, package, report.time_limit_s)
    _put_looks(locked, package)  # by which the statement is converted
    return edit_problem(locked.id, details)


def _put_looks(problem: Problem, package: Package) -> None:
    pictures = [ProblemImage(**asdict(picture)) for picture in package.pictures]
    put_parts(problem, ProblemImage, pictures)
    put_parts(problem, OutputValidator, [OutputValidator(**asdict(one)) for one in [package.validator] if one])


def _put_rest(problem: Problem, package: Package, judged: Iterable[JudgedReference], judged_at: datetime) -> None:
    names = [picture.name for picture in package.pictures]
    translations = [
        Translation(
            language=one.language,
            title=one.title,
            statement_source=one.source,
            statement_html=shown_statement(one.source, problem.slug, names),
        )
        for one in package.translations
    ]
    put_parts(problem, Translation, translations)
    found = {one.name: one for one in judged}
    put_parts(problem, ReferenceSolution, [_reference(one, found, judged_at) for one in package.references])


def _reference(one: Reference, judged: Mapping[str, JudgedReference], judged_at: datetime) -> ReferenceSolution:
    came = judged.get(one.name)
    if came is None or came.found is None:
        return ReferenceSolution(**asdict(one))
    used = {"cpu_ms": came.cpu_ms, "memory_kb": came.memory_kb, "note": came.note}
    return ReferenceSolution(**asdict(one), found=came.found, **used, judged_at=judged_at)
