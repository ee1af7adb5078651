"""Problem packages of Kattis and ICPC, legacy and 2023-07, read into what the forms would have said.

Keys of our own stand in `problem.yaml` below `mlbattle`; starter code lies in `starter/<language>.*`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, TypeVar

from app.core.archives import ArchiveRefused, Files, FilesBelow, ZipFiles
from app.core.text import one_line, slug_fault, slug_of
from app.packages import limits, statements
from app.packages.cases import cases
from app.packages.leftovers import EDITORIAL, leftovers
from app.packages.limits import TimeLimit
from app.packages.pictures import Picture
from app.packages.references import Reference, references
from app.packages.sheets import PackageRefused, Sheet, refused, text_of
from app.packages.statements import Statement
from app.packages.validators import comparison, custom_validator, flags_of
from app.problems.languages import LANGUAGES
from app.problems.models import COMPARISONS
from app.problems.pairs import UnreadPair
from app.problems.service import (
    LONGEST,
    LONGEST_TAG,
    MEGABYTES,
    MOST_TAGS,
    LimitDetails,
    ProblemDetails,
    ProblemRefused,
    cleaned,
)
from app.submissions.judges.validators import ValidatorSource

T = TypeVar("T")
MOST_BYTES = 200 * 1024 * 1024
MOST_FILES = 5_000
YAML = "problem.yaml"
LEGACY = {"", "legacy", "legacy-icpc"}
NEWER = {"2023-07-draft", "2023-07", "2025-09-draft", "2025-09", "draft"}
NOT_TAKEN = ("interactive", "scoring", "multi-pass", "submit-answer")
USUAL_MEMORY_MB = 512
OURS = ("difficulty", "category", "points", "hints", "constraints", "languages", "comparison", "order", "samples_only")


@dataclass(frozen=True)
class Package:
    """A problem as its package tells it.

    `is_ours` where it holds what only we ask for. `contradictions` keep it from being published, `doubts` do not.
    `limit` stands in `details` unless it has to be measured.
    """

    details: ProblemDetails
    is_ours: bool
    translations: tuple[Statement, ...]
    pictures: tuple[Picture, ...]
    tests: tuple[UnreadPair, ...]
    validator: ValidatorSource | None
    references: tuple[Reference, ...]
    limit: TimeLimit
    memory_origin: str
    contradictions: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass
class Notes:
    """What is found wrong on the way."""

    contradictions: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def opened(content: bytes) -> ZipFiles:
    """The files of an archive of packages; PackageRefused where it is none."""
    return _taken(lambda: ZipFiles(content, most_bytes=MOST_BYTES, most_files=MOST_FILES, follows_links=True))


def folders_in(files: Files) -> list[str]:
    """The folders of an archive that hold a package, "" for its root; PackageRefused where none does."""
    paths = files.paths()
    found = sorted(str(PurePosixPath(path).parent) for path in paths if PurePosixPath(path).name == YAML)
    if found:
        # What has the same name within a package is one of its files.
        outer = [folder for folder in found if not set(map(str, PurePosixPath(folder).parents)) & set(found)]
        return ["" if folder == "." else folder for folder in outer]
    looks = {part for path in paths for part in PurePosixPath(path).parts[:-1]} & {"data", "solutions", "submissions"}
    named = " and ".join(f"{one}/" for one in sorted(looks))
    hint = f" It has {named}, but without that file nobody can know what they mean." if looks else ""
    raise refused(YAML, f"it is missing, so this is no problem package.{hint}")


def read_archive(files: ZipFiles, folder: str, name: str) -> Package:
    """The package in one folder of an archive called `name`, which names the problem where no folder does."""
    stem = PurePosixPath(folder).name if folder else PurePosixPath(name).stem
    return _taken(lambda: read_package(stem, FilesBelow(files, folder)))


def read_package(name: str, files: Files) -> Package:
    """The problem whose package is called `name`; PackageRefused where the files do not make one."""
    if YAML not in files.paths():
        raise refused(YAML, "it is missing.")
    sheet, notes = Sheet.parsed(YAML, files.read(YAML)), Notes()
    is_legacy = _is_legacy(sheet)
    _refuse_kinds(sheet)
    is_custom = _is_custom(sheet, files, notes, is_legacy=is_legacy)
    flags = flags_of(files, sheet, notes.contradictions)
    ours = sheet.below("mlbattle")
    said = statements.statements(files, notes.doubts, is_ours=bool(ours.told))
    titles = _titles(sheet, said.all, name, notes.doubts)
    limit = limits.time_limit(files, sheet, is_legacy=is_legacy, doubts=notes.doubts)
    memory = sheet.below("limits").number("memory")
    compared = {"comparison": "validator"} if is_custom else comparison(flags, notes.doubts)
    validator = custom_validator(files, flags.words, sheet) if is_custom else None
    details = ProblemDetails(
        title=titles[0],
        slug=_slug(name),
        statement=said.all[0].source,
        language=said.all[0].language,
        author=_author(sheet),
        source=sheet.names("source") or sheet.names("rights_owner"),
        license=sheet.names("license"),
        tags=tuple(sheet.words("keywords", "," if "," in str(sheet.told.get("keywords")) else None)),
        time_limit_s=limit.seconds or limits.ASSUMED_SECONDS,
        memory_limit_mb=round(memory) if memory else USUAL_MEMORY_MB,
        editorial=text_of(EDITORIAL, files.read(EDITORIAL)) if EDITORIAL in files.paths() else "",
        starters=_starters(files),
        **compared | _ours(ours, compared),
    )
    details = _fitted(details, notes.doubts)
    _refuse_unfit(details, ours, has_validator=validator is not None)
    return Package(
        details=details,
        is_ours=bool(ours.told),
        translations=tuple(
            Statement(one.language, title, one.source) for one, title in zip(said.all, titles, strict=True)
        )[1:],
        pictures=said.pictures,
        tests=cases(files, ours, notes.contradictions, notes.doubts),
        validator=validator,
        references=references(files, notes.doubts),
        limit=limit,
        memory_origin=YAML if memory else "usual here: the package names none",
        contradictions=tuple(notes.contradictions),
        doubts=(*notes.doubts, *leftovers(files, details.editorial)),
    )


def _fitted(details: ProblemDetails, doubts: list[str]) -> ProblemDetails:
    """The same within what a page of ours shows; what had to give way is told."""
    shorter: dict[str, Any] = {
        name: _cut(name, getattr(details, name), doubts) for name in ("author", "source", "license")
    }
    tags = tuple(tag for tag in details.tags if len(tag) <= LONGEST_TAG)[:MOST_TAGS]
    if tags != details.tags:
        doubts.append(f"Of its {len(details.tags)} keywords {len(tags)} are kept.")
    least, most = MEGABYTES
    memory = min(max(details.memory_limit_mb, least), most)
    if memory != details.memory_limit_mb:
        doubts.append(f"The memory limit of {details.memory_limit_mb:g} MB becomes {memory} MB.")
    return replace(details, **shorter, tags=tags, memory_limit_mb=memory)


def _cut(name: str, text: str, doubts: list[str]) -> str:
    if len(text) <= LONGEST[name]:
        return text
    doubts.append(f"The {name} is cut to {LONGEST[name]} characters.")
    return text[: LONGEST[name] - 1].rstrip() + "…"


def _refuse_unfit(details: ProblemDetails, ours: Sheet, *, has_validator: bool) -> None:
    try:
        cleaned(details, has_validator=has_validator)
    except ProblemRefused as refusal:
        field, sentence = refusal.field, str(refusal)
        if field == "editorial":
            raise refused(EDITORIAL, sentence) from refusal
        if field.endswith("_starter"):
            raise refused(f"starter/{field.removesuffix('_starter')}", sentence) from refusal
        # What else a package says is fitted, or was refused where it was read.
        key = "languages" if field.endswith(("_factor", "_memory_mb")) else field
        key = "comparison" if field.endswith("_tolerance") else key
        raise ours.refused(key, f"{key}: {sentence}") from refusal


def _taken(act: Callable[[], T]) -> T:
    try:
        return act()
    except ArchiveRefused as refusal:
        raise PackageRefused(str(refusal)) from refusal


def _is_legacy(sheet: Sheet) -> bool:
    version = sheet.value("problem_format_version", str, "")
    if version not in LEGACY | NEWER:
        known = "legacy, 2023-07 and 2025-09"
        raise sheet.refused("problem_format_version", f"version “{version[:40]}” is not known; {known} are.")
    return version in LEGACY


def _refuse_kinds(sheet: Sheet) -> None:
    for key in ("type", "validation"):
        words = sheet.words(key)
        for word in words:
            kind = "scoring" if word == "score" else word
            if kind in NOT_TAKEN:
                raise sheet.refused(key, f"{kind} problems are not taken yet ({key}: {' '.join(words)}).")
            if word not in ("pass-fail", "default", "custom"):
                raise sheet.refused(key, f"{key} has “{word[:40]}”, which is not known.")
    grading = sheet.value("grading", (dict, str), {})
    if isinstance(grading, dict) and grading.get("objective"):
        raise sheet.refused("grading", "scoring problems are not taken yet (grading: objective).")


def _is_custom(sheet: Sheet, files: Files, notes: Notes, *, is_legacy: bool) -> bool:
    there = [path for path in files.paths() if path.startswith("output_validator")]
    if "custom" in sheet.words("validation"):
        return True
    if there and is_legacy:
        notes.doubts.append(f"{there[0]} is there, but problem.yaml does not say validation: custom; it is not used.")
    return bool(there) and not is_legacy


def _titles(sheet: Sheet, said: tuple[Statement, ...], name: str, doubts: list[str]) -> list[str]:
    named = sheet.value("name", (str, dict), {})
    by_language = {"": named} if isinstance(named, str) else {}
    if isinstance(named, dict):
        by_language = {str(key).lower(): sheet.word("name", one) for key, one in named.items()}
    first = by_language.get("") or by_language.get(said[0].language) or said[0].title
    usual = one_line(first or next(iter(by_language.values()), "") or name)
    titles = [one_line(by_language.get(one.language) or one.title or usual) for one in said]
    if titles[0] != usual:
        doubts.append(f"problem.yaml calls it “{usual}”, the statement “{titles[0]}”, which counts.")
    return [_cut("title", title, doubts) for title in titles]


def _slug(name: str) -> str:
    slug = slug_of(name)
    if slug_fault(slug):
        raise PackageRefused(f"“{name[:60]}” gives no address: rename the folder to something like two-sums.")
    return slug


def _author(sheet: Sheet) -> str:
    told = sheet.value("credits", (str, dict), {})
    named = one_line(told) if isinstance(told, str) else sheet.below("credits").names("authors")
    # Ann <ann@example.org> is how the newer format has it; every visitor reads who wrote a problem.
    return one_line(re.sub(r"\s*<[^<>]*@[^<>]*>", "", named or sheet.names("author")))


def _starters(files: Files) -> dict[str, str]:
    paths = {PurePosixPath(path).stem: path for path in files.paths() if path.startswith("starter/")}
    return {key: text_of(paths[key], files.read(paths[key])) for key in LANGUAGES if key in paths}


def _ours(ours: Sheet, compared: dict[str, Any]) -> dict[str, Any]:
    """What only we ask for. What is ours is compared line by line where nothing else is said."""
    if not ours.told:
        return {"difficulty": "medium"}
    for key in ours.told:
        if key not in OURS:
            raise ours.refused(key, f"mlbattle has “{str(key)[:40]}”, which is not known.")
    told = ours.value("comparison", str, None)
    if told is not None and told not in COMPARISONS:
        raise ours.refused("comparison", f"comparison is one of {', '.join(COMPARISONS)}.")
    rule = {} if told is None else {"comparison": told}
    if told is None:
        usual = "lines" if compared["comparison"] == "tokens" else compared["comparison"]
        rule = {"comparison": usual, "is_case_sensitive": True}
    return rule | {
        "constraints": ours.value("constraints", str, ""),
        "hints": tuple(ours.word("hints", hint) for hint in ours.value("hints", list, [])),
        "difficulty": ours.value("difficulty", str, "medium"),
        "category": ours.value("category", str, ""),
        "points": _points(ours),
        "limits": {key: _limit(ours.below("languages"), key) for key in ours.below("languages").told},
    }


def _points(ours: Sheet) -> int:
    told = ours.value("points", str, "10")
    if not re.fullmatch(r"[0-9]{1,9}", told):
        raise ours.refused("points", f"points has “{told[:40]}”, which is no whole number.")
    return int(told)


def _limit(languages: Sheet, key: str) -> LimitDetails:
    if key not in LANGUAGES:
        raise languages.refused(key, f"“{str(key)[:40]}” is no language here.")
    told = languages.below(key)
    memory = told.number("memory")
    return LimitDetails(told.number("time_factor"), None if memory is None else round(memory))
