"""The embedded judge: every run in a fresh box of this machine, nothing to install but bubblewrap and the compilers."""

import hashlib
import platform
import re
import signal
import struct
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from app.submissions.judges.base import CompileError, JudgeFault, Limits, Offer, Outcome, Verdict, unheard
from app.submissions.judges.box import Ended, run_boxed
from app.submissions.judges.folders import give, private_folder
from app.submissions.judges.launch import BOX_PATH, BOX_USER, MEGABYTE, Order
from app.submissions.judges.probing import no_room, probe
from app.submissions.judges.recipes import COMPILE_SECONDS, RECIPES, Recipe, command, program
from app.submissions.judges.seccomp import seccomp_filter

# As runtimes say it, at the beginning of a line: a program may speak of memory, too.
OUT_OF_MEMORY = re.compile(
    rb"^(MemoryError\b|OSError: \[Errno 12\]|terminate called after throwing an instance of 'std::bad_alloc'"
    rb"|FATAL ERROR: .*heap out of memory|RangeError: Array buffer allocation failed"
    rb"|(\S.* )?java\.lang\.OutOfMemoryError: (Java heap space|Metaspace))",
    re.MULTILINE,
)
NEAR = 0.9
SIGNALLED = 128
LOADED = 1  # PT_LOAD, a part of a program that is mapped into memory
OF_LIBRARIES_MB = 6
# The kernel does not start a program whose variables alone are larger than it may be; it looks like a crash.
NEVER_BEGAN = Ended("memory", 0, b"", b"", 0, 0)


class Sandbox:
    """The judge that runs programs here. Programs of languages are looked for on `path`."""

    name = identity = "sandbox"
    title, is_remote = "the sandbox", False

    def __init__(self, path: str = BOX_PATH) -> None:
        self._path = path
        self._is_sound = False

    def languages(self) -> dict[str, str | None]:
        """Each language's key, with None where it can be judged, else the sentence why not."""
        return {key: recipe.fault(self._path) for key, recipe in RECIPES.items()}

    def probe(self) -> list[JudgeFault]:
        """What is wrong with the boxes of this machine; looked at until it is right, then taken as such."""
        faults = [] if self._is_sound else probe()
        self._is_sound = not faults
        return faults

    def offer(self) -> Offer:
        """Nothing that goes without saying: its languages are those of this machine, and it gives what is asked."""
        return Offer()

    def fingerprint(self) -> str:
        """The kernel, this judge's own code, and the programs that it uses, as they were last changed."""
        names = ["bwrap", "prlimit", *(name for recipe in RECIPES.values() for name in recipe.programs())]
        found = [program(name, self._path) for name in names]
        files = [Path(path) for path in found if path] + sorted(Path(__file__).parent.glob("*.py"))
        told = [platform.release(), *(f"{file.resolve()} {file.stat().st_mtime_ns}" for file in files)]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]

    def run(
        self,
        language: str,
        source: bytes,
        limits: Limits,
        inputs: Sequence[bytes],
        waiting: Callable[[int], None] = unheard,
    ) -> Generator[Outcome, None, None]:
        """One outcome per input; see `Judge`. Refuses with a JudgeFault unless boxes hold; never waits for others."""
        for fault in self.probe():
            raise fault
        try:
            yield from self._run(self._recipe(language), source, limits, inputs)
        except OSError as error:
            raise no_room(error) from error

    def _run(
        self, recipe: Recipe, source: bytes, limits: Limits, inputs: Sequence[bytes]
    ) -> Generator[Outcome, None, None]:
        with private_folder(BOX_USER) as folder:
            made = self._compile(recipe, source, folder)
            order = Order(
                command(recipe.run, limits.memory_mb, self._path),
                [*recipe.mounts(), "--ro-bind", str(made), "/box"],
                seccomp_filter(can_fork=False),
                recipe.run_bounds(limits),
            )
            is_too_large = recipe.made and static_mb(made / recipe.made) > limits.memory_mb - OF_LIBRARIES_MB
            for content in inputs:
                ended = NEVER_BEGAN if is_too_large else run_surely(order, content)
                yield outcome_of(ended, limits, limits.memory_mb + recipe.runtime_mb)

    def _recipe(self, language: str) -> Recipe:
        if language not in RECIPES:
            raise JudgeFault(f"The sandbox does not know {language}.", "Switch that language off.", is_temporary=False)
        if fault := RECIPES[language].fault(self._path):
            reason, fix = fault.split(": ", 1)
            raise JudgeFault(f"{reason}.", fix, is_temporary=False)
        return RECIPES[language]

    def _compile(self, recipe: Recipe, source: bytes, folder: Path) -> Path:
        """The folder that runs are to see as /box; CompileError with what the compiler says."""
        given, made = folder / "given", folder / "made"
        for part in (given, made):
            part.mkdir(mode=0o700)
        (given / recipe.source).write_bytes(source)
        for path in (given / recipe.source, given, made):
            give(path, BOX_USER)
        order = Order(
            command(recipe.compile, 0, self._path),
            [*recipe.mounts(), "--ro-bind", str(given), "/box", "--bind", str(made), "/out"],
            seccomp_filter(can_fork=True),
            recipe.compile_bounds(),
        )
        ended = run_surely(order)
        if ended.status or ended.beyond:
            raise CompileError(compiler_output(ended))
        if recipe.made and not (made / recipe.made).is_file():
            raise CompileError(f"The compiler made no {recipe.made}: it needs a class Main, and no “package” line.")
        return made if recipe.made else given


