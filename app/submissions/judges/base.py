"""What every judge takes and hands over. A judge executes; whether an output is right is decided elsewhere."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """How a judging ended; the value is what tables and pages hold."""

    AC = "AC"
    WA = "WA"
    TLE = "TLE"
    MLE = "MLE"
    OLE = "OLE"
    RTE = "RTE"
    CE = "CE"
    JE = "JE"

    @property
    def full_name(self) -> str:
        """The verdict in words."""
        return FULL_NAMES[self]


FULL_NAMES = {
    Verdict.AC: "Accepted",
    Verdict.WA: "Wrong answer",
    Verdict.TLE: "Time limit exceeded",
    Verdict.MLE: "Memory limit exceeded",
    Verdict.OLE: "Output limit exceeded",
    Verdict.RTE: "Run-time error",
    Verdict.CE: "Compile error",
    Verdict.JE: "Judge error",
}


def verdict_name(key: str) -> str:
    """The verdict with this key in words; one that nobody knows stands as it is."""
    return Verdict(key).full_name if key in set(Verdict) else key


@dataclass(frozen=True)
class Limits:
    """What one run of a program may use, the language's factors already in it."""

    seconds: float
    memory_mb: int
    output_bytes: int = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """One run of a program on one input.

    `verdict` is None where it ran to its end with exit status 0 and its output is to be compared; else one of TLE,
    MLE, OLE and RTE, with `reason` as a sentence. The output may end in the middle of a character.
    """

    verdict: Verdict | None
    stdout: bytes
    stderr: bytes
    cpu_ms: int
    memory_kb: int
    reason: str


class CompileError(Exception):
    """The program does not compile; `output` is what the compiler says."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


class JudgeFault(Exception):
    """The judge itself failed, never the program: why, what to do about it, and whether it may pass by itself.

    With `is_outage` it can run no program at all, whosever: all wait until it can.
    """

    def __init__(self, reason: str, fix: str, is_temporary: bool, *, is_outage: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.fix, self.is_temporary, self.is_outage = reason, fix, is_temporary, is_outage


@dataclass(frozen=True)
class Offer:
    """What a judge says of itself: how it calls each language it has, and the highest limits it keeps to, if any."""

    versions: dict[str, str] = field(default_factory=dict)
    most_seconds: float | None = None
    most_memory_mb: int | None = None


def unheard(_finished: int) -> None:
    """For callers of `Judge.run` who have nothing to do while they wait."""


class Judge(Protocol):
    """Executes programs. Languages go by their keys."""

    name: str
    identity: str  # which one of that name; what was found out about another says nothing of it
    title: str  # as a sentence calls it
    is_remote: bool  # on another machine, whose safety is not ours

    def languages(self) -> dict[str, str | None]:
        """Each language's key, with None where it can be judged, else the sentence why not."""
        ...

    def probe(self) -> list[JudgeFault]:
        """Everything that keeps it from judging at all; empty where it can."""
        ...

    def offer(self) -> Offer:
        """What it has."""
        ...

    def fingerprint(self) -> str:
        """What it is made of, in a word that changes with it."""
        ...

    def run(
        self,
        language: str,
        source: bytes,
        limits: Limits,
        inputs: Sequence[bytes],
        waiting: Callable[[int], None] = unheard,
    ) -> Generator[Outcome, None, None]:
        """One outcome per input, in order, each computed as it is asked for; closing the generator stops and cleans up.

        Compiles first: raises CompileError for the program's fault and JudgeFault for the judge's own. Where it has to
        wait for longer than the limits explain, `waiting(finished)` hears every 20 seconds at least that it still does,
        with the number of inputs that are through.
        """
        ...
