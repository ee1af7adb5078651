"""Corrections of results: what each changes, whose rating moves by it, and the history worked out anew from there.

A preview is the correction itself, rolled back: it cannot show anything else than what applying it then does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Protocol

from sqlalchemy import select

from app.competitions import boards, syncing
from app.competitions.matching import ORGANISER
from app.competitions.models import BoardFile, Competition, Entry
from app.competitions.sources.base import NotALeaderboard
from app.competitions.standings import StandingsDoubtful, apply_standings
from app.core import audit, clock
from app.core.db import transaction
from app.extensions import db
from app.members.models import Member
from app.ratings import history
from app.ratings.service import RatingRefused, has_final_board, lock, obstacle, tell_moved

Told = dict[str, Any]
LONGEST_REASON = 200
LONGEST_TEAM_ID = 40


@dataclass(frozen=True)
class Move:
    """How one member's rating of today moves by a correction."""

    member_id: int
    display_name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


class Correction(Protocol):
    """One correction; `act` names it in the record of who did what."""

    @property
    def act(self) -> str: ...

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Change what is stored, within the caller's transaction; what was, and what is now. RatingRefused if not."""
        ...


@dataclass(frozen=True)
class Disqualify:
    """Take a place away; the entry stays to be seen."""

    entry_id: int
    reason: str
    act: str = "disqualify entry"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Without a place from now on, whatever the board says."""
        reason = self.reason.strip()
        if not reason or len(reason) > LONGEST_REASON:
            raise RatingRefused("reason", f"Tell why, in at most {LONGEST_REASON} letters.")
        entry = _entry(competition, self.entry_id)
        if entry.disqualified_at is not None:
            raise RatingRefused("reason", "This entry is disqualified already.")
        before = _told(entry)
        entry.disqualified_at, entry.disqualified_reason = clock.now(), reason
        _place_again(competition)
        return before, {**_told(entry), "reason": reason}


@dataclass(frozen=True)
class Reinstate:
    """Give a disqualified entry its place back."""

    entry_id: int
    act: str = "reinstate entry"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Placed by the board again."""
        entry = _entry(competition, self.entry_id)
        before = {**_told(entry), "reason": entry.disqualified_reason}
        entry.disqualified_at, entry.disqualified_reason = None, ""
        _place_again(competition)
        return before, _told(entry)


@dataclass(frozen=True)
class CorrectScore:
    """Have an entry count with another score than the board's; None: with the board's again."""

    entry_id: int
    score: float | None
    act: str = "correct score"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Placed by score among the club from now on."""
        if self.score is not None and not isfinite(self.score):
            raise RatingRefused("score", "This must be an ordinary number.")
        entry = _entry(competition, self.entry_id)
        if entry.source_rank is None:
            raise RatingRefused("score", "This entry is not on the board, so there is no score to correct.")
        before = _told(entry)
        entry.corrected_score = self.score
        _place_again(competition)
        return before, _told(entry)


@dataclass(frozen=True)
class AssignTeam:
    """Say which team of the board is the member's."""

    entry_id: int
    team_id: str
    act: str = "assign team"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Matched with that team, whatever the usernames say."""
        team_id = self.team_id.strip()
        entry = _entry(competition, self.entry_id)
        if not team_id or len(team_id) > LONGEST_TEAM_ID:
            raise RatingRefused("team_id", "Which team? Its number stands in the board's file, under TeamId.")
        before = _told(entry)
        entry.team_id, entry.matched_by, entry.matched_username = team_id, ORGANISER, None
        _place_again(competition)
        if entry.matched_by != ORGANISER or entry.left_board_at is not None:
            raise RatingRefused("team_id", f"There is no team {team_id} on the board that could be theirs.")
        return before, _told(entry)


@dataclass(frozen=True)
class MatchAgain:
    """Match the board that stands with today's members."""

    act: str = "match board again"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """As a new board would, were it the same."""
        before = _matched(competition)
        _place_again(competition)
        return {"matched": before}, {"matched": _matched(competition)}


@dataclass(frozen=True)
class ApplyBoard:
    """Put another file in the place of the board that stands."""

    board_id: int
    is_confirmed: bool = False
    act: str = "apply board"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """An organiser's own file is final, from whenever it is."""
        board = db.session.get(BoardFile, self.board_id, populate_existing=True)
        if board is None or board.competition_id != competition.id or board.state != "waiting":
            raise RatingRefused("", "This file is not waiting any more.")
        before = {"board_at": _text(competition.board_at)}
        board.is_confirmed = board.is_confirmed or self.is_confirmed
        try:
            boards.apply_board(board, boards.standings_in(board), is_correction=True)
        except StandingsDoubtful as doubt:
            raise RatingRefused("is_confirmed", f"{doubt} Tick the box if it is right all the same.") from doubt
        except NotALeaderboard as refusal:
            raise RatingRefused("", str(refusal)) from refusal
        db.session.refresh(competition)
        if not has_final_board(competition):
            competition.rate_as_is_at = clock.now()
        return before, {"board_at": _text(competition.board_at), "file": board.name}


