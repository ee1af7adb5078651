"""Kaggle's public leaderboard as a file, in its present layout and the older one without ranks and members.

The file is read once, in slices, so that memory does not grow with it: only the rows that concern the club are kept.
Each slice is checked column by column; only one with something wrong in it is gone through row by row.
"""

import csv
import io
import math
import re
from bisect import bisect_left
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from itertools import compress, count, islice, repeat

from app.competitions.sources.archive import unpack
from app.competitions.sources.base import NotALeaderboard, RefusedRow, Standing, Standings, Wanted

SLICE_ROWS = 250
COLUMNS = {
    "rank": "rank",
    "teamid": "team_id",
    "teamname": "team_name",
    "lastsubmissiondate": "submitted_at",
    "submissiondate": "submitted_at",
    "score": "score",
    "submissioncount": "submission_count",
    "teammemberusernames": "usernames",
}
REQUIRED = {"team_id": "TeamId", "team_name": "TeamName", "score": "Score"}
DATE_IN_NAME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)[:_-](\d\d)[:_-](\d\d)")
AFTER_EVERY_TIME = "~"
RANK_LENGTHS = frozenset(range(1, 10))

Row = list[str]
Columns = list[tuple[str, ...]]


@dataclass(frozen=True)
class Layout:
    """Where each known column stands in a row of `width` cells; None where the file has no such column."""

    width: int
    team_id: int
    team_name: int
    score: int
    rank: int | None = None
    submitted_at: int | None = None
    submission_count: int | None = None
    usernames: int | None = None


def read_board(
    content: bytes,
    name: str,
    wanted: Wanted,
    *,
    received_at: datetime,
    is_higher_better: bool,
    max_bytes: int,
) -> Standings:
    """The standings in a leaderboard file (CSV or ZIP); NotALeaderboard says why it is none.

    A row with a blank or non-numeric score or rank, no TeamId, a wrong number of cells, or a TeamId of the club's that
    stood before is refused and named; the others stand. The board is from the moment its name tells, else from
    `received_at`.
    """
    return read_text(open_board(content, name, received_at, max_bytes), wanted, is_higher_better=is_higher_better)


@dataclass(frozen=True)
class BoardText:
    """The CSV inside a leaderboard file, not read yet, and the moment it is from."""

    data: bytes
    at: datetime

    @cached_property
    def digest(self) -> str:
        """The same for the same rows, whatever they are packed in."""
        return sha256(self.data).hexdigest()


def open_board(content: bytes, name: str, received_at: datetime, max_bytes: int) -> BoardText:
    """The text in a CSV or ZIP; NotALeaderboard where there is none."""
    data, csv_name = unpack(content, name, max_bytes)
    if b"\0" in data:
        raise NotALeaderboard("The file is not text: it holds zero bytes.")
    return BoardText(data, _moment_of(csv_name, name, received_at))


def read_text(board: BoardText, wanted: Wanted, *, is_higher_better: bool) -> Standings:
    """The standings in an opened file; the rest is as in `read_board`."""
    reading = _Reading(wanted, is_higher_better)
    try:
        # Lines of bytes, decoded one by one, reach the reader faster than a text file's do.
        reader = csv.reader(map(bytes.decode, io.BytesIO(board.data.removeprefix(BOM_UTF8))), strict=True)
        reading.read(reader)
    except UnicodeDecodeError as error:
        raise NotALeaderboard("The file is not text in UTF-8, as Kaggle's leaderboards are.") from error
    except csv.Error as error:
        raise NotALeaderboard(f"The file is not a CSV: near line {reader.line_num}, {error}.") from error
    return reading.standings(board.at)


