"""What organisers do with the tests of a problem, one at a time or as a ZIP."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import undefer

from app.core import audit, clock
from app.core.archives import ArchiveRefused, read_zip
from app.core.db import transaction
from app.core.markup import to_html
from app.core.text import is_visible, many_lines, one_line
from app.extensions import db
from app.problems.models import Problem, TestCase, TestUpload
from app.problems.pairs import EMPTY, LONGEST_NAME, Pair, PairsRefused, UnreadPair, pairs_of
from app.problems.parts import outdate_references
from app.problems.service import ProblemOutdated, ProblemRefused, lock_problem

MOST_TESTS = 500
MOST_BYTES = 200 * 1024 * 1024  # of all tests of a problem, unpacked
MOST_ZIP_BYTES = 100 * 1024 * 1024  # of a ZIP of tests, which is held in memory as a whole
MOST_SAMPLES = 20
MOST_SAMPLE_BYTES = 32 * 1024  # a sample stands on the page as it is
LONGEST_EXPLANATION = 5_000
PUT, REPLACE, CHANGE, DELETE = ACTS = ("put tests", "replace tests", "change test", "delete test")
LAST_TEST = "A published problem keeps at least one test. Add another one first."


@dataclass(frozen=True)
class Planned:
    """What a ZIP would do to one test; `before` is its sizes now as (in, out), None where it is new."""

    pair: Pair
    before: tuple[int, int] | None


@dataclass(frozen=True)
class ZipPlan:
    """What a ZIP would do; `seen` names the tests and the ZIP that it was worked out from."""

    name: str
    received_at: datetime
    seen: str
    tests: list[Planned]


def add_test(problem_id: int, pair: Pair) -> None:
    """Add a test after those there are; without a name it gets the next number. ProblemRefused where it will not do."""
    with transaction():
        problem = lock_problem(problem_id)
        named = pair if one_line(pair.name) else _with_number(problem, pair)
        _put(problem, [_checked(named)], is_replacing=False)


def put_tests(problem_id: int, pairs: Sequence[Pair]) -> None:
    """Add these tests, each in place of the one of its kind and name; ProblemRefused, and none of them is stored."""
    checked = [_checked(pair) for pair in pairs]
    with transaction():
        _put(lock_problem(problem_id), checked, is_replacing=True)


def replace_tests(problem_id: int, tests: Sequence[UnreadPair]) -> None:
    """Let the problem have these tests and no others, in this order; each is read when it is stored.

    ProblemRefused, and all stays as it was.
    """
    with transaction():
        problem = lock_problem(problem_id)
        _refuse_sizes([(test.is_sample, test.input_bytes + test.answer_bytes) for test in tests])
        db.session.execute(delete(TestCase).where(TestCase.problem_id == problem_id))
        db.session.expire(problem, ["tests"])
        for position, unread in enumerate(tests, 1):
            # Tests may be many and large: one at a time is held, and written past the session, which would keep it.
            db.session.execute(insert(TestCase.__table__), _row(problem_id, position, _checked(unread.read())))
        _finish(problem)
        names = [test.name for test in tests[:50]]
        audit.record(REPLACE, _subject(problem), after={"tests": names, "count": len(tests)})


def change_test(test_id: int, pair: Pair, *, keeps_input: bool, keeps_answer: bool, seen: str | None = None) -> None:
    """Store what has changed of a test; what is kept of its data is not looked at in `pair`.

    ProblemOutdated where its `case_version_of` is not the one that was `seen`; None: whatever it is.
    """
    checked = _worded(pair)
    with transaction():
        test = _locked(test_id)
        if seen not in (None, case_version_of(test)):
            raise ProblemOutdated(test.problem, ACTS)
        _refuse_taken(test.problem, checked, test_id)
        before = _told(test)
        test.name, test.is_sample = checked.name, checked.is_sample
        if not keeps_input:
            test.input, test.input_bytes = checked.input, len(checked.input)
        if not keeps_answer:
            test.answer, test.answer_bytes = checked.answer, len(checked.answer)
        test.explanation_source, test.explanation_html = checked.explanation, checked.explanation_html
        _refuse_data(test.name, test.is_sample, test.input_bytes, test.answer_bytes)
        _refuse_too_much(test.problem, [])
        _number(list(db.session.scalars(_tests_of(test.problem_id))))
        _finish(test.problem)
        audit.record(CHANGE, _subject(test.problem), before=before, after=_told(test))


def case_version_of(test: TestCase) -> str:
    """A word that changes with any test of its problem."""
    return str(test.problem.tests_version)


def move_test(test_id: int, *, is_up: bool) -> None:
    """Change places with the test before or after it."""
    with transaction():
        test = _locked(test_id)
        order = list(db.session.scalars(_tests_of(test.problem_id)))
        here = order.index(test)
        there = here - 1 if is_up else here + 1
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            _number(order)
            _finish(test.problem)


def delete_test(test_id: int) -> None:
    """Let a test go; ProblemRefused for the last one of a published problem."""
    with transaction():
        test = _locked(test_id)
        problem = test.problem
        others = select(TestCase.id).where(TestCase.problem_id == problem.id, TestCase.id != test_id).limit(1)
        if problem.status == "published" and db.session.scalar(others) is None:
            raise ProblemRefused("", LAST_TEST)
        audit.record(DELETE, _subject(problem), before=_told(test))
        db.session.execute(delete(TestCase).where(TestCase.id == test_id))
        _finish(problem)


def receive_zip(problem_id: int, name: str, content: bytes) -> None:
    """Keep a ZIP of tests until its organiser says yes; ProblemRefused with the file that is at fault."""
    pairs = [_checked(pair) for pair in _pairs_in(content)]
    with transaction():
        problem = lock_problem(problem_id)
        _refuse_too_much(problem, pairs)
        kept = TestUpload(problem_id=problem_id, name=one_line(name)[:200], content=content, received_at=clock.now())
        db.session.merge(kept)


def plan_zip(problem: Problem) -> ZipPlan | None:
    """What the ZIP that waits would do, test by test; None where none waits."""
    upload = _waiting(problem.id)
    if upload is None:
        return None
    rows = db.session.scalars(_tests_of(problem.id))
    sizes = {(test.is_sample, test.name): (test.input_bytes, test.answer_bytes) for test in rows}
    tests = [Planned(pair, sizes.get((pair.is_sample, pair.name))) for pair in _pairs_in(upload.content)]
    return ZipPlan(upload.name, upload.received_at, f"{problem.tests_version} {upload.received_at.isoformat()}", tests)


def apply_zip(problem_id: int, seen: str) -> int:
    """Store the tests of the ZIP that waits, as a plan `seen` showed them; how many. ProblemRefused otherwise."""
    upload = _waiting(problem_id)
    pairs = [_checked(pair) for pair in _pairs_in(upload.content)] if upload else []
    with transaction():
        problem = lock_problem(problem_id)
        now = db.session.get(TestUpload, problem_id)
        if now is None:
            raise ProblemRefused("", "No ZIP waits any more.")
        if seen != f"{problem.tests_version} {now.received_at.isoformat()}":
            raise ProblemRefused("", "Something has changed since this was shown. Look again, then say yes.")
        _put(problem, pairs, is_replacing=True)
        _drop(problem_id)
    return len(pairs)


def drop_zip(problem_id: int) -> None:
    """Forget the ZIP that waits."""
    with transaction():
        _drop(problem_id)


def _drop(problem_id: int) -> None:
    db.session.execute(delete(TestUpload).where(TestUpload.problem_id == problem_id))


def _waiting(problem_id: int) -> TestUpload | None:
    is_one = TestUpload.problem_id == problem_id
    return db.session.scalar(select(TestUpload).where(is_one).options(undefer(TestUpload.content)))


def _pairs_in(content: bytes) -> tuple[Pair, ...]:
    try:
        return pairs_of(read_zip(content, most_bytes=MOST_ZIP_BYTES, most_files=3 * MOST_TESTS))
    except (ArchiveRefused, PairsRefused) as refusal:
        raise ProblemRefused("file", str(refusal)) from refusal


def _checked(pair: Pair) -> Pair:
    worded = _worded(pair)
    _refuse_data(worded.name, pair.is_sample, len(pair.input), len(pair.answer))
    return worded


def _worded(pair: Pair) -> Pair:
    name, words = one_line(pair.name), many_lines(pair.explanation)
    if not is_visible(name) or len(name) > LONGEST_NAME:
        raise ProblemRefused("name", f"A test needs a name of at most {LONGEST_NAME} characters.")
    if len(words) > LONGEST_EXPLANATION:
        raise ProblemRefused("explanation", f"“{name}”: an explanation has at most {LONGEST_EXPLANATION:,} characters.")
    shown = to_html(words, top_heading=4) if pair.is_sample else ""
    return Pair(name, pair.is_sample, pair.input, pair.answer, words, shown)


def _refuse_data(name: str, is_sample: bool, *sizes: int) -> None:
    if not any(sizes):
        raise ProblemRefused("input", f"“{name}”: {EMPTY}")
    if is_sample and max(sizes) > MOST_SAMPLE_BYTES:
        raise ProblemRefused(
            "is_sample",
            f"“{name}” is too large for a sample: at most {MOST_SAMPLE_BYTES // 1024} kB stand on the page.",
        )


def _put(problem: Problem, pairs: Sequence[Pair], *, is_replacing: bool) -> None:
    known = {(test.is_sample, test.name): test for test in db.session.scalars(_tests_of(problem.id))}
    _refuse_too_much(problem, pairs)
    for pair in pairs:
        test = known.get((pair.is_sample, pair.name))
        if test is not None and not is_replacing:
            raise ProblemRefused("name", f"There is a test “{pair.name}” already.")
        if test is None:
            test = TestCase(problem=problem, name=pair.name, is_sample=pair.is_sample, position=0)
            known[pair.is_sample, pair.name] = test
        test.input, test.input_bytes = pair.input, len(pair.input)
        test.answer, test.answer_bytes = pair.answer, len(pair.answer)
        test.explanation_source, test.explanation_html = pair.explanation, pair.explanation_html
        db.session.add(test)
    _number(list(known.values()))
    _finish(problem)
    names = [pair.name for pair in pairs]
    audit.record(PUT, _subject(problem), after={"tests": names[:50], "count": len(names)})


def _row(problem_id: int, position: int, pair: Pair) -> dict[str, object]:
    return {
        "problem_id": problem_id,
        "position": position,
        "name": pair.name,
        "is_sample": pair.is_sample,
        "input": pair.input,
        "answer": pair.answer,
        "input_bytes": len(pair.input),
        "answer_bytes": len(pair.answer),
        "explanation_source": pair.explanation,
        "explanation_html": pair.explanation_html,
    }


def _refuse_too_much(problem: Problem, pairs: Sequence[Pair]) -> None:
    kept = {(test.is_sample, test.name): test for test in db.session.scalars(_tests_of(problem.id))}
    for pair in pairs:
        kept.pop((pair.is_sample, pair.name), None)
    sizes = [(test.is_sample, test.input_bytes + test.answer_bytes) for test in kept.values()]
    _refuse_sizes([*sizes, *((pair.is_sample, len(pair.input) + len(pair.answer)) for pair in pairs)])


def _refuse_sizes(tests: Sequence[tuple[bool, int]]) -> None:
    """`tests`: whether each is a sample, and its bytes."""
    if len(tests) > MOST_TESTS:
        raise ProblemRefused("file", f"A problem has at most {MOST_TESTS} tests.")
    if sum(is_sample for is_sample, _ in tests) > MOST_SAMPLES:
        raise ProblemRefused("is_sample", f"At most {MOST_SAMPLES} samples stand on the page of a problem.")
    if sum(size for _, size in tests) > MOST_BYTES:
        raise ProblemRefused("file", f"The tests of a problem have at most {MOST_BYTES // 1024 // 1024} MB together.")


def _with_number(problem: Problem, pair: Pair) -> Pair:
    taken = {test.name for test in db.session.scalars(_tests_of(problem.id))}
    name = next(str(number) for number in count(len(taken) + 1) if str(number) not in taken)
    return replace(pair, name=name)


def _refuse_taken(problem: Problem, pair: Pair, test_id: int) -> None:
    for test in db.session.scalars(_tests_of(problem.id)):
        if (test.is_sample, test.name) == (pair.is_sample, pair.name) and test.id != test_id:
            raise ProblemRefused("name", f"There is a test “{pair.name}” already.")


def _tests_of(problem_id: int) -> Select[tuple[TestCase]]:
    return select(TestCase).where(TestCase.problem_id == problem_id).order_by(TestCase.position, TestCase.id)


def _number(tests: list[TestCase]) -> None:
    """Positions from 1, samples first."""
    for position, test in enumerate(sorted(tests, key=lambda test: not test.is_sample), 1):
        test.position = position


def _finish(problem: Problem) -> None:
    problem.tests_version += 1
    problem.updated_at = clock.now()
    outdate_references(problem.id)


def _locked(test_id: int) -> TestCase:
    test = db.session.get(TestCase, test_id, populate_existing=True)
    if test is None:
        raise ProblemRefused("", "This test is not there any more.")
    lock_problem(test.problem_id)
    return test


def _subject(problem: Problem) -> str:
    return f"problem:{problem.slug}"


def _told(test: TestCase) -> dict[str, object]:
    names = ("name", "is_sample", "input_bytes", "answer_bytes", "explanation_source")
    return {name: getattr(test, name) for name in names}