@dataclass(frozen=True)
class MoveEnd:
    """Give the competition another end, and with it another turn in the history."""

    ends_at: datetime
    act: str = "move end"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Where that is yet to come, ratings have not moved by it after all."""
        before = {"ends_at": _text(competition.ends_at)}
        if self.ends_at <= competition.starts_at:
            raise RatingRefused("ends_at", "The end must come after the start.")
        competition.ends_at = self.ends_at
        if competition.kaggle_slug:
            syncing.dates_changed(competition)
        return before, {"ends_at": _text(self.ends_at)}


@dataclass(frozen=True)
class SetRated:
    """Take the competition out of the ratings, or put it back."""

    is_rated: bool
    act: str = "change whether rated"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Put back, ratings move by it at once where its final standings are in."""
        before = {"is_rated": competition.is_rated}
        competition.is_rated = self.is_rated
        if self.is_rated and competition.finalized_at is None:
            competition.finalized_at = clock.now()
        return before, {"is_rated": self.is_rated}


def preview(competition_id: int, correction: Correction) -> list[Move]:
    """Whose rating the correction would move; nothing is stored. RatingRefused where it cannot be made."""
    with _rolled_back():
        return _make(competition_id, correction)


def correct(competition_id: int, correction: Correction) -> list[Move]:
    """Make the correction and work the history out from there, in one transaction; whose rating moved is returned."""
    with transaction():
        return _make(competition_id, correction)


class _Undone(Exception):
    pass


@contextmanager
def _rolled_back() -> Iterator[None]:
    try:
        with transaction():
            yield
            raise _Undone
    except _Undone:
        pass


def _make(competition_id: int, correction: Correction) -> list[Move]:
    competition = lock(competition_id)
    ratings, end = _ratings(), competition.ends_at
    before, after = correction.make(competition)
    db.session.flush()
    _settle(competition)
    history.replay((min(end, competition.ends_at), competition.id))
    moves = [
        Move(member_id, name, ratings[member_id][1], rating)
        for member_id, (name, rating) in _ratings().items()
        if rating != ratings[member_id][1]
    ]
    subject = f"competition:{competition.slug}"
    audit.record(correction.act, subject, before=before, after={**after, "ratings_moved": len(moves)})
    tell_moved(competition_id)
    return sorted(moves, key=lambda move: (-abs(move.change), move.member_id))


def _settle(competition: Competition) -> None:
    """Whether ratings still move by it, and by which board."""
    if competition.status != "completed":
        competition.rate_as_is_at = None
    if competition.finalized_at is not None:
        is_final = obstacle(competition) is None
        competition.finalized_at = competition.finalized_at if is_final else None
        competition.rated_board_at = competition.board_at if is_final else None
    db.session.flush()


def _place_again(competition: Competition) -> None:
    """Places by the board that stands and what organisers said of entries; before the first board there are none."""
    db.session.flush()
    if competition.board_at is not None:
        standings = boards.standings_kept(competition)
        if standings is None:
            raise RatingRefused("", "The file of this board is not kept any more: hand it in anew first.")
        apply_standings(competition.id, standings, is_confirmed=True, is_correction=True)
    db.session.expire_all()


def _entry(competition: Competition, entry_id: int) -> Entry:
    entry = db.session.get(Entry, entry_id, populate_existing=True)
    if entry is None or entry.competition_id != competition.id or entry.withdrawn_at is not None:
        raise RatingRefused("", "There is no such entry in this competition.")
    return entry


def _ratings() -> dict[int, tuple[str, float]]:
    rows = db.session.execute(select(Member.id, Member.display_name, Member.rating))
    return {member_id: (name, rating) for member_id, name, rating in rows}


def _matched(competition: Competition) -> int:
    is_on_board = (Entry.competition_id == competition.id, Entry.source_rank.is_not(None))
    return len(db.session.scalars(select(Entry.id).where(*is_on_board)).all())


def _told(entry: Entry) -> Told:
    return {
        "member": entry.member_id,
        "place": entry.place,
        "score": entry.score,
        "team_id": entry.team_id,
        "disqualified": entry.disqualified_at is not None,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
