"""What every source of standings hands over, whatever world it comes from."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class NotALeaderboard(Exception):
    """What was handed over is no leaderboard; the message is a sentence for people."""


class SourceFault(Exception):
    """A source could not be asked, or said no. `kind` is one of FAULTS; the message is a sentence for people.

    `retry_after_seconds` is how long the source itself asks to be left alone, where it says so.
    """

    def __init__(self, kind: str, sentence: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.retry_after_seconds = retry_after_seconds


FAULTS = ("login", "rules", "unknown", "busy", "down", "unreachable", "slow", "too large", "garbled")


@dataclass(frozen=True)
class Wanted:
    """Whom the club looks for in a board: folded usernames, and ids of teams it already follows."""

    usernames: frozenset[str]
    team_ids: frozenset[str]


class Standing(NamedTuple):
    """One row of a board. `rank` None: not ranked; `usernames` are folded; `row` counts from the header, 1."""

    row: int
    team_id: str
    team_name: str
    usernames: tuple[str, ...]
    rank: int | None
    score: float
    score_text: str
    submitted_at: datetime | None
    submission_count: int | None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be read; `team_id` may be empty."""

    row: int
    team_id: str
    team_name: str
    reason: str


@dataclass(frozen=True)
class Standings:
    """A board as far as the club needs it: the wanted rows, and the size of the whole field.

    `has_ranks` False: ranks were worked out here, from score and time. `at` is the moment the board is from.
    """

    at: datetime
    rows: int
    ranked: int
    has_ranks: bool
    is_all_zero: bool
    standings: tuple[Standing, ...]
    refused: tuple[RefusedRow, ...] = ()

    @property
    def accepted(self) -> int:
        """How many rows could be read."""
        return self.rows - len(self.refused)
