"""Corrections of results: what each changes, whose rating moves by it, and the history worked out anew from there.

A preview is the correction itself, rolled back: it cannot show anything else than what applying it then does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import isfinite
from typing import Any, Protocol

from sqlalchemy import select

from app.competitions import boards, syncing
from app.competitions.matching import ORGANISER
from app.competitions.models import BoardFile, Competition, Entry
from app.competitions.planning import FIELDS
from app.competitions.queries import count_matched
from app.competitions.sources.base import NotALeaderboard
from app.competitions.standings import StandingsDoubtful, apply_standings
from app.core import audit, clock
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.ratings import history
from app.ratings.moves import MOST_TOLD, Move, for_record, moves_since, ratings_now
from app.ratings.service import has_final_board, lock, moment_text, obstacle, tell_moved

Told = dict[str, Any]
LONGEST_REASON = 200
LONGEST_TEAM_ID = 40


@dataclass(frozen=True)
class Outcome:
    """What a correction does: whose ratings move, and whether by the competition they move only now (`is_rated_now`) or
    no longer (`is_taken_back`).

    `digest` tells two outcomes apart that a person would.
    """

    moves: list[Move]
    is_rated_now: bool = False
    is_taken_back: bool = False

    @property
    def shown(self) -> list[Move]:
        """The moves that pages, which write ratings to a tenth, can tell from none."""
        return [move for move in self.moves if round(move.change, 1)]

    @property
    def digest(self) -> str:
        told = (
            self.is_rated_now,
            self.is_taken_back,
            [(move.member_id, move.before, move.after) for move in self.moves],
        )
        return sha256(repr(told).encode()).hexdigest()


@dataclass(frozen=True)
class State:
    """What a correction may change of a competition; entries by member id."""

    ends_at: datetime
    finalized_at: datetime | None
    entries: dict[int, Told]

    def beside(self, other: "State") -> Told:
        """For the record: whether it is final, and the first few hundred entries that differ from those of `other`."""
        numbers = sorted(self.entries.keys() | other.entries.keys())
        differing = [number for number in numbers if self.entries.get(number) != other.entries.get(number)]
        entries = {str(number): self.entries.get(number) for number in differing[:MOST_TOLD]}
        return {"finalized_at": moment_text(self.finalized_at), "entries": entries}


class PreviewOutdated(Exception):
    """The correction would do something else by now than its preview showed: `outcome`. Nothing was stored."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("This has changed since you looked. Nothing has been corrected yet.")
        self.outcome = outcome


class Correction(Protocol):
    """One correction; `act` names it in the record of who did what."""

    @property
    def act(self) -> str: ...

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Change what is stored, within the caller's transaction; what was, and what is now. Refused if not."""
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
            raise Refused("reason", f"Tell why, in at most {LONGEST_REASON} letters.")
        entry = _entry(competition, self.entry_id)
        if entry.disqualified_at is not None:
            raise Refused("reason", "This entry is disqualified already.")
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
            raise Refused("score", "This must be an ordinary number.")
        entry = _entry(competition, self.entry_id)
        if entry.source_rank is None:
            raise Refused("score", "This entry is not on the board, so there is no score to correct.")
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
            raise Refused("team_id", "Which team? Its number stands in the board's file, under TeamId.")
        before = _told(entry)
        entry.team_id, entry.matched_by, entry.matched_username = team_id, ORGANISER, None
        _place_again(competition)
        if entry.matched_by != ORGANISER or entry.left_board_at is not None:
            raise Refused("team_id", f"There is no team {team_id} on the board that could be theirs.")
        return before, _told(entry)


@dataclass(frozen=True)
class KeepOff:
    """Say that no team of the board is the member's."""

    entry_id: int
    act: str = "keep off board"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Entered and unranked, whatever the usernames say."""
        entry = _entry(competition, self.entry_id)
        before = _told(entry)
        _forget_team(entry)
        entry.matched_by = ORGANISER
        _place_again(competition)
        return before, _told(entry)


@dataclass(frozen=True)
class MatchByRules:
    """Take back what an organiser said of the member's team, and let the rules look for it as for a new entry's."""

    entry_id: int
    act: str = "match by rules"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """On the team that the Kaggle username of today leads to, if any."""
        entry = _entry(competition, self.entry_id)
        if entry.member.deleted_at is not None:
            raise Refused("team_id", "They have left the club, so the rules cannot find them: only a number can.")
        before = _told(entry)
        _forget_team(entry)
        _place_again(competition)
        return before, _told(entry)


@dataclass(frozen=True)
class MatchAgain:
    """Match the board that stands with today's members."""

    act: str = "match board again"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """As a new board would, were it the same."""
        before = count_matched(competition.id)
        _place_again(competition)
        return {"matched": before}, {"matched": count_matched(competition.id)}


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
            raise Refused("", "This file is not waiting any more.")
        before = {"board_at": moment_text(competition.board_at)}
        board.is_confirmed = board.is_confirmed or self.is_confirmed
        try:
            boards.apply_board(board, boards.standings_in(board), is_correction=True)
        except StandingsDoubtful as doubt:
            raise Refused("is_confirmed", f"{doubt} Tick the box if it is right all the same.") from doubt
        except NotALeaderboard as refusal:
            raise Refused("", str(refusal)) from refusal
        db.session.refresh(competition)
        competition.rate_as_is_at = clock.now()
        return before, {"board_at": moment_text(competition.board_at), "file": board.name}


