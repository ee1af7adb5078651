"""The YAML files of packages: every value with the line that it stands on."""

import reprlib
from typing import Any

import yaml

LARGEST_BYTES = 256 * 1024
Lines = dict[tuple[str, ...], int]


class PackageRefused(Exception):
    """The package cannot be taken; the message is a sentence that names the file at fault, and the line."""


def refused(path: str, sentence: str, line: int | None = None) -> PackageRefused:
    """The refusal of a package for what stands in one of its files."""
    return PackageRefused(f"{place(path, line)}: {sentence}")


def place(path: str, line: int | None = None) -> str:
    """A file, and the line in it where there is one, as refusals name it."""
    return f"{path}, line {line}" if line else path


def text_of(path: str, content: bytes) -> str:
    """A text file; PackageRefused where it is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refused(path, "this is not written in UTF-8.", line) from error


class Sheet:
    """The keys of a YAML file, or of one of its maps."""

    def __init__(self, path: str, told: dict[str, Any], lines: Lines, above: tuple[str, ...] = ()) -> None:
        self.path, self.told = path, told
        self._lines, self._above = lines, above

    @classmethod
    def parsed(cls, path: str, content: bytes) -> "Sheet":
        """The file's keys; PackageRefused where it holds none."""
        if len(content) > LARGEST_BYTES:
            raise refused(path, f"it has more than {LARGEST_BYTES // 1024} kB, which no such file needs.")
        text = text_of(path, content)
        try:
            node = yaml.compose(text, yaml.SafeLoader)
            told = yaml.safe_load(text)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise refused(path, f"it cannot be read: {error.problem}.", line) from error
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise refused(path, f"it cannot be read: {str(error).splitlines()[0]}.", 1) from error
        if not isinstance(told, dict):
            raise refused(path, "it holds no keys.", 1)
        lines: Lines = {}
        _note(node, (), lines, set())
        return cls(path, told, lines)

    def value(self, key: str, kind: Any, usual: Any) -> Any:
        """What stands at the key, `usual` where nothing does; PackageRefused where it is of no `kind` given."""
        found = self.told.get(key)
        if found is None:
            return usual
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise self.refused(key, f"{key} is {reprlib.repr(found)}, which makes no sense there.")
        return found

    def number(self, key: str) -> float | None:
        """The positive number at the key."""
        found = self.value(key, (int, float, str), None)
        try:
            number = None if found is None else float(found)
        except ValueError:
            number = 0
        if number is not None and not 0 < number < float("inf"):
            raise self.refused(key, f"{key} is {reprlib.repr(found)}, which is no number above 0.")
        return number

    def below(self, key: str) -> "Sheet":
        """The map at the key, an empty one where nothing stands there."""
        return Sheet(self.path, self.value(key, dict, {}), self._lines, (*self._above, key))

    def words(self, key: str, separator: str | None = None) -> list[str]:
        """The list at the key, or the words of the text that stands there."""
        found = self.value(key, (str, int, float, list), "")
        parts = found if isinstance(found, list) else str(found).split(separator)
        return [part.strip() for part in map(str, parts) if part.strip()]

    def line(self, key: str) -> int | None:
        """Where the key stands."""
        return self._lines.get((*self._above, key))

    def refused(self, key: str, sentence: str) -> PackageRefused:
        """The refusal for what stands at the key."""
        return refused(self.path, sentence, self.line(key))


def _note(node: yaml.Node | None, above: tuple[str, ...], lines: Lines, seen: set[int]) -> None:
    # Aliases make a file a graph: each part is looked at once.
    if not isinstance(node, yaml.MappingNode) or id(node) in seen:
        return
    seen.add(id(node))
    for key, value in node.value:
        name = (*above, str(key.value)) if isinstance(key, yaml.ScalarNode) else above
        lines[name] = key.start_mark.line + 1
        _note(value, name, lines, seen)