class _Reading:
    """One pass over a file: what has been seen so far."""

    def __init__(self, wanted: Wanted, is_higher_better: bool) -> None:
        self.wanted = wanted
        self.sign = -1.0 if is_higher_better else 1.0
        self.rows = self.ranked = 0
        self.has_score_above_or_below_zero = False
        self.team_ids: set[str] = set()  # of the club's teams: entries are kept by them
        self.found: list[Standing] = []
        self.refused: list[RefusedRow] = []
        self.order: list[tuple[float, str]] = []  # only for files without ranks: all rows, best first when sorted

    def read(self, reader: Iterator[Row]) -> None:
        self.layout = layout_of(next(reader, []))
        number = 2
        while rows := list(islice(reader, SLICE_ROWS)):
            self._read_slice(rows, number)
            number += len(rows)

    def standings(self, at: datetime) -> Standings:
        if self.layout.rank is None:
            self.order.sort()
            self.found = [standing._replace(rank=self._rank_of(standing)) for standing in self.found]
            self.ranked = self.rows - len(self.refused)
        return Standings(
            at=at,
            rows=self.rows,
            ranked=self.ranked,
            has_ranks=self.layout.rank is not None,
            is_all_zero=self.rows > len(self.refused) and not self.has_score_above_or_below_zero,
            standings=tuple(self.found),
            refused=tuple(self.refused),
        )

    def _read_slice(self, rows: list[Row], first: int) -> None:
        if self._take(rows, range(first, first + len(rows))):
            self.rows += len(rows)
            return
        self.rows += sum(map(bool, rows))
        for number, row in enumerate(rows, first):
            cells = [cell.strip() for cell in row]
            if row and not self._take([cells], [number]):
                self._refuse(number, cells)

    def _take(self, rows: list[Row], numbers: Sequence[int]) -> bool:
        """Count the rows and keep those that concern the club; False, with nothing done, if one has to be refused."""
        layout = self.layout
        columns = _columns_of(rows)
        if len(columns) != layout.width:
            return False
        ranks, scores = columns[layout.rank] if layout.rank is not None else (), columns[layout.score]
        if not (_are_whole_numbers(ranks) and _are_numbers(scores) and "" not in columns[layout.team_id]):
            return False
        hits = sorted(self._wanted_in(columns))
        if not self._take_ids([rows[index][layout.team_id] for index in hits]):
            return False
        self.has_score_above_or_below_zero = self.has_score_above_or_below_zero or any(map(float, scores))
        self.ranked += len(ranks) - ranks.count("0")
        if layout.rank is None:
            self._take_order(columns)
        self.found.extend(self._standing(numbers[index], rows[index]) for index in hits)
        return True

    def _take_ids(self, ids: list[str]) -> bool:
        """Remember the ids of the club's teams; False, with none remembered, if one was seen before."""
        if len(set(ids)) < len(ids) or not self.team_ids.isdisjoint(ids):
            return False
        self.team_ids.update(ids)
        return True

    def _take_order(self, columns: Columns) -> None:
        scores = map(float, columns[self.layout.score])
        times = columns[self.layout.submitted_at] if self.layout.submitted_at is not None else repeat("")
        pairs = zip(scores, times)  # noqa: B905 - times may be without end
        self.order.extend([(self.sign * score, time or AFTER_EVERY_TIME) for score, time in pairs])

    def _refuse(self, number: int, row: Row) -> None:
        padded = row + [""] * self.layout.width
        team_id, name = padded[self.layout.team_id], padded[self.layout.team_name]
        self.refused.append(RefusedRow(number, team_id, name, self._fault_of(row)))

    def _fault_of(self, row: Row) -> str:
        layout = self.layout
        if len(row) != layout.width:
            return f"it has {len(row)} cells instead of {layout.width}"
        team_id, score = row[layout.team_id], row[layout.score]
        if not team_id:
            return "it has no TeamId"
        if team_id in self.team_ids:
            return f"TeamId {team_id[:40]} stands in the file twice"
        if not score:
            return "its score is blank"
        if not _are_numbers([score]):
            return f"its score “{score[:40]}” is not a number"
        return f"its rank “{row[layout.rank or 0][:40]}” is not a whole number"

    def _wanted_in(self, columns: Columns) -> set[int]:
        """Where in the slice somebody of the club may stand."""
        layout, usernames = self.layout, self.wanted.usernames
        hits = _where(self.wanted.team_ids, columns[layout.team_id])
        hits |= _where(usernames, list(map(str.strip, map(str.casefold, columns[layout.team_name]))))
        if layout.usernames is not None:
            people: Sequence[str] = columns[layout.usernames]
            joined = "".join(people)
            if joined != joined.casefold():
                people = list(map(str.casefold, people))
            hits |= _where(usernames, people)
            if "," in joined or " " in joined:
                hits.update(i for i, text in enumerate(people) if not usernames.isdisjoint(_split(text)))
        return hits

    def _standing(self, number: int, row: Row) -> Standing:
        layout = self.layout
        rank = int(row[layout.rank]) if layout.rank is not None else 0
        count = row[layout.submission_count].strip() if layout.submission_count is not None else ""
        return Standing(
            row=number,
            team_id=row[layout.team_id],
            team_name=row[layout.team_name].strip(),
            usernames=_split(row[layout.usernames].casefold()) if layout.usernames is not None else (),
            rank=rank or None,
            score=float(row[layout.score]),
            score_text=row[layout.score].strip(),
            submitted_at=parse_time(row[layout.submitted_at]) if layout.submitted_at is not None else None,
            submission_count=int(count) if count.isdecimal() and len(count) < 10 else None,
        )

    def _rank_of(self, standing: Standing) -> int:
        time = f"{standing.submitted_at:%Y-%m-%d %H:%M:%S}" if standing.submitted_at else AFTER_EVERY_TIME
        return bisect_left(self.order, (self.sign * standing.score, time)) + 1


