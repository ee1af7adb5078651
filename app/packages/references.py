"""The programs in a package of which somebody knows the verdict."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.core.archives import Files
from app.packages.sheets import PackageRefused, text_of

FOLDER = "submissions/"
EXPECTATIONS = "submissions/submissions.yaml"
LANGUAGES_OF = {
    **dict.fromkeys((".py", ".py3"), "python"),
    **dict.fromkeys((".cpp", ".cc", ".cxx", ".c++"), "cpp"),
    ".java": "java",
    **dict.fromkeys((".js", ".mjs"), "javascript"),
}
HEADERS = {".h", ".hh", ".hpp", ".hxx"}
NO_PROGRAMS = HEADERS | {"", ".txt", ".md", ".yaml", ".yml", ".in", ".ans", ".class", ".pyc"}
LARGEST_BYTES = 256 * 1024
REJECTED = "rejected"
WANTED = {
    **dict.fromkeys(("accepted", "ac", "correct", "slow_accepted"), "AC"),
    **dict.fromkeys(("wrong_answer", "wrong", "wa"), "WA"),
    **dict.fromkeys(("time_limit_exceeded", "time_limit", "timelimit", "tle"), "TLE"),
    **dict.fromkeys(("run_time_error", "runtime_error", "runtime_exception", "rte"), "RTE"),
    **dict.fromkeys(("memory_limit_exceeded", "memory_limit", "mle"), "MLE"),
    **dict.fromkeys(("output_limit_exceeded", "output_limit", "ole"), "OLE"),
    **dict.fromkeys(("compile_error", "compiler_error", "ce"), "CE"),
    **dict.fromkeys(("rejected", "incorrect"), REJECTED),
}


@dataclass(frozen=True)
class Reference:
    """One program: its path below submissions/, and what its folder says of it; "" where that is no known verdict."""

    name: str
    language: str
    source: str
    wanted: str


def references(files: Files, doubts: list[str]) -> tuple[Reference, ...]:
    """The reference solutions; of what cannot be judged here, and of folders that mean nothing, the doubts tell."""
    found = list(_found(files, doubts))
    if EXPECTATIONS in files.paths():
        doubts.append(f"{EXPECTATIONS} is not followed: what is expected of a program is what its folder says.")
    unknown = {one.name.split("/")[0] for one in found if not one.wanted}
    told = "is no verdict that is known: what is in it is judged, and only told."
    doubts += [f"submissions/{folder}/ {told}" for folder in sorted(unknown)]
    return tuple(found)


def _found(files: Files, doubts: list[str]) -> Iterator[Reference]:
    programs = [path for path in files.paths() if _is_program(path)]
    headers = [path for path in files.paths() if PurePosixPath(path).suffix.lower() in HEADERS]
    for path in programs:
        parts = PurePosixPath(path).parts
        own = "/".join(parts[:3]) + "/"
        beside = [other for other in (*programs, *headers) if len(parts) > 3 and other.startswith(own)]
        language = LANGUAGES_OF.get(PurePosixPath(path).suffix.lower())
        if language is None:
            doubts.append(f"{path} is in a language that is not judged here.")
        elif len(beside) > 1:
            doubts.append(f"{path} is one of several files of a program, which is not judged here.")
        elif files.size(path) > LARGEST_BYTES:
            doubts.append(f"{path} is larger than {LARGEST_BYTES // 1024} kB, and not judged.")
        else:
            try:
                source = text_of(path, files.read(path))
            except PackageRefused as refusal:
                doubts.append(f"{refusal} So it is not judged.")
                continue
            name = path.removeprefix(FOLDER)
            yield Reference(name, language, source, WANTED.get(_folded(parts[1]), ""))


def _is_program(path: str) -> bool:
    at = PurePosixPath(path)
    return path.startswith(FOLDER) and len(at.parts) > 2 and at.suffix.lower() not in NO_PROGRAMS


def _folded(folder: str) -> str:
    return re.sub(r"[\s-]+", "_", folder.lower())
