"""What Judge0 says of one run, and what that means: it has no verdict for memory or output, and calls a signal NZEC."""

import base64
import binascii
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.submissions.judges.base import CompileError, JudgeFault, Outcome, Verdict
from app.submissions.judges.judge0_calls import LOG_FIX, Trouble, garbled
from app.submissions.judges.judge0_offer import Asked
from app.submissions.judges.sandbox import NEAR, OUT_OF_MEMORY, SIGNALLED

FIELDS = "token,status_id,stdout,stderr,compile_output,message,time,memory,exit_code,exit_signal"
QUEUED, RUNNING, TIME_LIMIT, COMPILE_ERROR, SIGNAL_OTHER, INTERNAL_ERROR = 1, 2, 5, 6, 12, 13
LONGEST_SECONDS, LARGEST_FIGURE = 86_400, 2**31 - 1  # the most that is believed, and can be stored
ENDED_WELL = (3, 4)  # 4 would be by its own comparison, which is never asked for
SIGNAL_OF = {7: signal.SIGSEGV, 8: signal.SIGXFSZ, 9: signal.SIGFPE, 10: signal.SIGABRT}
# What an interpreter says of a program that it does not even begin to run.
NEVER_BEGAN = {
    "python": re.compile(rb'\A  File "(?!.*Traceback \().*^(Syntax|Indentation|Tab)Error: ', re.DOTALL | re.MULTILINE),
    "javascript": re.compile(
        rb"^SyntaxError: .*\n +at (new Script|wrapSafe|internalCompileFunction|compileSource)", re.MULTILINE
    ),
    "java": re.compile(rb"\AError: Could not find or load main class Main\b"),
}


@dataclass(frozen=True)
class Answer:
    """One submission as the server tells of it; `status` is its id."""

    status: int
    stdout: bytes
    stderr: bytes
    compile_output: bytes
    message: str
    cpu_ms: int
    memory_kb: int
    exit_code: int
    exit_signal: int

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in (QUEUED, RUNNING)

    @property
    def signal(self) -> int:
        """What ended it, 0 for no signal. Programs run below a shell, which reports theirs as an exit status."""
        if self.status in SIGNAL_OF:
            return SIGNAL_OF[self.status]
        told = self.exit_signal if self.status == SIGNAL_OTHER else self.exit_code - SIGNALLED
        return told if told in signal.valid_signals() else 0


def read_answer(told: Any, token: str) -> Answer:
    """The answer about `token`; Trouble where it is not one."""
    if not isinstance(told, dict) or told.get("token", token) != token or type(told.get("status_id")) is not int:
        raise garbled("it tells of another program")
    try:
        return Answer(
            status=int(_figure(told, "status_id", LARGEST_FIGURE)),
            stdout=_plain(told.get("stdout")),
            stderr=_plain(told.get("stderr")),
            compile_output=_plain(told.get("compile_output")),
            message=_plain(told.get("message")).decode(errors="replace"),
            cpu_ms=round(1000 * _figure(told, "time", LONGEST_SECONDS)),
            memory_kb=int(_figure(told, "memory", LARGEST_FIGURE)),
            exit_code=int(_figure(told, "exit_code", LARGEST_FIGURE)),
            exit_signal=int(_figure(told, "exit_signal", LARGEST_FIGURE)),
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise garbled("a field of it is not what it should be") from error


def outcome_of(answer: Answer, asked: Asked) -> Outcome:
    """The outcome of a run that is over; CompileError, or JudgeFault where the server gave too little to tell."""
    if answer.status == COMPILE_ERROR:
        raise CompileError(_said_by_compiler(answer))
    never_began = NEVER_BEGAN.get(asked.language)
    if answer.exit_code and never_began and never_began.search(answer.stderr):
        raise CompileError(answer.stderr.decode(errors="replace"))
    verdict, reason = judged(answer, asked)
    if verdict and verdict.value in asked.shortfall:
        fix = (
            "Raise the limit there (MAX_CPU_TIME_LIMIT, MAX_WALL_TIME_LIMIT, MAX_MEMORY_LIMIT, MAX_MAX_FILE_SIZE), "
            "or lower the problem’s."
        )
        raise JudgeFault(asked.shortfall[verdict.value], fix, is_temporary=False)
    return Outcome(verdict, answer.stdout, answer.stderr, answer.cpu_ms, answer.memory_kb, reason)


def judged(answer: Answer, asked: Asked) -> tuple[Verdict | None, str]:
    """The verdict of one run, None where its output decides, and a sentence on it."""
    limits = asked.limits
    if answer.status in ENDED_WELL:
        is_long = len(answer.stdout) > limits.output_bytes
        return (Verdict.OLE, "It wrote more than it may.") if is_long else (None, "")
    if not QUEUED <= answer.status < INTERNAL_ERROR:
        raise Trouble("lost", f"Judge0 failed to run a program (status {answer.status}).", LOG_FIX)
    if answer.status == TIME_LIMIT and "wall" in answer.message:
        return Verdict.TLE, "It waited for so long that it was stopped."
    if answer.status == TIME_LIMIT:
        return Verdict.TLE, f"It used more than {limits.seconds:g} s of the processor."
    if answer.signal == signal.SIGXFSZ or max(len(answer.stdout), len(answer.stderr)) >= asked.file_bytes:
        return Verdict.OLE, "It wrote more than it may."
    if ran_out_of_memory(answer, asked):
        return Verdict.MLE, f"It ran out of its {limits.memory_mb} MB."
    if answer.signal:
        return Verdict.RTE, f"It was ended by {signal.Signals(answer.signal).name}."
    return Verdict.RTE, f"It ended with exit status {answer.exit_code}."


def ran_out_of_memory(answer: Answer, asked: Asked) -> bool:
    """Whether a program that ended badly says so, or was killed at the limit, where nothing else kills it."""
    was_killed = answer.signal == signal.SIGKILL and answer.memory_kb >= NEAR * asked.memory_kb
    is_full = answer.memory_kb >= asked.memory_kb
    return was_killed or is_full or bool(OUT_OF_MEMORY.search(answer.stderr))


def _said_by_compiler(answer: Answer) -> str:
    return (answer.compile_output.decode(errors="replace") or answer.message).strip() or "It does not compile."


def _figure(told: Mapping[str, Any], name: str, most: float) -> float:
    number = float(told.get(name) or 0)
    if not 0 <= number <= most:  # NaN is not either
        raise ValueError(name)
    return number


def _plain(text: Any) -> bytes:
    """What was encoded, with a new line every 60 characters."""
    if text is None:
        return b""
    try:
        return base64.b64decode(text)
    except binascii.Error as error:
        raise ValueError from error
