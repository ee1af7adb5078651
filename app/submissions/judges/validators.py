"""Output validators: programs that decide whether an output is right, compiled and run in boxes like any other.

A validator is started as Kattis and ICPC have it: with the files of the input and of the judges' answer, a folder for
its feedback, and its flags; it reads the output. It ends with 42 where that is right and with 43 where it is wrong;
anything else is a fault of the validator.
"""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.submissions.judges.base import JudgeFault
from app.submissions.judges.box import Ended, run_boxed
from app.submissions.judges.folders import give, private_folder
from app.submissions.judges.launch import BOX_PATH, BOX_USER, MEGABYTE, Bounds, Order
from app.submissions.judges.probing import no_room, probe_once
from app.submissions.judges.recipes import RECIPES, command
from app.submissions.judges.seccomp import seccomp_filter

RIGHT, WRONG = 42, 43
CPU_SECONDS = 20
WALL_SECONDS = 40
VALIDATING_SECONDS = WALL_SECONDS + 30  # with the time to compile it
MEMORY_MB = 1024
KEPT_OUTPUT = MEGABYTE
LONGEST_TOLD = 300
FIX = "Mend the output validator, then have it judged again."
SOURCES = {".py": "python", ".cpp": "cpp", ".cc": "cpp", ".cxx": "cpp", ".java": "java"}


@dataclass(frozen=True)
class ValidatorSource:
    """A validator: its language, its files by name, and its flags as they were written."""

    language: str
    files: Mapping[str, str]
    flags: str

    def sources(self) -> list[str]:
        """The names of the files that are compiled, the first being where it begins."""
        found = [name for name in self.files if SOURCES.get(PurePosixPath(name).suffix) == self.language]
        return sorted(found, key=lambda name: ("main" not in self.files[name], name))


class BuiltValidator:
    """A compiled validator; `folder` is private, `program` the part of it that boxes see as /box."""

    def __init__(self, source: ValidatorSource, folder: Path, program: Path) -> None:
        self._source, self._program, self._case = source, program, folder / "case"
        self._case.mkdir(mode=0o700)
        give(self._case, BOX_USER)

    def accepts(self, asked: bytes, answer: bytes, output: bytes) -> bool:
        """Whether it takes the output; JudgeFault where it ends in any way but the two that mean something."""
        for name, content in (("input", asked), ("answer", answer)):
            (self._case / name).write_bytes(content)
            give(self._case / name, BOX_USER)
        recipe = RECIPES[self._source.language]
        case = ("--ro-bind", str(self._case), "/case", "--size", str(16 * MEGABYTE), "--tmpfs", "/feedback")
        order = Order(
            [*self._started(), "/case/input", "/case/answer", "/feedback/", *shlex.split(self._source.flags)],
            [*recipe.mounts(), "--ro-bind", str(self._program), "/box", *case],
            seccomp_filter(can_fork=False),
            _bounds(recipe.limited, recipe.spare_mb, recipe.processes),
        )
        ended = run_boxed(order, output)
        if ended.beyond or ended.status not in (RIGHT, WRONG):
            raise JudgeFault(f"The output validator {_told(ended)}", FIX, is_temporary=False)
        return ended.status == RIGHT

    def _started(self) -> list[str]:
        first = self._source.sources()[0]
        if self._source.language == "python":
            return command(("python3", "-s", "-S", f"/box/{first}"), 0, BOX_PATH)
        run = [part.replace("{memory}", str(MEMORY_MB)) for part in RECIPES[self._source.language].run]
        if self._source.language == "java":
            run[-1] = PurePosixPath(first).stem
        return command(tuple(run), 0, BOX_PATH)


@contextmanager
def built(source: ValidatorSource) -> Iterator[BuiltValidator]:
    """The validator, for as long as the block lasts; JudgeFault where boxes do not hold or it does not compile."""
    for fault in probe_once():
        raise fault
    try:
        with private_folder(BOX_USER) as folder:
            yield BuiltValidator(source, folder, _compiled(source, folder))
    except OSError as error:
        raise no_room(error) from error


def _compiled(source: ValidatorSource, folder: Path) -> Path:
    given, made = folder / "given", folder / "made"
    for part in (given, made):
        part.mkdir(mode=0o700)
        give(part, BOX_USER)
    for name, text in source.files.items():
        (given / name).write_text(text)
        give(given / name, BOX_USER)
    recipe = RECIPES[source.language]
    if source.language == "python":
        return given
    compiler = tuple(part for part in recipe.compile if not part.startswith("/box/"))
    order = Order(
        command((*compiler, *(f"/box/{name}" for name in source.sources())), 0, BOX_PATH),
        [*recipe.mounts(), "--ro-bind", str(given), "/box", "--bind", str(made), "/out"],
        seccomp_filter(can_fork=True),
        recipe.compile_bounds(),
    )
    ended = run_boxed(order)
    if ended.beyond or ended.status:
        raise JudgeFault(f"The output validator does not compile: {_said(ended)}", FIX, is_temporary=False)
    return made


def _bounds(limited: str, spare_mb: int, processes: int) -> Bounds:
    return Bounds(
        cpu_seconds=CPU_SECONDS,
        wall_seconds=WALL_SECONDS,
        memory_mb=MEMORY_MB + spare_mb,
        output_bytes=KEPT_OUTPUT,
        tmp_mb=64,
        prlimit=(
            f"--{limited}={(MEMORY_MB + spare_mb) * MEGABYTE}",
            f"--nproc={processes}",
            f"--stack={64 * MEGABYTE}",
            f"--fsize={16 * MEGABYTE}",
        ),
    )


def _told(ended: Ended) -> str:
    if ended.beyond:
        what = {"cpu": f"{CPU_SECONDS} s", "wall": f"{WALL_SECONDS} s", "memory": f"{MEMORY_MB} MB", "output": "1 MB"}
        return f"was stopped: it went beyond {what[ended.beyond]}."
    return f"ended with {ended.status}, which is neither {RIGHT} nor {WRONG}. {_said(ended)}"


def _said(ended: Ended) -> str:
    return (ended.stdout + ended.stderr).decode(errors="replace").replace("\0", "\ufffd").strip()[-LONGEST_TOLD:]
