"""Programs that show what a judge does: one for each language and verdict, and those that try to do harm.

A file is named for what it is and its language. Those in `hostile` say "held" where every attempt was refused.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
INPUT, ANSWER = b"21\n", b"42\n"
HELD = b"held\n"


@dataclass(frozen=True)
class Specimen:
    """One program, `verdicts` any of which is right, and the answer that AC means.

    `is_for_all`: any judge must hold it, also one whose machine is not ours and may be harmed without harm to us.
    """

    title: str
    file: str
    verdicts: frozenset[str]
    answer: bytes
    is_hostile: bool
    is_for_all: bool

    @property
    def language(self) -> str:
        """The key of its language."""
        return self.file.rpartition(".")[2]

    @property
    def source(self) -> bytes:
        """The program."""
        return (FOLDER / self.file).read_bytes()


def hostile(name: str, title: str, verdicts: str = "AC", *, is_for_all: bool = False) -> Specimen:
    """A program that tries to do harm; AC means that it says it was held."""
    return Specimen(title, f"hostile/{name}", frozenset(verdicts.split()), HELD, True, is_for_all)


ORDINARY = tuple(
    Specimen(verdict, f"verdicts/{verdict}.{language}", frozenset({verdict}), ANSWER, False, True)
    for language in ("python", "cpp", "java", "javascript")
    for verdict in ("AC", "WA", "TLE", "MLE", "OLE", "RTE", "CE")
)
HOSTILE = (
    hostile("templates.cpp", "Keep the compiler busy for ever", "CE", is_for_all=True),
    hostile("sleep.python", "Sleep for ever", "TLE", is_for_all=True),
    hostile("no-signals.python", "Run for ever, deaf to signals", "TLE", is_for_all=True),
    hostile("threads.cpp", "Use four processors for ever", "TLE", is_for_all=True),
    hostile("fork-bomb.python", "Fork without end"),
    hostile("fork-bomb.cpp", "Fork without end"),
    hostile("other-program.java", "Start another program"),
    hostile("other-program.javascript", "Start another program"),
    hostile("daemon.python", "Leave a process behind"),
    hostile("shared-memory.cpp", "Take all memory, shared", "MLE"),
    hostile("buffers.javascript", "Take all memory, outside the heap", "MLE RTE"),
    hostile("endless-errors.python", "Write errors without end", "OLE", is_for_all=True),
    hostile("big-file.python", "Fill the disk"),
    hostile("network.python", "Reach the network, or sockets of this machine"),
    hostile("elsewhere.python", "Reach another machine", is_for_all=True),
    hostile("secrets.python", "Read the site's secrets"),
    hostile("outside.python", "Write outside the box"),
    hostile("kill-others.python", "Kill other processes"),
    hostile("first-process.python", "Take over the first process of its box"),
    hostile("input.python", "Change its input"),
    hostile("privileges.python", "Gain rights"),
    hostile("include-zeros.cpp", "Include a file without end", "CE"),
    hostile("include-secret.cpp", "Include a file of this machine", "CE"),
    hostile("embed-secret.cpp", "Embed a file of this machine", "CE"),
    hostile("huge-array.cpp", "Make a program of three gigabytes", "CE"),
    hostile("macros.cpp", "Expand macros without end", "CE"),
)
