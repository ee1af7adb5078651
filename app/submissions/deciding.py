"""Who says whether an output is right: a rule, or the problem's own output validator."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from app.submissions.checking import Rule, is_right
from app.submissions.judges.base import Verdict
from app.submissions.judges.validators import BuiltValidator, ValidatorSource, built


@dataclass(frozen=True)
class Attempt:
    """What a program made of a test: the test's input, to be read where it is needed, its answer, and the output."""

    input: Callable[[], bytes]
    answer: bytes
    output: bytes


class Decider:
    """Decides about the outputs of one program, within a `with`; a validator is built when it is first needed."""

    def __init__(self, rule: Rule, validator: ValidatorSource | None) -> None:
        self._rule, self._source = rule, validator
        self._stack = ExitStack()
        self._validator: BuiltValidator | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def verdict(self, attempt: Attempt) -> Verdict:
        """AC or WA; JudgeFault where the validator does not do its work."""
        if self._source is None:
            is_good = is_right(attempt.output, attempt.answer, self._rule)
        else:
            self._validator = self._validator or self._stack.enter_context(built(self._source))
            is_good = self._validator.accepts(attempt.input(), attempt.answer, attempt.output)
        return Verdict.AC if is_good else Verdict.WA
