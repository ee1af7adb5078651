"""Promises about the files themselves: what is committed, and which part imports which."""

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

# Each is broken by brackets, so that this file does not hold what it looks for. A path counts from its root only:
# `app/home/` is ours.
NOT_OURS = re.compile(
    r"[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(org|com)|[f]ile:///|(?<![\w.}])/([w]ork|[r]oot|[h]ome|[o]pt)/",
    re.IGNORECASE,
)
EVERYTHING = {
    "members",
    "competitions",
    "problems",
    "submissions",
    "packages",
    "ratings",
    "tracker",
    "profiles",
    "home",
    "admin",
    "demo",
}
MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "members": set(),
    "competitions": {"members"},
    "problems": {"members"},
    "submissions": {"members", "problems"},
    "packages": {"members", "problems", "submissions"},
    "ratings": {"members", "competitions"},
    "tracker": {"members"},
    "profiles": EVERYTHING,
    "home": EVERYTHING,
    "admin": EVERYTHING,
    "demo": EVERYTHING,
}
PRIVATE_MODULES = {"routes", "jobs", "forms", "live"}
ADAPTER_FOLDERS = {"sources", "judges", "platforms"}
NOT_FOR_ADAPTERS = {"flask", "sqlalchemy", "alembic", "wtforms", "rq", "redis"}


def tracked_files() -> list[Path]:
    """Every file of the repository that git knows."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True, timeout=30).split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_nothing_that_set_up_builds_is_committed() -> None:
    built = ("static/vendor/", "node_modules/", "instance/", ".venv/")
    names = [str(path.relative_to(ROOT)) for path in tracked_files()]
    assert [name for name in names if name.startswith(built)] == []


def test_no_file_names_a_registry_or_a_path_of_some_machine() -> None:
    found = []
    for path in tracked_files():
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {match[0]}" for match in NOT_OURS.finditer(line)]
    assert found == []


def test_the_browser_lock_holds_hashes_and_no_addresses() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_python_lock_holds_hashes_and_no_addresses(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert not [line for line in lock.splitlines() if line.startswith(("--index", "--extra-index", "--find-links"))]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
@pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.11.99"])
def test_the_python_lock_is_whole_for_every_python_311(name: str, python: str) -> None:
    locked = {
        canonicalize_name(line.split("==")[0]) for line in (ROOT / name).read_text().splitlines() if "==" in line[:60]
    }
    environment = {"python_full_version": python, "extra": ""}
    needs = {(package, Requirement(text)) for package in locked for text in distribution(package).requires or ()}
    wanted = {
        (package, needed) for package, needed in needs if not needed.marker or needed.marker.evaluate(environment)
    }
    assert [pair for pair in wanted if canonicalize_name(pair[1].name) not in locked] == []


def test_parts_import_only_what_they_may() -> None:
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        found += violations(path.relative_to(ROOT), path.read_text())
    assert found == []


def test_every_part_stands_in_the_table() -> None:
    parts = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert parts - set(MAY_IMPORT) == set()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/core/paging.py", "from app.members import models"),
        ("app/members/service.py", "from app import competitions"),
        ("app/home/queries.py", "from app.competitions.routes import bp"),
        ("app/home/queries.py", "from app.competitions import live"),
        ("app/competitions/queries.py", "import app.ratings.elo"),
        ("app/competitions/queries.py", "from ..ratings import elo"),
        ("app/competitions/sources/kaggle.py", "from flask import current_app"),
        ("app/competitions/sources/kaggle.py", "from app.competitions.models import Competition"),
        ("app/core/files.py", "from tests import fakes"),
    ],
)
def test_a_forbidden_import_is_named_by_file_and_line(path: str, line: str) -> None:
    assert violations(Path(path), f"import os\n{line}\n")[0].startswith(f"{path}:2: ")


def violations(path: Path, source: str) -> list[str]:
    """The imports of one file below app/ that the design does not allow, as `file:line: what`."""
    return [
        f"{path}:{line}: {path.parent} may not import {name}"
        for line, name in imports(path, source)
        if not is_allowed(path, name)
    ]


def imports(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports; `from a import b` counts as `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = list(path.parent.parts[: len(path.parent.parts) - node.level + 1]) if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def is_allowed(path: Path, name: str) -> bool:
    """Whether the file may import the module or name."""
    parts = name.split(".")
    if parts[0] in {"tests", "ops", "bench"}:
        return False
    if ADAPTER_FOLDERS & set(path.parent.parts):
        return is_allowed_for_adapter(path, parts)
    own = path.parts[1]
    if own not in MAY_IMPORT or parts[0] != "app" or len(parts) < 2 or parts[1] not in MAY_IMPORT:
        return True
    other = parts[1]
    if other in {own, "core"}:
        return True
    return other in MAY_IMPORT[own] and not (len(parts) > 2 and parts[2] in PRIVATE_MODULES)


def is_allowed_for_adapter(path: Path, parts: list[str]) -> bool:
    """An adapter knows its client library, `core.http` and its own family; nothing of the club."""
    if parts[0] != "app":
        return parts[0].split("_")[0] not in NOT_FOR_ADAPTERS
    family = list(path.parent.parts)
    return parts[:3] == ["app", "core", "http"] or parts[: len(family)] == family
