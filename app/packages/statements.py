"""The statements of a package: LaTeX or Markdown, in every language that there is, with their pictures."""

import re
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from app.core.archives import Files
from app.core.markup import MarkupFault, latex_to_markdown
from app.core.text import one_line
from app.packages.pictures import PICTURES, Picture, PictureFault, picture
from app.packages.sheets import refused, text_of
from app.problems.service import LONGEST

PATH = re.compile(r"(?:problem_statement|statement)/problem(?:\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?\.(tex|md)")
PDF = re.compile(r"(?:problem_statement|statement)/problem(\.[A-Za-z-]+)?\.pdf")
LARGEST_BYTES = 256 * 1024
MOST_PICTURES = 30
# What packages use beyond LaTeX: pandoc follows these as it would in a document.
MACROS = r"""\newcommand{\illustration}[3]{\begin{figure}\includegraphics{#2}\caption{#3}\end{figure}}
\newcommand{\nextsample}{}\newcommand{\remainingsamples}{}
"""
PROBLEM_NAME = re.compile(r"\\problemname\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
NOT_FOLLOWED = re.compile(r"\\(input|include|begin\{tikzpicture\})(?![a-z])")
TEX_PICTURE = re.compile(r"(\\includegraphics\s*(?:\[[^\]]*\])?\s*\{|\\illustration\s*\{[^{}]*\}\s*\{)([^{}]*)(\})")
# Names with spaces are common though Markdown has them in angles only.
MARKDOWN_PICTURE = re.compile(r"""(!\[[^\]]*\]\()(<[^<>\n]+>|[^()<>"'\n]+?)(\s*(?:["'][^)]*)?\))""")
SAMPLE_MARKS = re.compile(r"^\s*(\{\{(next|remaining)samples?\}\}|\\(next|remaining)samples?)\s*$", re.MULTILINE)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class Statement:
    """One statement as Markdown; `title` is what it calls itself, empty where it does not."""

    language: str
    title: str
    source: str


@dataclass(frozen=True)
class Statements:
    """All of them, the main one first, and the pictures that they show."""

    all: tuple[Statement, ...]
    pictures: tuple[Picture, ...]


def statements(files: Files, doubts: list[str], *, is_ours: bool) -> Statements:
    """What the package says, in all its languages; PackageRefused where it says nothing that can be shown.

    Where samples are to stand is told by marks, which pages of ours have no use for; what `is_ours` has no marks.
    """
    paths = _paths(files, doubts)
    with ThreadPoolExecutor() as pool:
        reader = _Reader(files, doubts, pool, is_ours=is_ours)
        found = [reader.read(language, paths[language]) for language in sorted(paths, key=_main_first)]
        pictures = reader.pictures()
    if found[0].language != "en":
        doubts.append(f"There is no statement in English; the one in “{found[0].language}” is shown first.")
    return Statements(tuple(found), pictures)


def _paths(files: Files, doubts: list[str]) -> dict[str, str]:
    paths: dict[str, str] = {}
    for path in files.paths():
        if found := PATH.fullmatch(path):
            language = (found[1] or "en").lower()
            if language in paths:
                doubts.append(f"{paths[language]} is not taken: {path} is in the same language, and counts.")
            paths[language] = path
    if not paths:
        for path in files.paths():
            if PDF.fullmatch(path):
                raise refused(path, "the statement is there as a PDF only; it is taken in LaTeX or Markdown.")
        raise refused("problem_statement/problem.en.md", "it is missing, and so is problem.tex: there is no statement.")
    return paths


def _main_first(language: str) -> tuple[bool, bool, str]:
    return language != "en", not language.startswith("en"), language


def _plain(name: str) -> str:
    """The name that a picture has here: with signs that an address and Markdown leave alone."""
    return re.sub(r"[^A-Za-z0-9._/-]+", "-", name)


class _Reader:
    """Pictures are made in `pool` while pandoc converts: both take longer than all else of a package."""

    def __init__(self, files: Files, doubts: list[str], pool: Executor, *, is_ours: bool) -> None:
        self._is_ours = is_ours
        self._files, self._doubts, self._pool, self._there = files, doubts, pool, set(files.paths())
        self._in_making: dict[str, tuple[str, Future[Picture]]] = {}

    def read(self, language: str, path: str) -> Statement:
        """One statement, converted."""
        if len(language) > LONGEST["language"]:
            raise refused(path, f"the tag of a language has at most {LONGEST['language']} characters.")
        if self._files.size(path) > LARGEST_BYTES:
            raise refused(path, f"it has more than {LARGEST_BYTES // 1024} kB, which no statement needs.")
        text = text_of(path, self._files.read(path)).replace("\r\n", "\n")
        if not text.strip():
            raise refused(path, "it is empty.", 1)
        is_latex = path.endswith(".tex")
        pattern = TEX_PICTURE if is_latex else MARKDOWN_PICTURE
        text = pattern.sub(lambda found: self._with_picture(path, text, found), text)
        title = PROBLEM_NAME.search(text) if is_latex else None
        source = self._from_latex(path, text) if is_latex else text if self._is_ours else SAMPLE_MARKS.sub("", text)
        if len(source.strip()) > LONGEST["statement"]:
            raise refused(
                path, f"it has {len(source.strip()):,} characters; at most {LONGEST['statement']:,} are taken."
            )
        name = one_line(title[1]) if title else ""
        return Statement(language, "" if "\\" in name or "$" in name else name, source.strip())

    def _from_latex(self, path: str, text: str) -> str:
        for found in NOT_FOLLOWED.finditer(text):
            line = text[: found.start()].count("\n") + 1
            self._doubts.append(f"{path}, line {line}: \\{found[1]} is not followed.")
        try:
            return latex_to_markdown(MACROS + PROBLEM_NAME.sub("", text))
        except MarkupFault:
            self._doubts.append(f"{path}: it cannot be converted, so it is shown as it was written.")
            fence = "`" * (3 + max((len(run) for run in re.findall("`+", text)), default=0))
            return f"{fence}\n{text}\n{fence}"

    def _with_picture(self, path: str, text: str, found: re.Match[str]) -> str:
        asked = found[2].strip().strip("<>").strip()
        if re.match(r"[a-z]+:", asked):
            return found[0]
        name = self._picture_name(path, asked)
        line = text[: found.start()].count("\n") + 1
        if name is None:
            self._doubts.append(f"{path}, line {line}: the picture “{asked[:80]}” is not in the package.")
            return f"{found[1]}{_plain(asked)}{found[3]}"
        if name not in self._in_making:
            making = self._pool.submit(self._picture, path, name, len(self._in_making))
            self._in_making[name] = f"{path}, line {line}", making
        return f"{found[1]}{_plain(name)}{found[3]}"

    def _picture_name(self, path: str, asked: str) -> str | None:
        folder = PurePosixPath(path).parent
        plain = asked.removeprefix("./")
        names = [name + ending for name in (plain, unquote(plain)) for ending in ("", *PICTURES)]
        return next((name for name in names if str(folder / name) in self._there), None)

    def _picture(self, path: str, name: str, others: int) -> Picture:
        shown = _plain(name)
        if not NAME.fullmatch(shown) or len(shown) > 120 or ".." in shown:
            raise PictureFault("its name has no letter or digit in front, or too many of them, or two dots.")
        if any(other != name and _plain(other) == shown for other in self._there_below(path)):
            raise PictureFault(f"another one is called {shown} too, once its signs are letters and hyphens.")
        if others >= MOST_PICTURES:
            raise PictureFault(f"at most {MOST_PICTURES} are.")
        full = str(PurePosixPath(path).parent / name)
        return picture(shown, self._files.size(full), lambda: self._files.read(full))

    def _there_below(self, path: str) -> list[str]:
        folder = f"{PurePosixPath(path).parent}/"
        return [one.removeprefix(folder) for one in self._there if one.startswith(folder)]

    def pictures(self) -> tuple[Picture, ...]:
        """All pictures that the statements show; why others are not is among the doubts."""
        made = []
        for name, (where, making) in self._in_making.items():
            try:
                made.append(making.result())
            except PictureFault as fault:
                self._doubts.append(f"{where}: the picture “{name}” is not shown: {fault}")
        return tuple(made)
