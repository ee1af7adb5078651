"""Judging the reference solutions of a package, before anything of it is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.core.jobs import NotNow
from app.packages.limits import TimeLimit, derived
from app.packages.references import Reference
from app.problems import references
from app.problems.languages import LANGUAGES, judged_source
from app.problems.pairs import UnreadPair
from app.problems.service import SECONDS, LimitDetails, ProblemDetails
from app.submissions.grading import Grade, Program, grade, most_output, rule_of
from app.submissions.judges.base import Judge, JudgeFault, Limits, Verdict
from app.submissions.judges.validators import ValidatorSource

LONGEST_MEASURED_SECONDS = 20.0  # that a program is given while nothing states its limit
Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class JudgedReference:
    """What came of a reference solution; `note` says what the judge or the compiler said."""

    name: str
    language: str
    wanted: str
    found: str | None
    cpu_ms: int | None
    memory_kb: int | None
    note: str

    @property
    def is_contradiction(self) -> bool:
        """See `references`."""
        return references.is_contradiction(self)


@dataclass(frozen=True)
class Entrants:
    """What is judged: the problem's details and validator, its tests, its reference solutions."""

    details: ProblemDetails
    validator: ValidatorSource | None
    tests: Sequence[UnreadPair]
    references: Sequence[Reference]


@dataclass(frozen=True)
class UnreadTest:
    """A test of a package for `grade`."""

    number: int
    pair: UnreadPair

    @property
    def is_sample(self) -> bool:
        return self.pair.is_sample

    def input(self) -> bytes:
        """What the program reads."""
        return self.pair.input()

    def answer(self) -> bytes:
        """What is right."""
        return self.pair.answer()


def judge_references(
    judge: Judge, entrants: Entrants, limit: TimeLimit, tell: Tell
) -> tuple[list[JudgedReference], TimeLimit]:
    """Judge them all, the accepted ones first, and work out the time limit from those where none is stated.

    `tell(sentence, seconds)` hears what is done and how long that may take. NotNow where the judge fails for a while.
    """
    tests = [UnreadTest(number, pair) for number, pair in enumerate(entrants.tests, 1)]
    found: dict[str, JudgedReference] = {}
    for one in entrants.references:
        if one.wanted == "AC":
            found[one.name] = _judged(judge, entrants, one, tests, limit.seconds or LONGEST_MEASURED_SECONDS, tell)
    if limit.seconds is None:
        limit = derived(_slowest(entrants.details, list(found.values())), limit)
        limit = replace(limit, seconds=min(limit.seconds or 0, SECONDS[1]))
    for one in entrants.references:
        if one.name not in found:
            found[one.name] = _judged(judge, entrants, one, tests, limit.seconds or 0, tell)
    return [found[one.name] for one in entrants.references], limit


def unjudged(references: Sequence[Reference], why: str) -> list[JudgedReference]:
    """The references where there is no judge to try them."""
    return [JudgedReference(one.name, one.language, one.wanted, None, None, None, why) for one in references]


def _judged(
    judge: Judge, entrants: Entrants, one: Reference, tests: Sequence[UnreadTest], seconds: float, tell: Tell
) -> JudgedReference:
    program = _program(entrants, one, seconds)

    def at_test(number: int) -> None:
        tell(f"{one.name}, test {number} of {len(tests)}", program.longest_seconds)

    try:
        if why := judge.languages()[one.language]:
            return unjudged([one], why)[0]
        came = grade(judge, program, tests, at_test)
    except JudgeFault as fault:
        if fault.is_temporary:
            raise NotNow(f"{fault.reason} {fault.fix}") from fault
        came = Grade(total=len(tests), verdict=Verdict.JE, reason=f"{fault.reason} {fault.fix}")
    note = came.note(lambda number: tests[number - 1].pair.name)
    return JudgedReference(one.name, one.language, one.wanted, came.verdict.value, came.cpu_ms, came.memory_kb, note)


def _program(entrants: Entrants, one: Reference, seconds: float) -> Program:
    own = entrants.details.limits.get(one.language, LimitDetails())
    return Program(
        language=one.language,
        source=judged_source(one.name, one.language, one.source).encode(),
        limits=Limits(
            seconds * _factor(entrants.details, one.language),
            own.memory_mb or entrants.details.memory_limit_mb,
            most_output(max((test.answer_bytes for test in entrants.tests), default=0)),
        ),
        rule=rule_of(entrants.details),
        validator=entrants.validator,
    )


def _factor(details: ProblemDetails, language: str) -> float:
    return details.limits.get(language, LimitDetails()).time_factor or LANGUAGES[language].time_factor


def _slowest(details: ProblemDetails, judged: Sequence[JudgedReference]) -> float | None:
    measured = [
        (one.cpu_ms or 0) / 1000 / _factor(details, one.language) for one in judged if one.found == Verdict.AC.value
    ]
    return max(measured, default=None)
