"""Grading: a judge executes, test by test, until the first that fails; what counts as right is decided here."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, overload

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.jobs import NotNow
from app.extensions import db
from app.problems.languages import LANGUAGES
from app.problems.models import Problem, TestCase
from app.submissions.checking import Rule, is_right
from app.submissions.judges.base import CompileError, Judge, Limits, Outcome, Verdict

USUAL_OUTPUT_BYTES = 1_000_000
SHOWN_OUTPUT_BYTES = 64 * 1024
SHOWN_STDERR_BYTES = 4 * 1024


@dataclass(frozen=True)
class Program:
    """What is run, and by which rules."""

    language: str
    source: bytes
    limits: Limits
    rule: Rule

    @property
    def longest_seconds(self) -> float:
        """By when any judge has stopped a run, or a compiler, and told us."""
        return max(3 * self.limits.seconds, self.limits.seconds + 3) + 20


@dataclass(frozen=True)
class Test:
    """One test by its number in the order of judging; its data stays in the database until it is run."""

    __test__ = False  # pytest would take it for tests

    number: int
    id: int
    is_sample: bool


@dataclass
class Grade:
    """What came of a program. The fields are those of `Judging`; texts are of a sample that failed, and of no other."""

    total: int
    verdict: Verdict = Verdict.AC
    passed: int = 0
    cpu_ms: int = 0
    memory_kb: int = 0
    results: list[dict[str, Any]] = field(default_factory=list)
    failed_number: int | None = None
    reason: str = ""
    compile_output: str = ""
    sample_input: str = ""
    sample_answer: str = ""
    sample_output: str = ""
    sample_stderr: str = ""


class StoredInputs(Sequence[bytes]):
    """The inputs of tests, each read from the database when it is asked for."""

    def __init__(self, tests: Sequence[Test]) -> None:
        self._tests = tests

    def __len__(self) -> int:
        return len(self._tests)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        chosen = self._tests[index]
        return [_input(test) for test in chosen] if isinstance(chosen, Sequence) else _input(chosen)

    def __iter__(self) -> Iterator[bytes]:
        return map(_input, self._tests)


def program_of(problem: Problem, language: str, source: str) -> Program:
    """The program as the problem has it judged."""
    known = LANGUAGES[language]
    return Program(
        language=language,
        source=source.encode(errors="replace"),
        limits=Limits(problem.seconds_for(known), problem.mb_for(known), _most_output(problem.id)),
        rule=Rule(problem.comparison, problem.absolute_tolerance, problem.relative_tolerance),
    )


def rules_of(problem: Problem) -> str:
    """All that a verdict depends on but the program and the judge, in a word that changes with it."""
    limits = [(key, problem.seconds_for(known), problem.mb_for(known)) for key, known in LANGUAGES.items()]
    validator = problem.validator and (problem.validator.language, problem.validator.files, problem.validator.flags)
    compared = (problem.comparison, problem.is_case_sensitive, problem.absolute_tolerance, problem.relative_tolerance)
    return sha256(repr((problem.tests_version, limits, compared, validator)).encode()).hexdigest()


def tests_of(problem_id: int, *, only_samples: bool = False) -> list[Test]:
    """The tests in the order of judging: samples first."""
    query = select(TestCase.id, TestCase.is_sample).where(TestCase.problem_id == problem_id)
    if only_samples:
        query = query.where(TestCase.is_sample)
    rows = db.session.execute(query.order_by(TestCase.is_sample.desc(), TestCase.position, TestCase.id))
    return [Test(number, row.id, row.is_sample) for number, row in enumerate(rows, 1)]


def grade(judge: Judge, program: Program, tests: Sequence[Test], tell: Callable[[int], None]) -> Grade:
    """Run the program on the tests until one fails; `tell(number)` hears of each before it is run.

    JudgeFault where the judge fails; NotNow where the tests were changed meanwhile.
    """
    found, inputs = Grade(total=len(tests)), StoredInputs(tests)
    try:
        with closing(run_by(judge, program, inputs, tell)) as outcomes:
            for test in tests:
                tell(test.number)
                _add(found, test, next(outcomes), program.rule)
                if found.verdict != Verdict.AC:
                    break
    except CompileError as error:
        found.verdict, found.compile_output = Verdict.CE, shown_text(error.output.encode(), SHOWN_OUTPUT_BYTES)
    return found


def run_by(
    judge: Judge, program: Program, inputs: Sequence[bytes], tell: Callable[[int], None]
) -> Generator[Outcome, None, None]:
    """Have the judge run the program; while it waits for others, `tell` hears again which input is next."""
    most = len(inputs)
    return judge.run(
        program.language, program.source, program.limits, inputs, lambda finished: tell(min(finished + 1, most))
    )


def try_on(
    judge: Judge,
    program: Program,
    inputs: Sequence[bytes],
    answers: Sequence[bytes | None],
    tell: Callable[[int], None],
) -> list[dict[str, Any]]:
    """Run the program on all inputs and hold each output against its answer, where there is one: `Trial.results`."""
    results = []
    with closing(run_by(judge, program, inputs, tell)) as outcomes:
        for number, (content, answer) in enumerate(zip(inputs, answers, strict=True), 1):
            tell(number)
            results.append(_trial_result(content, answer, next(outcomes), program.rule))
    return results


def samples_of(problem_id: int) -> tuple[list[bytes], list[bytes | None]]:
    """The inputs and answers of the samples."""
    tests = tests_of(problem_id, only_samples=True)
    return [_input(test) for test in tests], [_answer(test) for test in tests]


def shown_text(content: bytes, most: int) -> str:
    """Bytes as a page can show them and a database keep them, cut where they are long."""
    text = content[:most].decode(errors="replace").replace("\0", "\ufffd")
    return text if len(content) <= most else f"{text}\n… ({len(content) - most:,} bytes more)"


def _most_output(problem_id: int) -> int:
    """How many bytes a program may write: twice the longest answer, where that is more than usual."""
    longest = db.session.scalar(select(func.max(TestCase.answer_bytes)).where(TestCase.problem_id == problem_id)) or 0
    return max(USUAL_OUTPUT_BYTES, 2 * longest)


def _add(found: Grade, test: Test, outcome: Outcome, rule: Rule) -> None:
    answer = _answer(test)
    verdict = outcome.verdict or (Verdict.AC if is_right(outcome.stdout, answer, rule) else Verdict.WA)
    used = {"cpu_ms": outcome.cpu_ms, "memory_kb": outcome.memory_kb}
    found.results.append({"number": test.number, "is_sample": test.is_sample, "verdict": verdict.value, **used})
    found.cpu_ms, found.memory_kb = max(found.cpu_ms, outcome.cpu_ms), max(found.memory_kb, outcome.memory_kb)
    if verdict == Verdict.AC:
        found.passed += 1
        return
    found.verdict, found.failed_number = verdict, test.number
    # A program can copy its input into anything it says, so of hidden tests nothing is kept.
    if test.is_sample:
        found.reason = outcome.reason
        found.sample_input = shown_text(_input(test), SHOWN_OUTPUT_BYTES)
        found.sample_answer = shown_text(answer, SHOWN_OUTPUT_BYTES)
        found.sample_output = shown_text(outcome.stdout, SHOWN_OUTPUT_BYTES)
        found.sample_stderr = shown_text(outcome.stderr, SHOWN_STDERR_BYTES)


def _trial_result(content: bytes, answer: bytes | None, outcome: Outcome, rule: Rule) -> dict[str, Any]:
    verdict = outcome.verdict
    if verdict is None and answer is not None:
        verdict = Verdict.AC if is_right(outcome.stdout, answer, rule) else Verdict.WA
    return {
        "input": shown_text(content, SHOWN_OUTPUT_BYTES),
        "answer": None if answer is None else shown_text(answer, SHOWN_OUTPUT_BYTES),
        "output": shown_text(outcome.stdout, SHOWN_OUTPUT_BYTES),
        "stderr": shown_text(outcome.stderr, SHOWN_STDERR_BYTES),
        "verdict": verdict.value if verdict else None,
        "reason": outcome.reason,
        "cpu_ms": outcome.cpu_ms,
        "memory_kb": outcome.memory_kb,
    }


def _input(test: Test) -> bytes:
    return _data(test, TestCase.input)


def _answer(test: Test) -> bytes:
    return _data(test, TestCase.answer)


def _data(test: Test, column: InstrumentedAttribute[bytes]) -> bytes:
    content = db.session.scalar(select(column).where(TestCase.id == test.id))
    db.session.rollback()  # nothing of the database is held while the program runs
    if content is None:
        raise NotNow("The tests were changed meanwhile.")
    return content
