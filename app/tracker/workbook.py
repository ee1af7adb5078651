"""The workbook of a cohort as a placement officer knows it: medals, colour scales, green and red handles, charts.

Text is written as text whatever it begins with, so no name can become a formula.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import repeat
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.core import clock
from app.tracker.export import Extract, Line

MEDALS = {1: "#F5C242", 2: "#C3C9D2", 3: "#DD9A63"}
INK = {"verified": "#16693A", "missing": "#B4232C", "unknown": "#7A4B00"}
SCALE = {"type": "3_color_scale", "min_color": "#F8696B", "mid_color": "#FFEB84", "max_color": "#63BE7B"}
WIDTHS = {"Rank": 6, "Registration ID": 18, "Name": 28, "Batch": 10}
BOARD = "Leaderboard"
HEAD_POINTS = 32  # two lines: a row's height does not follow what wraps in it
BANDS = 10  # of totals, in the second chart
TOLD_EVERY = 1000  # rows
PLATFORM_HEAD = ("Platform", "Handles", "Verified", "Not there", "Not checked", "Mean", "Best")
Formats = dict[tuple[int, str], Format]


def workbook_of(found: Extract, tell: Callable[[int], object]) -> bytes:
    """The file; `tell` is called with the number of rows written, now and then."""
    content = BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _write_leaderboard(book, found, tell)
        ends = _write_summary(book, found)
        _write_charts(book, *ends)
        for sheet in book.worksheets():
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0 if sheet.name == BOARD else 1)  # the board is as long as it takes
    return content.getvalue()


def _write_leaderboard(book: Workbook, found: Extract, tell: Callable[[int], object]) -> None:
    sheet = book.add_worksheet(BOARD)
    formats, kinds = _formats(book), _kinds(found)
    for column, title in enumerate(found.header):
        sheet.write_string(0, column, title, formats[0, "head"])
        sheet.set_column(column, column, WIDTHS.get(title, 16))
    for row, line in enumerate(found.lines, 1):
        _write_line(sheet, row, found.row(line), _kinds_of(kinds, found, line), formats, line.standing.place or 0)
        if row % TOLD_EVERY == 0:
            tell(row)
    sheet.set_row(0, HEAD_POINTS)
    sheet.freeze_panes(1, found.before_scores)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(found.lines), len(kinds) - 1)
    _colour_scores(sheet, found)


def _write_line(sheet: Worksheet, row: int, values: list[Any], kinds: list[str], formats: Formats, place: int) -> None:
    medal = place if place in MEDALS else 0
    for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
        if value is None:
            if medal:
                sheet.write_blank(row, column, None, formats[medal, kind])
        elif isinstance(value, str):
            sheet.write_string(row, column, value, formats[medal, kind])
        else:
            sheet.write_number(row, column, value, formats[medal, kind])


def _formats(book: Workbook) -> Formats:
    looks: dict[str, dict[str, Any]] = {"text": {}, "whole": {"num_format": "0"}, "number": {"num_format": "0.00"}}
    looks |= {state: {"font_color": colour} for state, colour in INK.items()}
    medals: dict[int, dict[str, Any]] = {0: {}} | {
        place: {"bg_color": colour, "bold": True} for place, colour in MEDALS.items()
    }
    made = {
        (place, kind): book.add_format(medal | look) for place, medal in medals.items() for kind, look in looks.items()
    }
    head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
    return made | {(0, "head"): book.add_format(head)}


def _kinds(found: Extract) -> list[str]:
    """How the values of each column are written; those of handles by their state, which differs by row."""
    number = len(found.platforms)
    kinds = ["whole", *repeat("text", found.before_scores - 1), *repeat("number", number), *repeat("text", number)]
    return [*kinds, "number", "number", *repeat("number", number), "whole", "number"]


def _kinds_of(kinds: list[str], found: Extract, line: Line) -> list[str]:
    start = found.before_scores + len(found.platforms)
    states = [line.handles[one.key].state if one.key in line.handles else "text" for one in found.platforms]
    shown = [state if state in INK else "text" for state in states]
    return [*kinds[:start], *shown, *kinds[start + len(shown) :]]


def _colour_scores(sheet: Worksheet, found: Extract) -> None:
    number, last = len(found.platforms), len(found.lines)
    scores = range(found.before_scores, found.before_scores + number)
    overall = found.before_scores + 2 * number
    for column in (*scores, *range(overall, overall + number + 2), overall + number + 3):
        if last:
            sheet.conditional_format(1, column, last, column, SCALE)


def _write_summary(book: Workbook, found: Extract) -> tuple[int, int, int, int]:
    """Numbers of the whole; the first and last rows of the two tables that charts show."""
    sheet = book.add_worksheet("Summary")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 6, 16, book.add_format({"align": "left"}))
    totals = found.numbers.standings.total[found.numbers.standings.total != 0]
    facts: list[tuple[str, str | float]] = [
        ("College", found.college),
        ("Batch", found.batch),
        ("Made (UTC)", f"{clock.now():%Y-%m-%d %H:%M}"),
        ("People", len(found.lines)),
        ("With a total", len(totals)),
        ("Mean total", round(float(totals.mean()), 2) if len(totals) else 0),
        ("Best total", round(float(totals.max()), 2) if len(totals) else 0),
    ]
    for row, (name, value) in enumerate(facts):
        sheet.write_string(row, 0, name, bold)
        _write_row(sheet, row, 1, [value])
    first = len(facts) + 2
    _write_row(sheet, first - 1, 0, PLATFORM_HEAD, bold)
    for row, values in enumerate(_by_platform(found), first):
        _write_row(sheet, row, 0, values)
    bands = first + len(found.platforms) + 2
    _write_row(sheet, bands - 1, 0, ["Overall score", "People"], bold)
    by_total = _by_total(totals.tolist())
    for row, values in enumerate(by_total, bands):
        _write_row(sheet, row, 0, values)
    return first, first + len(found.platforms) - 1, bands, bands + len(by_total) - 1


def _by_platform(found: Extract) -> list[list[str | float]]:
    states: dict[str, Counter[str]] = {platform.key: Counter() for platform in found.platforms}
    for line in found.lines:
        for key, handle in line.handles.items():
            if key in states:
                states[key][handle.state] += 1
    rows: list[list[str | float]] = []
    for platform in found.platforms:
        known = [line.standing.ratings[platform.key] for line in found.lines if platform.key in line.standing.ratings]
        count = states[platform.key]
        unknown = count["unknown"] + count["unchecked"]
        mean, best = (round(sum(known) / len(known), 2), round(max(known), 2)) if known else (0.0, 0.0)
        rows.append([platform.name, count.total(), count["verified"], count["missing"], unknown, mean, best])
    return rows


def _by_total(totals: list[float]) -> list[list[str | float]]:
    """How many people have a total within each of some equal bands; none where nobody has one."""
    if not totals:
        return []
    least, most = min(totals), max(totals)
    width = (most - least) / BANDS or 1.0
    counts = Counter(min(int((total - least) / width), BANDS - 1) for total in totals)
    return [
        [f"{least + number * width:,.0f} to {least + (number + 1) * width:,.0f}", counts[number]]
        for number in range(BANDS)
    ]


def _write_charts(book: Workbook, first: int, last: int, first_band: int, last_band: int) -> None:
    sheet = book.add_worksheet("Charts")
    shown = (
        ("Mean score by platform", "column", 5, first, last),
        ("Handles verified by platform", "bar", 2, first, last),
        ("People by overall score", "column", 1, first_band, last_band),
    )
    there = (one for one in shown if one[-1] >= one[-2])
    for number, (title, kind, column, top, bottom) in enumerate(there):
        chart = book.add_chart({"type": kind})
        chart.add_series(
            {
                "name": title,
                "categories": ["Summary", top, 0, bottom, 0],
                "values": ["Summary", top, column, bottom, column],
            }
        )
        chart.set_title({"name": title})
        chart.set_legend({"none": True})
        sheet.insert_chart(number * 18, 0, chart, {"x_scale": 1.4, "y_scale": 1.15})


def _write_row(
    sheet: Worksheet, row: int, column: int, values: Sequence[str | float], look: Format | None = None
) -> None:
    for at, value in enumerate(values, column):
        if isinstance(value, str):
            sheet.write_string(row, at, value, look)
        else:
            sheet.write_number(row, at, value, look)