@dataclass(frozen=True)
class MoveEnd:
    """Give the competition another end, and with it another turn in the history."""

    ends_at: datetime
    act: str = "move end"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Where that is yet to come, ratings have not moved by it after all; where the board is final then, they do."""
        before = {"ends_at": moment_text(competition.ends_at)}
        if self.ends_at <= competition.starts_at:
            raise Refused("ends_at", "The end must come after the start.")
        competition.ends_at = self.ends_at
        return before, {"ends_at": moment_text(self.ends_at)}


@dataclass(frozen=True)
class SetRated:
    """Take the competition out of the ratings, or put it back."""

    is_rated: bool
    act: str = "change whether rated"

    def make(self, competition: Competition) -> tuple[Told, Told]:
        """Put back, ratings move by it at once where its final standings are in."""
        before = {"is_rated": competition.is_rated}
        competition.is_rated = self.is_rated
        return before, {"is_rated": self.is_rated}


def preview(competition_id: int, correction: Correction) -> Outcome:
    """What the correction would do; nothing is stored. Refused where it cannot be made."""
    with _rolled_back():
        return _make(competition_id, correction)


def correct(competition_id: int, correction: Correction, *, seen: str | None = None) -> Outcome:
    """Make the correction and work the history out from there, in one transaction; what it did is returned.

    `seen` is the digest of the outcome that somebody was shown: PreviewOutdated, with nothing stored, where it would
    be another one now.
    """
    with transaction():
        outcome = _make(competition_id, correction)
        if seen is not None and seen != outcome.digest:
            raise PreviewOutdated(outcome)
        return outcome


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


def _make(competition_id: int, correction: Correction) -> Outcome:
    competition = lock(competition_id)
    ratings, was = ratings_now(), _state(competition)
    before, after = correction.make(competition)
    db.session.flush()
    _settle(competition)
    now = _state(competition)
    if competition.kaggle_slug and (now.ends_at, now.finalized_at) != (was.ends_at, was.finalized_at):
        syncing.dates_changed(competition)
    history.replay((min(was.ends_at, now.ends_at), competition.id))
    moves = moves_since(ratings)
    ratings_before, ratings_after = for_record(moves)
    audit.record(
        correction.act,
        f"competition:{competition.slug}",
        before={**before, **was.beside(now), **ratings_before},
        after={**after, **now.beside(was), **ratings_after},
    )
    tell_moved(competition_id)
    was_final, is_final = was.finalized_at is not None, now.finalized_at is not None
    return Outcome(moves, is_rated_now=is_final and not was_final, is_taken_back=was_final and not is_final)


def _state(competition: Competition) -> State:
    query = select(Entry.member_id, Entry.place, Entry.score, Entry.team_id)
    rows = db.session.execute(query.where(Entry.competition_id == competition.id))
    entries = {row.member_id: {"place": row.place, "score": row.score, "team_id": row.team_id} for row in rows}
    return State(competition.ends_at, competition.finalized_at, entries)


def _settle(competition: Competition) -> None:
    """Whether ratings move by it, and by which board: at once, where its final standings are in."""
    if competition.status != "completed" or has_final_board(competition):
        competition.rate_as_is_at = None
    is_final = obstacle(competition) is None
    competition.finalized_at = (competition.finalized_at or clock.now()) if is_final else None
    competition.rated_board_at = competition.board_at if is_final else None
    db.session.flush()


def _place_again(competition: Competition) -> None:
    """Places by the board that stands and what organisers said of entries; before the first board there are none."""
    db.session.flush()
    if competition.board_at is not None:
        standings = boards.standings_kept(competition)
        if standings is None:
            raise Refused("", "The file of this board is not kept any more: hand it in anew first.")
        apply_standings(competition.id, standings, is_confirmed=True, is_correction=True)
    db.session.expire_all()


def _entry(competition: Competition, entry_id: int) -> Entry:
    entry = db.session.get(Entry, entry_id, populate_existing=True)
    if entry is None or entry.competition_id != competition.id or entry.withdrawn_at is not None:
        raise Refused("", "There is no such entry in this competition.")
    return entry


def _forget_team(entry: Entry) -> None:
    """As if no board had shown them yet."""
    for name in FIELDS:
        setattr(entry, name, None)


def _told(entry: Entry) -> Told:
    return {
        "member": entry.member_id,
        "place": entry.place,
        "score": entry.score,
        "team_id": entry.team_id,
        "matched_by": entry.matched_by,
        "disqualified": entry.disqualified_at is not None,
    }