def _columns_of(rows: list[Row]) -> Columns:
    """The columns of rows of one width; none, if their widths differ."""
    try:
        return list(zip(*rows, strict=True))
    except ValueError:
        return []


def layout_of(header: Row) -> Layout:
    """Where the known columns stand, found by name in any order; NotALeaderboard when a needed one is missing."""
    found = {COLUMNS[key]: i for i, name in enumerate(header) if (key := name.strip().casefold()) in COLUMNS}
    missing = [name for key, name in REQUIRED.items() if key not in found]
    if missing:
        seen = ", ".join(name.strip()[:30] for name in header[:8]) or "nothing"
        raise NotALeaderboard(
            f"This is not a Kaggle leaderboard: its first line lacks {' and '.join(missing)}. It reads: {seen}."
        )
    return Layout(width=len(header), **found)


def parse_time(text: str) -> datetime | None:
    """Kaggle's times are UTC without saying so; None for anything that is no time."""
    try:
        value = datetime.fromisoformat(text.strip())
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _moment_of(csv_name: str, name: str, received_at: datetime) -> datetime:
    """The moment in the file's name, as Kaggle writes it (some savers put _ or - for the colons)."""
    found = DATE_IN_NAME.search(csv_name) or DATE_IN_NAME.search(name)
    if not found:
        return received_at
    told = parse_time(f"{found[1]} {found[2]}:{found[3]}:{found[4]}")
    return min(told, received_at) if told else received_at


def _are_numbers(texts: Sequence[str]) -> bool:
    """Whether all of them are finite decimal numbers; Python alone would also take 1_000, nan and inf."""
    try:
        total = sum(map(float, texts))
    except ValueError:
        return False
    # A sum is finite only if all its parts are; one that is not may also be of finite parts, beyond all numbers.
    return (math.isfinite(total) or all(map(math.isfinite, map(float, texts)))) and "_" not in "".join(texts)


def _are_whole_numbers(texts: Sequence[str]) -> bool:
    """Whether all of them are whole numbers from 0 on, none longer than a rank can be."""
    return not texts or ("".join(texts).isdecimal() and RANK_LENGTHS.issuperset(map(len, texts)))


def _where(wanted: frozenset[str], cells: Sequence[str]) -> set[int]:
    # Most slices hold nobody, which is soonest seen of all of them at once.
    return set() if wanted.isdisjoint(cells) else set(compress(count(), map(wanted.__contains__, cells)))


def _split(usernames: str) -> tuple[str, ...]:
    return tuple(name for part in usernames.split(",") if (name := part.strip()))
