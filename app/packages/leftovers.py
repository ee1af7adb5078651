"""What lies in a package and is not taken: told, so that nobody takes it for done."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from app.core.archives import Files
from app.packages.validators import GROUP_FILES

EDITORIAL = "solution/solution.en.md"
FOLDERS = {
    "input_validators": "nothing here checks inputs",
    "input_format_validators": "nothing here checks inputs",
    "attachments": "members are handed no files",
}
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]*)\)")


def leftovers(files: Files, editorial: str) -> Iterator[str]:
    """A sentence for each kind of thing that is passed over."""
    paths = [PurePosixPath(path) for path in files.paths()]
    for folder, why in FOLDERS.items():
        if any(path.parts[0] == folder for path in paths):
            yield f"{folder}/ is not taken: {why}."
    for path in paths:
        if path.parts[0] == "solution" and path.stem.startswith("solution") and str(path) != EDITORIAL:
            yield f"{path} is not taken: the editorial is {EDITORIAL} alone."
    for found in PICTURE.finditer(editorial):
        line = editorial[: found.start()].count("\n") + 1
        yield f"{EDITORIAL}, line {line}: the picture “{found[1][:80]}” is not shown, as none of an editorial are."
    if beside := [str(path) for path in paths if path.parts[0] == "data" and _is_unread(path)]:
        told = f"{len(beside)}, such as {beside[0]}" if len(beside) > 1 else beside[0]
        yield f"Files beside the tests are not taken ({told}): of a test only input, answer and explanation (.md) are."


def _is_unread(path: PurePosixPath) -> bool:
    return path.suffix not in (".in", ".ans", ".md") and path.name not in GROUP_FILES
