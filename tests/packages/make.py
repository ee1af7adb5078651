"""Problem packages, made for tests: all words and pictures in them are our own."""

import io
import stat
import zipfile
from collections.abc import Mapping

from PIL import Image

YAML = """name: Twice
author: The club
source: The club's own
license: cc by-sa
keywords: arithmetic, first
limits: {time_limit: 1.5, memory: 128}
"""
STATEMENT = r"""\problemname{Twice}
\illustration{0.3}{dots.png}{Dots}
Say \emph{twice} the number $n$.
\section*{Input}
One number~$n$ ($1 \leq n \leq 10^9$).
"""
RIGHT = b"print(2 * int(input()))\n"
WRONG = b"print(int(input()) + 1)\n"
OURS = (
    "mlbattle: {difficulty: hard, category: Arrays, points: 40, hints: [Sort., Hash.], constraints: '$n < 9$',"
    " languages: {python: {time_factor: 4, memory: 200}}}\n"
)


def picture(form: str = "PNG") -> bytes:
    """A small picture."""
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(target, form)
    return target.getvalue()


GOOD: dict[str, bytes] = {
    "problem.yaml": YAML.encode(),
    "problem_statement/problem.tex": STATEMENT.encode(),
    "problem_statement/dots.png": picture(),
    "data/sample/1.in": b"21\n",
    "data/sample/1.ans": b"42\n",
    "data/secret/10.in": b"5\n",
    "data/secret/10.ans": b"10\n",
    "data/secret/9.in": b"8\n",
    "data/secret/9.ans": b"16\n",
    "submissions/accepted/right.py": RIGHT,
    "submissions/wrong_answer/wrong.py": WRONG,
    "submissions/run_time_error/.gitkeep": b"",
}


def changed(changes: Mapping[str, bytes | str | None], good: Mapping[str, bytes] = GOOD) -> dict[str, bytes]:
    """The good package with other files, and without those that are None."""
    files = {path: content.encode() if isinstance(content, str) else content for path, content in changes.items()}
    return {path: content for path, content in {**good, **files}.items() if content is not None}


def damaged(content: bytes, path: str) -> bytes:
    """The ZIP with one wrong byte within a file, of which its directory says nothing."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo(path).header_offset + 30 + len(path.encode()) + 1
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def zipped(files: Mapping[str, bytes], folder: str = "twice", links: Mapping[str, str] | None = None) -> bytes:
    """A ZIP of the package in a folder."""
    target = io.BytesIO()
    before = f"{folder}/" if folder else ""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(before + path, content)
        for path, leads_to in (links or {}).items():
            member = zipfile.ZipInfo(before + path)
            member.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(member, leads_to)
    return target.getvalue()
