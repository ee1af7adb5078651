"""What one Judge0 server has: languages by their names, and the most it gives a program."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.submissions.judges.base import JudgeFault, Limits, Offer
from app.submissions.judges.judge0_calls import garbled

LARGEST_BATCH = 20
LEAST_WALL_SECONDS, LEAST_MEMORY_KB = 1.0, 2048
EXTRA_SECONDS = 0.5  # so long a program goes on beyond its time: one just above is told from one just below


class Wanted(NamedTuple):
    """How a language is known by its name, in order of preference, and what it is given.

    `runtime_mb` is what the language's own may hold beyond the program's memory.
    """

    names: tuple[str, ...]
    title: str
    options: str = ""
    runtime_mb: int = 0


WANTED = {
    "python": Wanted((r"Python \((3[\d.]*)\)",), "Python 3"),
    "cpp": Wanted((r"C\+\+ \(GCC (\d[\d.]*)\)", r"C\+\+ \(Clang (\d[\d.]*)\)"), "C++", "-O2 -std=c++17"),
    "java": Wanted((r"Java \((?:OpenJDK|JDK) (\d[\d.]*)\)",), "Java", runtime_mb=96),
    "javascript": Wanted((r"JavaScript \(Node(?:\.js)? (\d[\d.]*)\)",), "JavaScript", runtime_mb=96),
}


LARGEST_RUNTIME_MB = max(wanted.runtime_mb for wanted in WANTED.values())


@dataclass(frozen=True)
class Asked:
    """How a program is run over there: `fields` are those of each of its submissions, `memory_kb` the limit among them.

    `shortfall` is a sentence where the server gives less than the problem allows, of time ("TLE"), memory
    ("MLE") or output ("OLE").
    """

    language: str
    limits: Limits
    fields: dict[str, Any]
    memory_kb: int
    file_bytes: int
    wall_seconds: float
    shortfall: dict[str, str] = field(default_factory=dict)


class Server:
    """A server as it tells of itself, by the answers of /languages and /config_info."""

    def __init__(self, languages: Any, config: Any) -> None:
        if not isinstance(languages, list) or not isinstance(config, dict):
            raise garbled("it tells neither languages nor limits")
        self._config: Mapping[str, Any] = config
        self._found = {key: _newest(wanted, languages) for key, wanted in WANTED.items()}
        self.most_seconds = min(self._number("max_cpu_time_limit"), self._number("max_wall_time_limit"))
        self.most_memory_kb = int(self._number("max_memory_limit"))
        self.batch_size = max(1, min(LARGEST_BATCH, int(self._number("max_submission_batch_size", LARGEST_BATCH))))

    def trouble(self) -> JudgeFault | None:
        """Why it runs nothing of ours, whatever it is asked."""
        if self._config.get("maintenance_mode"):
            return JudgeFault("Judge0 is under maintenance.", "Wait until that is over.", True, is_outage=True)
        if not self._config.get("enable_batched_submissions", True):
            fix = "Set ENABLE_BATCHED_SUBMISSIONS there."
            return JudgeFault("Judge0 takes no batches.", fix, is_temporary=False, is_outage=True)
        return None

    def takes_callbacks(self) -> bool:
        """Whether it would call back."""
        return bool(self._config.get("enable_callbacks"))

    def languages(self) -> dict[str, str | None]:
        """Each language's key, with None where it can be judged, else the sentence why not."""
        return {key: self._lacking(key) for key in WANTED}

    def offer(self) -> Offer:
        """What it has, in the words of all judges."""
        versions = {key: name for key, (_, name) in self._known().items()}
        return Offer(versions, self.most_seconds, int((self.most_memory_kb / 1024 - 8 - LARGEST_RUNTIME_MB) / 1.05))

    def told(self) -> str:
        """All of it that matters to a check."""
        limits = sorted((name, str(value)) for name, value in self._config.items() if "max" in name or "enable" in name)
        return f"{self._known()} {limits}"

    def asked(self, language: str, limits: Limits, **further: str) -> Asked:
        """How a program is to be run, with `further` fields; JudgeFault where it cannot."""
        lacking = self._lacking(language) if language in WANTED else "It is not known here."
        if lacking:
            raise JudgeFault(f"Judge0 cannot judge {language}. {lacking}", "Judge in the sandbox.", is_temporary=False)
        wanted = WANTED[language]
        memory_kb = int((limits.memory_mb * 1.05 + 8 + wanted.runtime_mb) * 1024)
        given_kb = max(LEAST_MEMORY_KB, min(memory_kb, self.most_memory_kb))
        wall_seconds = min(max(3 * limits.seconds, limits.seconds + 3), self._number("max_wall_time_limit"))
        wall_seconds = max(LEAST_WALL_SECONDS, wall_seconds)
        file_kb = min(math.ceil(limits.output_bytes / 1024), int(self._number("max_max_file_size")))
        fields = {
            "language_id": self._known()[language][0],
            "cpu_time_limit": min(limits.seconds, self.most_seconds),
            "cpu_extra_time": min(EXTRA_SECONDS, self._number("max_cpu_extra_time")),
            "wall_time_limit": wall_seconds,
            "memory_limit": given_kb,
            "stack_limit": min(given_kb, int(self._number("max_stack_limit"))),
            "max_file_size": file_kb,
            "number_of_runs": 1,
            "redirect_stderr_to_stdout": False,
            "enable_network": False,
            **further,
            **({"compiler_options": wanted.options} if wanted.options else {}),
        }
        shortfall = self._shortfall(limits, memory_kb)
        return Asked(language, limits, fields, given_kb, file_kb * 1024, wall_seconds, shortfall)

    def _shortfall(self, limits: Limits, memory_kb: int) -> dict[str, str]:
        needs = {
            "TLE": (limits.seconds, self.most_seconds, "s"),
            "MLE": (memory_kb / 1024, self.most_memory_kb / 1024, "MB of memory, its language’s own included"),
            "OLE": (limits.output_bytes / 1024, self._number("max_max_file_size"), "kB of output"),
        }
        return {
            verdict: f"The problem allows {needed:,.4g} {unit}; this Judge0 gives {most:,.4g} at most."
            for verdict, (needed, most, unit) in needs.items()
            if needed > most
        }

    def _known(self) -> dict[str, tuple[int, str]]:
        return {key: found for key, found in self._found.items() if found}

    def _lacking(self, key: str) -> str | None:
        wanted, found = WANTED[key], self._found[key]
        if found is None:
            return f"This Judge0 has no {wanted.title}: add it there, or judge in the sandbox."
        if wanted.options and not self._takes_options(found[1]):
            return f"This Judge0 takes no compiler options for {wanted.title}: set ENABLE_COMPILER_OPTIONS there."
        return None

    def _takes_options(self, name: str) -> bool:
        allowed = self._config.get("allowed_languages_for_compile_options") or []
        is_allowed = not allowed or any(name.startswith(str(each)) for each in allowed)
        return bool(self._config.get("enable_compiler_options", True)) and is_allowed

    def _number(self, name: str, otherwise: float | None = None) -> float:
        value = self._config.get(name, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise garbled(f"its config_info has no {name}")
        return float(value)


def _newest(wanted: Wanted, languages: Sequence[Any]) -> tuple[int, str] | None:
    """Id and name of the newest version, of the first of the names that there is any of."""
    for pattern in wanted.names:
        fitting: list[tuple[list[int], int, str]] = []
        for language in filter(lambda each: isinstance(each, dict), languages):
            number, name = language.get("id"), str(language.get("name"))
            match = re.fullmatch(pattern, name)
            if match and isinstance(number, int):
                fitting.append(([int(part) for part in re.findall(r"\d+", match[1])], number, name))
        if fitting:
            _, number, name = max(fitting)
            return number, name
    return None
