"""Files that people keep rosters in, CSV or XLSX, as rows of text; nothing of what they mean."""

import csv
import io
import lzma
import re
import time
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl

from app.core.sheets import FORMULA_STARTS
from app.tracker.excess import Excess, refuse_excess

MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_SECONDS = 20.0
LONGEST_CELL = 1_000
DELIMITERS = ",;\t|"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
SPOILT = "\ue001"  # before what a spreadsheet made of something else: a date, a time, a tick, a number that lost digits
ZERO_PADDED = re.compile(r'(?:"([^"]*)")?(0+)')  # a number's format, with text before it
MOST_DIGITS = 15  # of a number in a spreadsheet
SHIELDED = re.compile(r'="([^"]*)"')  # how a CSV file keeps zeros from a spreadsheet
LAST = "\ue000last line\ue000"  # follows the file's own lines, and stands alone if all quotation marks are closed
# What openpyxl and zipfile raise for files that are damaged, or something else in a ZIP.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ParseError)
ODD = (*DAMAGED, KeyError, ValueError, TypeError, AttributeError, IndexError, RuntimeError)


class TableRefused(Exception):
    """The file is no table that can be read; the message is a sentence."""


@dataclass(frozen=True)
class Table:
    """Rows that hold something, each with its number in the file; `note` is a sentence on how it was read, or "".

    `name` is that of its sheet. A cell that the spreadsheet has spoilt begins with SPOILT.
    """

    rows: list[tuple[int, list[str]]]
    note: str = ""
    name: str = ""


def read_table(content: bytes) -> list[Table]:
    """The table in a CSV file, or one for each sheet of a workbook; TableRefused where there is none."""
    if content.startswith(b"PK"):
        tables = _read_workbook(content)
    elif content.startswith(OLD_OFFICE):
        raise TableRefused(
            "This is an old .xls file, or one that is locked: save it as .xlsx without a password, or CSV."
        )
    else:
        tables = [_read_text(content)]
    found = [table for table in tables if table.rows]
    if not found:
        raise TableRefused("There is no row in this file.")
    return found


def _read_workbook(content: bytes) -> list[Table]:
    try:
        refuse_excess(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what of a workbook openpyxl leaves out is nothing that we look at
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            until = time.monotonic() + MOST_SECONDS
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            return [Table(_kept(_cells(sheet, until)), name=sheet.title) for sheet in sheets]
    except Excess as excess:
        raise TableRefused(str(excess)) from excess
    except ODD as error:
        raise TableRefused("This is no .xlsx workbook that can be read: it is something else, or damaged.") from error


def _cells(sheet: Any, until: float) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a file says of its size may be a lie
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if time.monotonic() > until:
            raise TableRefused("This workbook takes too long to read: save the roster as CSV.")
        yield number, [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """What the spreadsheet shows, marked where that is not what somebody has typed."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 10**MOST_DIGITS:
        return SPOILT + str(value).removesuffix(" 00:00:00")
    padded = ZERO_PADDED.fullmatch(cell.number_format)
    return f"{padded[1] or ''}{value:0{len(padded[2])}}" if padded else str(value)


def _read_text(content: bytes) -> Table:
    text, note = _decoded(content)
    if text.lstrip()[:1] == "<" or text.startswith("%PDF") or NOT_TEXT.search(text[:10_000]):
        raise TableRefused("This is no table: a CSV file or an .xlsx workbook is needed.")
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to say so
    body = text[told.end() :] if told else text
    lines = chain(io.StringIO(body, newline=""), [LAST])
    reader = csv.reader(lines, delimiter=told[1] if told else _delimiter(body))
    try:
        return Table(_kept((number + bool(told), row) for number, row in _records(reader)), note)
    except csv.Error as error:
        raise TableRefused(f"Line {reader.line_num:,} cannot be read as CSV.") from error


def _records(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line each begins on; TableRefused where a quotation mark takes in all that follows."""
    before = 0
    for row in reader:
        if row == [LAST]:
            return
        if row and row[-1].endswith(LAST):
            raise TableRefused(f"A quotation mark that opens in or after line {before + 1:,} is never closed.")
        yield before + 1, row
        before = reader.line_num


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), ""
    head = content[:1000]
    if len(head) > 3 and (0 in head[:4]):
        return content.decode("utf-16-le" if head[1] == 0 else "utf-16-be", "replace"), ""
    try:
        return content.decode(), ""
    except UnicodeDecodeError:
        note = "It is not written in UTF-8 and was read as Windows-1252: see whether names with accents are right."
        return content.decode("cp1252", "replace"), note


def _delimiter(text: str) -> str:
    """The mark that stands most often in the first lines."""
    head = [line for line in islice(io.StringIO(text), 20) if line.strip()]
    counts = {mark: sum(line.count(mark) for line in head) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: counts[mark])


def _kept(rows: Iterable[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    kept = []
    for number, row in rows:
        cells = [_plain(cell) for cell in row[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            kept.append((number, cells))
        if len(kept) > MOST_ROWS:
            raise TableRefused(f"At most {MOST_ROWS:,} rows are taken at once.")
        if number - (kept[-1][0] if kept else 0) > MOST_ROWS:
            break  # a sheet may go on without anything in it to its millionth row
    return kept


def _plain(cell: str) -> str:
    """Without the space around it, and without what keeps a spreadsheet from running it, or from cutting its zeros."""
    text = cell.strip()[:LONGEST_CELL]
    if shielded := SHIELDED.fullmatch(text):
        return shielded[1].strip()
    is_shielded = text.startswith("'") and (text[1:].startswith(FORMULA_STARTS) or text[1:2].isdigit())
    return text[1:] if is_shielded else text
