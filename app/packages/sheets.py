"""The YAML files of packages: every value with the line that it stands on."""

import reprlib
from typing import Any, ClassVar

import yaml
from yaml.composer import ComposerError

from app.core.text import one_line

LARGEST_BYTES = 256 * 1024
MOST_VALUES = 10_000
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


class _Loader(yaml.SafeLoader):
    """Maps, lists, words as they are written, and nothing: no numbers, yes or dates, which titles would be mangled by.

    No aliases: a kilobyte of them stands for more than a machine holds.
    """

    yaml_implicit_resolvers: ClassVar = {
        first: [one for one in resolvers if one[0] == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors: ClassVar = {
        tag: build
        for tag, build in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rsplit(":", 1)[1] in ("null", "str", "seq", "map")
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._values = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next value; MarkedYAMLError for an alias, or one too many."""
        event = self.peek_event()
        self._values += 1
        if isinstance(event, yaml.AliasEvent):
            raise ComposerError(None, None, "aliases (*) are not followed", event.start_mark)
        if self._values > MOST_VALUES:
            fault = f"it has more than {MOST_VALUES:,} values, which no such file needs"
            raise ComposerError(None, None, fault, event.start_mark)
        return super().compose_node(parent, index)


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
            loader = _Loader(text)
            node = loader.get_single_node()
            told = loader.construct_document(node) if node else None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise refused(path, f"it cannot be read: {error.problem}.", line) from error
        except RecursionError as error:
            raise refused(path, "it cannot be read: values stand too deep within values.", 1) from error
        except (yaml.YAMLError, ValueError) as error:
            raise refused(path, f"it cannot be read: {str(error).splitlines()[0]}.", 1) from error
        if not isinstance(told, dict):
            raise refused(path, "it holds no keys.", 1)
        lines: Lines = {}
        _note(node, (), lines)
        return cls(path, told, lines)

    def value(self, key: str, kind: Any, usual: Any) -> Any:
        """What stands at the key, `usual` where nothing does; PackageRefused where it is of no `kind` given."""
        found = self.told.get(key)
        if found is None:
            return usual
        if not isinstance(found, kind):
            raise self._senseless(key, found)
        return found

    def number(self, key: str) -> float | None:
        """The positive number at the key."""
        found = self.value(key, str, None)
        try:
            number = None if found is None else float(found)
        except ValueError:
            number = 0
        if number is not None and not 0 < number < float("inf"):
            raise self.refused(key, f"{key} is {_shown(found)}, which is no number above 0.")
        return number

    def below(self, key: str) -> "Sheet":
        """The map at the key, an empty one where nothing stands there."""
        return Sheet(self.path, self.value(key, dict, {}), self._lines, (*self._above, key))

    def words(self, key: str, separator: str | None = None) -> list[str]:
        """The list at the key, or the words of the text that stands there."""
        found = self.value(key, (str, list), "")
        parts = found if isinstance(found, list) else found.split(separator)
        return [word for part in parts if (word := self.word(key, part).strip())]

    def names(self, key: str) -> str:
        """On one line, what stands at the key: a text, a map with a name, or a list of those."""
        found = self.value(key, (str, list, dict), "")
        parts = found if isinstance(found, list) else [found]
        named = [part.get("name") if isinstance(part, dict) else part for part in parts]
        return one_line(", ".join(self.word(key, name) for name in named))

    def word(self, key: str, found: Any) -> str:
        """What was found within the key, empty where nothing was; PackageRefused where it is no text."""
        if found is not None and not isinstance(found, str):
            raise self._senseless(key, found)
        return found or ""

    def line(self, key: str) -> int | None:
        """Where the key stands."""
        return self._lines.get((*self._above, key))

    def refused(self, key: str, sentence: str) -> PackageRefused:
        """The refusal for what stands at the key."""
        return refused(self.path, sentence, self.line(key))

    def _senseless(self, key: str, found: Any) -> PackageRefused:
        return self.refused(key, f"{key} is {_shown(found)}, which makes no sense there.")


def _shown(found: Any) -> str:
    return f"“{found[:40]}”" if isinstance(found, str) else reprlib.repr(found)


def _note(node: yaml.Node | None, above: tuple[str, ...], lines: Lines) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        name = (*above, str(key.value)) if isinstance(key, yaml.ScalarNode) else above
        lines[name] = key.start_mark.line + 1
        _note(value, name, lines)
