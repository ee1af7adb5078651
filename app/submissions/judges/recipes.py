"""How each language is compiled and run in a box."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from app.submissions.judges.base import Limits
from app.submissions.judges.launch import BOX_PATH, MEGABYTE, Bounds

COMPILE_SECONDS = 10
PYTHON_CHECK = """
import sys
try:
    compile(open("/box/main.py", "rb").read(), "main.py", "exec")
except Exception as error:
    sys.excepthook(type(error), error.with_traceback(None), None)
    sys.exit(1)
"""
# What the module site brings that programs use, without its time and without the packages of this machine.
PYTHON_RUN = """
def prepare():
    import builtins, sys
    builtins.exit = builtins.quit = sys.exit
    sys.argv = ["/box/main.py"]
    def tell(kind, error, trace):
        sys.__excepthook__(kind, error.with_traceback(trace and trace.tb_next), None)
    sys.excepthook = tell
prepare()
del prepare
__file__ = "/box/main.py"
exec(compile(open(__file__, "rb").read(), __file__, "exec"))
"""
SMALL_JAVA = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto")


@dataclass(frozen=True)
class Recipe:
    """One language in boxes.

    A command begins with the name of a program that is installed, or a path in the box; `{memory}` stands for the
    limit in MB. While compiling, the source lies in /box and what is made goes to /out. While running, /box holds what
    was `made`, or the source again where nothing is. A runtime that reserves more address space than it uses is
    limited in its `data` instead, and needs `spare_mb` beyond the program's memory; `runtime_mb` of it may be in use,
    because a collector lets garbage grow to the limit of the heap. Threads count as `processes`. Where the address
    space is limited, so is the stack, and needs no bound: one would be what every thread reserves at its start.
    """

    source: str
    package: str
    compile: tuple[str, ...]
    run: tuple[str, ...]
    made: str = ""
    limited: str = "as"
    spare_mb: int = 0
    runtime_mb: int = 0
    processes: int = 16
    stack_bytes: int | None = None
    compile_limits: tuple[str, ...] = ("--as=1073741824", "--nproc=32")
    settings: str = ""

    def fault(self, path: str = BOX_PATH) -> str | None:
        """Why it cannot be used here, and what helps; None where it can."""
        for name in self.programs():
            if program(name, path) is None:
                return f"{name} is not installed: apt-get install {self.package}"
        return None

    def programs(self) -> list[str]:
        """The names of the programs that must be installed."""
        return [name for name in (self.compile[0], self.run[0]) if not name.startswith("/")]

    def mounts(self) -> list[str]:
        """Options of bubblewrap for the settings that the language's programs read outside /usr."""
        folders = sorted(Path("/etc").glob(self.settings)) if self.settings else []
        return [part for folder in folders for part in ("--ro-bind", str(folder), str(folder))]

    def run_bounds(self, limits: Limits) -> Bounds:
        """What one run may use."""
        return Bounds(
            cpu_seconds=limits.seconds,
            wall_seconds=max(3 * limits.seconds, limits.seconds + 3),
            memory_mb=limits.memory_mb * 1.05 + 8 + self.runtime_mb,
            output_bytes=limits.output_bytes,
            tmp_mb=64,
            prlimit=(
                f"--{self.limited}={(limits.memory_mb + self.spare_mb) * MEGABYTE}",
                f"--nproc={self.processes}",
                f"--stack={self.stack_bytes or 'unlimited'}",
                f"--fsize={16 * MEGABYTE}",
            ),
        )

    def compile_bounds(self) -> Bounds:
        """What the compiler may use."""
        return Bounds(
            cpu_seconds=COMPILE_SECONDS,
            wall_seconds=2 * COMPILE_SECONDS,
            memory_mb=1200,
            output_bytes=64 * 1024,
            tmp_mb=128,
            prlimit=(*self.compile_limits, f"--fsize={32 * MEGABYTE}", f"--stack={64 * MEGABYTE}"),
        )


def command(parts: tuple[str, ...], memory_mb: int, path: str = BOX_PATH) -> list[str]:
    """The command with its program's path and the limit on memory put in."""
    first = parts[0] if parts[0].startswith("/") else program(parts[0], path) or parts[0]
    return [first, *(part.replace("{memory}", str(memory_mb)) for part in parts[1:])]


def program(name: str, path: str) -> str | None:
    """Where the program lies, if that is where boxes can see it."""
    found = shutil.which(name, path=path)
    return found if found and str(Path(found).resolve()).startswith("/usr/") else None


RECIPES = {
    "python": Recipe(
        source="main.py",
        package="python3",
        compile=("python3", "-I", "-S", "-c", PYTHON_CHECK),
        run=("python3", "-I", "-S", "-c", PYTHON_RUN),
    ),
    "cpp": Recipe(
        source="main.cpp",
        package="g++",
        compile=("g++", "-std=c++17", "-O2", "-o", "/out/a.out", "/box/main.cpp"),
        run=("/box/a.out",),
        made="a.out",
    ),
    "java": Recipe(
        source="Main.java",
        package="default-jdk-headless",
        compile=(
            *("javac", "-J-Xmx256m", *(f"-J{option}" for option in SMALL_JAVA)),
            *("-proc:none", "-encoding", "UTF-8", "-d", "/out", "/box/Main.java"),
        ),
        run=(
            *("java", "-Xmx{memory}m", "-Xss16m", *SMALL_JAVA, "-XX:MaxMetaspaceSize=64m"),
            *("-XX:ReservedCodeCacheSize=32m", "-XX:ErrorFile=/dev/null", "-cp", "/box", "Main"),
        ),
        made="Main.class",
        limited="data",
        spare_mb=384,
        runtime_mb=96,
        processes=64,
        stack_bytes=8 * MEGABYTE,
        compile_limits=("--data=671088640", "--nproc=64"),
        settings="java-*",
    ),
    "javascript": Recipe(
        source="main.js",
        package="nodejs",
        compile=("node", "--check", "/box/main.js"),
        run=("node", "--max-old-space-size={memory}", "--stack-size=4000", "/box/main.js"),
        limited="data",
        spare_mb=128,
        runtime_mb=96,
        processes=32,
        stack_bytes=8 * MEGABYTE,
        compile_limits=("--data=671088640", "--nproc=64"),
    ),
}
