"""Whether a workbook holds more than the roster of anybody: a few kilobytes may unpack to hours of work.

openpyxl makes an object of nearly every element, so elements are counted, by a parser that makes none, before it looks.
"""

import io
import zipfile
from collections import Counter
from typing import Any
from xml.parsers import expat

MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST = {
    "c": 500_000,
    "v": 500_000,
    "f": 500_000,
    "t": 500_000,
    "is": 250_000,
    "si": 250_000,
    "row": 1_100_000,
    "sheet": 100,
}
MOST_OTHERS = 50_000  # styles, links, runs of formatted text, whatever else there may be
MOST_IN_ONE = 2_000  # in a row, or in one text
CHUNK_BYTES = 64 * 1024
TOO_LARGE = "This workbook is too large unpacked: keep the roster in one of its own, or in CSV."
TOO_MUCH = "This workbook holds far more than a roster does: copy the roster into a new one, or save it as CSV."
TOO_WIDE = "A row of this workbook is far wider than a roster, or a cell too full: copy the roster into a new one."


class Excess(Exception):
    """There is too much in it; the message is a sentence."""


def refuse_excess(content: bytes) -> None:
    """Excess where reading this workbook would take far more than that of a roster does; errors of zipfile besides."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # zipfile reads no more of a file than the size it states, so what is stated is the most that there can be.
        if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED_BYTES:
            raise Excess(TOO_LARGE)
        census = _Census()
        for member in archive.infolist():
            with archive.open(member) as part:
                census.take(part)


class _Census:
    """How many elements of each kind there are in all parts, and in the row or text that is being read."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.in_one: int | None = None

    def take(self, part: Any) -> None:
        parser = expat.ParserCreate(None, "}")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        self.in_one = None
        try:
            while chunk := part.read(CHUNK_BYTES):
                parser.Parse(chunk)
        except expat.ExpatError:
            return  # a picture, or damaged: openpyxl, by the same parser, comes no further

    def _start(self, name: str, _attributes: object) -> None:
        kind = name.rpartition("}")[2]
        kind = kind if kind in MOST else "other"
        self.counts[kind] += 1
        if self.counts[kind] > MOST.get(kind, MOST_OTHERS):
            raise Excess(TOO_MUCH)
        if kind in ("row", "si"):
            self.in_one = 0
        elif self.in_one is not None:
            self.in_one += 1
            if self.in_one > MOST_IN_ONE:
                raise Excess(TOO_WIDE)

    def _end(self, name: str) -> None:
        if name.endswith(("}row", "}si")):
            self.in_one = None
