"""Grading: a judge executes, test by test, until the first that fails; what counts as right is decided here."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol, overload

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.jobs import NotNow
from app.extensions import db
from app.problems.languages import LANGUAGES
from app.problems.models import Problem, TestCase
from app.problems.service import ProblemDetails
from app.submissions.checking import Rule
from app.submissions.deciding import Attempt, Decider
from app.submissions.judges.base import CompileError, Judge, Limits, Outcome, Verdict
from app.submissions.judges.validators import VALIDATING_SECONDS, ValidatorSource

USUAL_OUTPUT_BYTES = 1_000_000
SHOWN_OUTPUT_BYTES = 64 * 1024
SHOWN_STDERR_BYTES = 4 * 1024
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Program:
    """What is run, and by which rules."""

    language: str
    source: bytes
    limits: Limits
    rule: Rule
    validator: ValidatorSource | None = None

    @property
    def longest_seconds(self) -> float:
        """By when any judge has stopped a run, a compiler or an output validator, and told us."""
        return (
            max(3 * self.limits.seconds, self.limits.seconds + 3) + 20 + (VALIDATING_SECONDS if self.validator else 0)
        )


class Test(Protocol):
    """One test by its number in the order of judging; its data stays where it lies until it is run."""

    @property
    def number(self) -> int: ...
    @property
    def is_sample(self) -> bool: ...
    def input(self) -> bytes: ...
    def answer(self) -> bytes: ...


@dataclass(frozen=True)
class StoredTest:
    """A test in the database."""

    number: int
    id: int
    is_sample: bool

    def input(self) -> bytes:
        """What the program reads."""
        return self._data(TestCase.input)

    def answer(self) -> bytes:
        """What is right."""
        return self._data(TestCase.answer)

    def _data(self, column: InstrumentedAttribute[bytes]) -> bytes:
        content = db.session.scalar(select(column).where(TestCase.id == self.id))
        db.session.rollback()  # nothing of the database is held while the program runs
        if content is None:
            raise NotNow("The tests were changed meanwhile.")
        return content


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

    def note(self, name_of: Callable[[int], str]) -> str:
        """Why it came to that, in a line for organisers; `name_of` a test's number is what they call it."""
        failed = f"on test {name_of(self.failed_number)}" if self.failed_number else ""
        return self.reason or self.compile_output[:LONGEST_NOTE] or failed


class UnreadInputs(Sequence[bytes]):
    """The inputs of tests, each read when it is asked for."""

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
        return [test.input() for test in chosen] if isinstance(chosen, Sequence) else chosen.input()

    def __iter__(self) -> Iterator[bytes]:
        return (test.input() for test in self._tests)


def program_of(problem: Problem, language: str, source: str) -> Program:
    """The program as the problem has it judged."""
    known = LANGUAGES[language]
    return Program(
        language=language,
        source=source.encode(errors="replace"),
        limits=Limits(problem.seconds_for(known), problem.mb_for(known), most_output(_longest_answer(problem.id))),
        rule=rule_of(problem),
        validator=validator_of(problem),
    )


def rules_of(problem: Problem) -> str:
    """All that a verdict depends on but the program and the judge, in a word that changes with it."""
    limits = [(key, problem.seconds_for(known), problem.mb_for(known)) for key, known in LANGUAGES.items()]
    validator = problem.validator and (problem.validator.language, problem.validator.files, problem.validator.flags)
    compared = (problem.comparison, problem.is_case_sensitive, problem.absolute_tolerance, problem.relative_tolerance)
    return sha256(repr((problem.tests_version, limits, compared, validator)).encode()).hexdigest()


def rule_of(problem: Problem | ProblemDetails) -> Rule:
    """How the problem's outputs are compared."""
    tolerances = problem.absolute_tolerance, problem.relative_tolerance
    return Rule(problem.comparison, *tolerances, problem.is_case_sensitive)


def validator_of(problem: Problem) -> ValidatorSource | None:
    """The program that decides for the problem, where it is said to have one."""
    known = problem.validator if problem.comparison == "validator" else None
    return known and ValidatorSource(known.language, known.files, known.flags)


def tests_of(problem_id: int, *, only_samples: bool = False) -> list[StoredTest]:
    """The tests in the order of judging: samples first."""
    query = select(TestCase.id, TestCase.is_sample).where(TestCase.problem_id == problem_id)
    if only_samples:
        query = query.where(TestCase.is_sample)
    rows = db.session.execute(query.order_by(TestCase.is_sample.desc(), TestCase.position, TestCase.id))
    return [StoredTest(number, row.id, row.is_sample) for number, row in enumerate(rows, 1)]


def grade(judge: Judge, program: Program, tests: Sequence[Test], tell: Callable[[int], None]) -> Grade:
    """Run the program on the tests until one fails; `tell(number)` hears of each before it is run.

    JudgeFault where the judge fails; NotNow where the tests were changed meanwhile.
    """
    found, inputs = Grade(total=len(tests)), UnreadInputs(tests)
    try:
        with (
            Decider(program.rule, program.validator) as decider,
            closing(run_by(judge, program, inputs, tell)) as outcomes,
        ):
            for test in tests:
                tell(test.number)
                _add(found, test, next(outcomes), decider)
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
    """Run the program on all inputs and hold each output against its answer, where there is one: `Trial.results`.

    What is too slow ends it: a run counts for nothing, and others wait.
    """
    results = []
    with (
        Decider(program.rule, program.validator) as decider,
        closing(run_by(judge, program, inputs, tell)) as outcomes,
    ):
        for number, (content, answer) in enumerate(zip(inputs, answers, strict=True), 1):
            tell(number)
            results.append(_trial_result(content, answer, next(outcomes), decider))
            if results[-1]["verdict"] == Verdict.TLE.value and number < len(inputs):
                results[-1]["reason"] += " What comes after it was not run."
                break
    return results


def samples_of(problem_id: int) -> tuple[list[bytes], list[bytes | None]]:
    """The inputs and answers of the samples."""
    tests = tests_of(problem_id, only_samples=True)
    return [test.input() for test in tests], [test.answer() for test in tests]


def shown_text(content: bytes, most: int) -> str:
    """Bytes as a page can show them and a database keep them, cut where they are long."""
    text = content[:most].decode(errors="replace").replace("\0", "\ufffd")
    return text if len(content) <= most else f"{text}\n… ({len(content) - most:,} bytes more)"


def most_output(longest_answer: int) -> int:
    """How many bytes a program may write: twice the longest answer, where that is more than usual."""
    return max(USUAL_OUTPUT_BYTES, 2 * longest_answer)


def _longest_answer(problem_id: int) -> int:
    return db.session.scalar(select(func.max(TestCase.answer_bytes)).where(TestCase.problem_id == problem_id)) or 0


def _add(found: Grade, test: Test, outcome: Outcome, decider: Decider) -> None:
    answer = test.answer()
    verdict = outcome.verdict or decider.verdict(Attempt(test.input, answer, outcome.stdout))
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
        found.sample_input = shown_text(test.input(), SHOWN_OUTPUT_BYTES)
        found.sample_answer = shown_text(answer, SHOWN_OUTPUT_BYTES)
        found.sample_output = shown_text(outcome.stdout, SHOWN_OUTPUT_BYTES)
        found.sample_stderr = shown_text(outcome.stderr, SHOWN_STDERR_BYTES)


def _trial_result(content: bytes, answer: bytes | None, outcome: Outcome, decider: Decider) -> dict[str, Any]:
    verdict = outcome.verdict
    if verdict is None and answer is not None:
        verdict = decider.verdict(Attempt(lambda: content, answer, outcome.stdout))
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