def run_surely(order: Order, stdin: bytes = b"") -> Ended:
    """Run the order in a box; once more where it was killed, which somebody outside or a full machine may have done."""
    ended = run_boxed(order, stdin)
    was_killed = ended.status == SIGNALLED + signal.SIGKILL and not ended.beyond
    return run_boxed(order, stdin) if was_killed else ended


def static_mb(made: Path) -> float:
    """The MB that a compiled program (ELF, 64 bit) takes before its first line; 0 for what is no such file."""
    content = made.read_bytes()
    if not content.startswith(b"\x7fELF"):
        return 0
    begin, (size, count) = struct.unpack_from("=Q", content, 32)[0], struct.unpack_from("=HH", content, 54)
    parts = (struct.unpack_from("=II6Q", content, begin + number * size) for number in range(count))
    return sum(in_memory for kind, *_, in_memory, _align in parts if kind == LOADED) / MEGABYTE


def compiler_output(ended: Ended) -> str:
    """What a member is shown of a compiler that refused or was stopped."""
    said = (ended.stdout + ended.stderr).decode(errors="replace").strip()
    why = {
        "cpu": f"The compiler was stopped after {COMPILE_SECONDS} seconds.",
        "wall": f"The compiler was stopped after {2 * COMPILE_SECONDS} seconds.",
        "memory": "The compiler was stopped: it needed too much memory.",
    }.get(ended.beyond, "")
    return "\n".join(filter(None, (said, why))) or f"The compiler ended with exit status {ended.status}."


def outcome_of(ended: Ended, limits: Limits, most_mb: float) -> Outcome:
    """The outcome of one run that might hold `most_mb`, the language's own included.

    That memory ran out is inferred: the kernel only lets allocations fail.
    """
    verdict, reason = judged(ended, limits, most_mb)
    return Outcome(verdict, ended.stdout, ended.stderr, ended.cpu_ms, ended.memory_kb, reason)


def judged(ended: Ended, limits: Limits, most_mb: float) -> tuple[Verdict | None, str]:
    """The verdict of one run, None where its output decides, and a sentence on it."""
    number = ended.status - SIGNALLED
    if ended.beyond == "cpu":
        return Verdict.TLE, f"It used more than {limits.seconds:g} s of the processor."
    if ended.beyond == "wall":
        return Verdict.TLE, "It waited for so long that it was stopped."
    if ended.beyond == "memory" or (ended.status and ran_out_of_memory(ended, most_mb)):
        return Verdict.MLE, f"It ran out of its {limits.memory_mb} MB."
    if ended.beyond == "output" or number == signal.SIGXFSZ:
        return Verdict.OLE, "It wrote more than it may."
    if number in signal.valid_signals():
        return Verdict.RTE, f"It was ended by {signal.Signals(number).name}."
    if ended.status:
        return Verdict.RTE, f"It ended with exit status {ended.status}."
    return None, ""


def ran_out_of_memory(ended: Ended, most_mb: float) -> bool:
    """Whether a program that ended badly says so, or was near the limit."""
    is_near = ended.memory_kb >= NEAR * most_mb * 1024
    return is_near or bool(OUT_OF_MEMORY.search(ended.stderr))
