"""Files that rosters come in: encodings, delimiters, workbooks, what is no table, and what their headings mean."""

import io
import zipfile
from datetime import date, time

import openpyxl
import pytest

from app.tracker import tables
from app.tracker.headings import field_of, find_headings
from app.tracker.tables import TableRefused, read_table
from tests.conftest import zip_of

TEXT = "Roll,Name,Codeforces\nE-1,Zoë,foo\n"
ROWS = [(1, ["Roll", "Name", "Codeforces"]), (2, ["E-1", "Zoë", "foo"])]


def workbook(*sheets: list[list[object]], number_format: str = "General") -> bytes:
    """An XLSX file with these sheets, `number_format` being that of their last row's first cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        if number_format != "General":
            sheet.cell(sheet.max_row, 1).number_format = number_format
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(name: str, content: bytes, whole: bytes = workbook([["Roll"], ["E-1"]])) -> bytes:
    """A good workbook with another content of one part."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return zip_of({**{part: archive.read(part) for part in archive.namelist()}, name: content})


def harmed(at: int, harm: bytes) -> bytes:
    """A workbook whose first sheet has these bytes at this place of its entries, from the size on, in the ZIP."""
    content = bytearray(workbook([["Roll"], ["E-1"]]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(SHEET)
    central = content.rindex(SHEET.encode()) - 46
    for start in (part.header_offset + at, central + at + 2) if at < 26 else (part.header_offset + at + len(SHEET),):
        content[start : start + len(harm)] = harm
    return bytes(content)


SHEET = "xl/worksheets/sheet1.xml"
IN_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
STYLES = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><%s>%s</%s></styleSheet>'
READ = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16 big-endian without a mark": TEXT.encode("utf-16-be"),
    "Latin-1": TEXT.encode("latin-1"),
    "semicolons": TEXT.replace(",", ";").encode(),
    "tabs": TEXT.replace(",", "\t").encode(),
    "pipes and old line ends": TEXT.replace(",", "|").replace("\n", "\r").encode(),
    "quotes and spaces": b'"Roll", "Name" ,Codeforces,,\r\n "E-1",Zo\xc3\xab , foo ,\r\n',
    "a workbook": workbook([["Roll", "Name", "Codeforces"], ["E-1", "Zoë", "foo"]]),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_a_table_is_read_however_it_was_written(content):
    rows = read_table(content)[0].rows
    assert [[cell.strip(' "') for cell in cells] for _, cells in rows] == [cells for _, cells in ROWS]


def test_what_was_guessed_is_told():
    assert "Windows-1252" in read_table(TEXT.encode("latin-1"))[0].note
    assert read_table(TEXT.encode())[0].note == ""


def test_excels_own_word_for_the_delimiter_is_taken_and_rows_keep_their_numbers():
    assert read_table(b"sep=;\r\nRoll;Name\r\n\r\nE,1;Ann\r\n")[0].rows == [(2, ["Roll", "Name"]), (4, ["E,1", "Ann"])]


def test_numbers_formulas_and_errors_of_a_workbook():
    rows = read_table(workbook([["Roll", "Name"], [19001.0, "=1+1"], [2, "#N/A"], [None, "'=1+1"]]))
    assert [cells for _, cells in rows[0].rows[1:]] == [["19001"], ["2", "#N/A"], ["", "=1+1"]]


SHOWN = [
    (42, "00000", "00042"),
    (42, '"BT"0000', "BT0042"),
    (42, "#,##0", "42"),
    (123456789012345, "0", "123456789012345"),
    (1234567890123456789, "General", "1"),
    (date(2021, 3, 5), "dd-mm-yyyy", "2021-03-05"),
    (time(10, 30), "hh:mm", "10:30:00"),
    (True, "General", "True"),
    (0.5, "General", "0.5"),
]


@pytest.mark.parametrize(("value", "number_format", "shown"), SHOWN)
def test_a_cell_is_what_the_spreadsheet_shows_or_marked_as_spoilt(value, number_format, shown):
    content = workbook([["Roll", "Name"], [value, "Ann"]], number_format=number_format)
    cell = read_table(content)[0].rows[1][1][0]
    spoilt = not isinstance(value, int) or value is True or value > 10**15
    assert (cell.startswith(tables.SPOILT), cell.lstrip(tables.SPOILT).startswith(shown)) == (spoilt, True)


def test_what_keeps_zeros_from_a_spreadsheet_is_taken_off():
    rows = read_table(b'Roll,Name\n="00042",\'t Hooft\n\'00043,"=""A"""\n')[0].rows
    assert [cells for _, cells in rows[1:]] == [["00042", "'t Hooft"], ["00043", "A"]]


REFUSED = {
    "nothing": (b"", "no row"),
    "only space": (b" \n,,\n", "no row"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no table"),
    "a PDF": (b"%PDF-1.7\n%abc", "no table"),
    "a page": (b"<html><table></table></html>", "no table"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(100), "old .xls"),
    "half a workbook": (workbook([["Roll"]])[:800], "damaged"),
    "another ZIP": (zip_of({"a.txt": b"x"}), "something else"),
    "a workbook that lies": (zip_of({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), "something else"),
    "a quote that is never closed": (b'Roll\n"' + b"x" * 200_000, "cannot be read as CSV"),
    "too many rows": (b"Roll\n" * 20_001, "20,000 rows"),
    "a bomb": (zip_of({"xl/workbook.xml": bytes(61 * 1024 * 1024)}), "too large unpacked"),
    "a locked part": (harmed(6, b"\x01"), "damaged"),
    "a part packed in an unknown way": (harmed(8, b"\x63"), "damaged"),
    "a part with broken bytes": (harmed(30, b"\xff" * 20), "damaged"),
    "a row without end": (with_part(SHEET, IN_SHEET % (b"<row>" + b"<c/>" * 3_000 + b"</row>")), "far wider"),
    "a cell in thousands of pieces": (
        with_part(SHEET, IN_SHEET % (b'<row><c t="inlineStr"><is>' + b"<r/>" * 3_000 + b"</is></c></row>")),
        "cell too full",
    ),
    "too many cells": (with_part(SHEET, IN_SHEET % ((b"<row>" + b"<c/>" * 1_000 + b"</row>") * 501)), "far more"),
    "too many fonts": (with_part("xl/styles.xml", STYLES % (b"fonts", b"<font/>" * 50_001, b"fonts")), "far more"),
    "too many formats": (with_part("xl/styles.xml", STYLES % (b"cellXfs", b"<xf/>" * 50_001, b"cellXfs")), "far more"),
    "a quote that takes in the rest": (b'Roll,Name\nE-1,"Ann\nE-2,Ben\nE-3,Cid\n', "after line 2 is never closed"),
    "an empty workbook": (workbook([[]]), "no row"),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_roster_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(TableRefused, match=sentence):
        read_table(content)


def test_reading_ends_after_a_time(monkeypatch):
    monkeypatch.setattr(tables, "MOST_SECONDS", -1.0)
    with pytest.raises(TableRefused, match="too long to read"):
        read_table(workbook([["Roll"], ["E-1"]]))


def test_a_roster_with_links_and_wide_rows_is_no_excess():
    links = b"".join(b'<hyperlink ref="A%d" location="x"/>' % row for row in range(1, 10_001))
    rows = b"".join(
        b'<row r="%d"><c t="inlineStr"><is><t>E-%d</t></is></c>%s</row>' % (n, n, b"<c/>" * 40) for n in range(1, 3_001)
    )
    sheet = (IN_SHEET % rows).replace(b"</worksheet>", b"<hyperlinks>" + links + b"</hyperlinks></worksheet>")
    assert len(read_table(with_part(SHEET, sheet))[0].rows) == 3_000


def test_a_quote_may_go_over_lines():
    rows = read_table(b'Roll,Name\nE-1,"Ann\nOther"\nE-2,Ben "the""')[0].rows
    assert rows == [(1, ["Roll", "Name"]), (2, ["E-1", "Ann\nOther"]), (4, ["E-2", 'Ben "the""'])]


def test_entities_that_grow_are_refused():
    whole = workbook([["Roll"], ["E-1"]])
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "'
        + b"x" * 1000
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(5))
        + b"]><sst>&f;</sst>"
    )
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    files["xl/worksheets/sheet1.xml"] = bomb.partition(b"<sst>")[0] + sheet.partition(b"?>")[2].replace(b"E-1", b"&f;")
    files["xl/sharedStrings.xml"] = bomb
    with pytest.raises(TableRefused):
        read_table(zip_of(files))


FIELDS = {
    "roll_number": "Roll|Roll No.|roll_number|ROLL NUMBER|Reg No|Registration ID|Enrollment No|Enrolment Number|USN|"
    "Student ID|Hall Ticket No|Admission Number|HT No|Regd No|University Roll No|University Roll No.|Roll No (in caps)|"
    "Roll Number (10 digit)|Matrikelnr.|Matrikelnummer|What is your roll number?|Enter your Roll No [as on ID card]|"
    "USN / Roll number|Admission No. or Roll No.",
    "name": "Name|Full Name|Student Name|Name of the Student|student|Candidate's Name|Name (as per SSC)|"
    "Name of the Candidate (in block letters)|Name as per Aadhaar|Full name of the student|Please enter your full name",
    "email": "Email|E-mail|e mail id|Email Address|Mail|College Email ID|Student Email",
    "codeforces": "Codeforces|codeforces_handle|Codeforces Handle|CF|CF handle|Codeforces ID|Codeforces profile link|"
    "Your Codeforces username|codeforcesHandle|Handle on Codeforces|What is your Codeforces handle?|"
    "Codeforces Handle (if any)|Codeforces (if any)",
    "codechef": "CodeChef|Code Chef|CC id|codechef user name|Codechef Profile URL",
    "leetcode": "LeetCode|Leet Code Username|LC|leetcode id|Enter your LeetCode profile link|"
    "LeetCode Profile Link (Eg: https://leetcode.com/u/foo)|Leetcode handle, e.g. foo_bar",
    "hackerrank": "HackerRank|Hacker Rank ID|HR handle|hackerrank_username|HackerRank profile (if any)",
    "geeksforgeeks": "GeeksforGeeks|GFG|Geeks For Geeks Handle|GFG username|geeksforgeeks id|GeekForGeeks Profile|"
    "Geeks4Geeks|G4G profile",
    "atcoder": "AtCoder|atcoder id|AC handle",
    "": "S.No|Sl No|Rank|Branch|Codeforces Rating|LeetCode Score|Normalised Codeforces|Phone|Mobile Number|Section|||x|"
    "CodeChef Contest Rank|Codeforces (rating)|LeetCode (problems solved)|HackerRank (total score)|Timestamp|"
    "LeetCode or Codeforces handle|Father's Name|Which sites do you use?|"
    "Name / Email|Total|Percentile|Batch|College Name Code|Actor",
}


@pytest.mark.parametrize(("field", "headings"), FIELDS.items())
def test_a_heading_is_known_in_many_spellings(field, headings):
    assert {heading: field_of(heading) for heading in headings.split("|")} == dict.fromkeys(headings.split("|"), field)


def test_headings_are_found_below_titles_and_on_the_sheet_that_has_them():
    notes = [["Read me"], ["Name"]]
    roster = [["Example College"], [], ["Batch 2027"], ["LeetCode", "Roll No", "Name"], ["foo", "E-1", "Ann"]]
    table, at, mapped = find_headings(read_table(workbook(notes, roster)))
    assert (table.rows[at], mapped) == (
        (4, ["LeetCode", "Roll No", "Name"]),
        {"leetcode": 0, "roll_number": 1, "name": 2},
    )
