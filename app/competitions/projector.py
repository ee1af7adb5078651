"""Leaderboards as a projector shows them: a few rows at a time, in one shape for competitions and events."""

from dataclasses import dataclass
from datetime import datetime

from app.competitions import event_queries, queries
from app.competitions.models import Competition, Event
from app.core.paging import Paging

PER_SLIDE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `change` is places gained in 24 hours, None where that is not known."""

    key: int
    name: str
    place: int | None
    result: str
    change: int | None


@dataclass(frozen=True)
class Slide:
    """What is on the wall for a while; `as_of` is the moment the standings are from."""

    title: str
    result_name: str
    as_of: datetime | None
    paging: Paging
    lines: tuple[Line, ...]

    @property
    def next_page(self) -> int:
        return self.paging.page % self.paging.pages + 1


def competition_slide(competition: Competition, page: int) -> Slide:
    """Slide `page` of a competition, the last one where there are fewer."""
    entrants = queries.count_entrants(competition.id)
    last = Paging(1, entrants, PER_SLIDE).pages
    board = queries.board_page(competition, entrants, min(page, last), per_page=PER_SLIDE)
    lines = (Line(row.entry_id, row.member, row.place, row.score_text or "–", row.change) for row in board.rows)
    return Slide(competition.title, "Score", competition.board_at, board.paging, tuple(lines))


def event_slide(event: Event, page: int) -> Slide:
    """Slide `page` of an event, the last one where there are fewer."""
    competitions = event_queries.competitions_of(event)
    board = event_queries.board_page(event, competitions, page, per_page=PER_SLIDE)
    moments = [line.competition.board_at for line in competitions.lines if line.competition.board_at]
    lines = (Line(row.member_id, row.member, row.place, _points(row.points), None) for row in board.rows)
    return Slide(event.title, "Points", max(moments, default=None), board.paging, tuple(lines))


def _points(points: float | None) -> str:
    return "–" if points is None else f"{points:.2f}"
