"""Events, competitions, entries, and the leaderboard files they came from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.competitions.status import status_at
from app.core import clock
from app.core.db import UtcDateTime
from app.extensions import db
from app.members.models import Member


class Event(db.Model):
    """A parent of competitions."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    organiser: Mapped[str] = mapped_column(String(120), default="")
    prize: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    banner_digest: Mapped[str | None] = mapped_column(String(64))  # None: it has no banner

    competitions: Mapped[list["Competition"]] = relationship(back_populates="event", order_by="Competition.starts_at")


class EventBanner(db.Model):
    """The picture over an event's page, encoded by us."""

    __tablename__ = "event_banners"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    content: Mapped[bytes]


class Competition(db.Model):
    """Anything with a start, an end and a leaderboard.

    The `board_*` columns describe the last good board: `board_version` rises with every change of what the leaderboard
    shows, `board_at` is the moment the standings are from, `board_rows` the rows that could be read, `board_teams`
    those with a rank above 0 out there.

    `finalized_at`: ratings have moved by the board that was from `rated_board_at`. `rate_as_is_at`: an organiser said
    that no board from after the end will come, so the one that stands is rated.
    """

    __tablename__ = "competitions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("worst_score <> best_score", name="worst_is_not_best"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    rules: Mapped[str] = mapped_column(Text, default="")
    rules_html: Mapped[str] = mapped_column(Text, default="")
    kaggle_slug: Mapped[str | None] = mapped_column(String(120))
    metric: Mapped[str] = mapped_column(String(80), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    is_higher_better: Mapped[bool] = mapped_column(default=True)
    is_registered_only: Mapped[bool] = mapped_column(default=False)
    worst_score: Mapped[float | None]
    best_score: Mapped[float | None]
    max_points: Mapped[float] = mapped_column(default=100.0)
    weight: Mapped[float] = mapped_column(default=1.0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    board_version: Mapped[int] = mapped_column(default=0)
    board_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    board_rows: Mapped[int] = mapped_column(default=0)
    board_teams: Mapped[int] = mapped_column(default=0)
    board_is_all_zero: Mapped[bool] = mapped_column(default=False)
    is_rated: Mapped[bool] = mapped_column(default=True, server_default=true())
    rate_as_is_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finalized_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rated_board_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    event: Mapped[Event | None] = relationship(back_populates="competitions")
    sync_state: Mapped["SyncState | None"] = relationship(back_populates="competition")

    @property
    def status(self) -> str:
        """upcoming, ongoing or completed: from the clock, never stored."""
        return status_at(self.starts_at, self.ends_at, clock.now())

    @property
    def is_awaiting_final_standings(self) -> bool:
        """Whether it is over, and ratings have not moved by it yet though they are to."""
        return self.is_rated and self.finalized_at is None and self.status == "completed"


class Entry(db.Model):
    """One member in one competition.

    `source_rank` is the rank out there, `place` the rank among the club's ranked entries (both None: unranked), and
    `place_before` the place 24 hours before the board. Who has no place has no `points`. `team_id` is remembered, so
    that the entry follows its team. No board changes `disqualified_at` and `corrected_score`: organisers do, and every
    board goes by them.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("competition_id", "member_id"),
        Index("ix_entries_competition_id_place", "competition_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    is_found: Mapped[bool] = mapped_column(default=False)  # entered by a board, not by the member
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_board_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    matched_by: Mapped[str | None] = mapped_column(String(12))  # "organiser", "username", "name": see matching.py
    matched_username: Mapped[str | None] = mapped_column(String(120))
    team_id: Mapped[str | None] = mapped_column(String(40))
    team_name: Mapped[str | None] = mapped_column(String(300))
    source_rank: Mapped[int | None]
    score: Mapped[float | None]
    score_text: Mapped[str | None] = mapped_column(String(60))
    points: Mapped[float | None]
    submission_count: Mapped[int | None]
    last_submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[int | None]
    place_before: Mapped[int | None]
    disqualified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disqualified_reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    corrected_score: Mapped[float | None]

    competition: Mapped[Competition] = relationship()
    member: Mapped[Member] = relationship()


class ScoreChange(db.Model):
    """A board on which an entry's score or number of submissions was new: its history over time."""

    __tablename__ = "score_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    score: Mapped[float | None]
    score_text: Mapped[str | None] = mapped_column(String(60))
    submission_count: Mapped[int | None]
    source_rank: Mapped[int | None]
    improvement: Mapped[float | None]  # of the score, in the direction of better; None at the first


class PlaceSnapshot(db.Model):
    """The places of all entries after a board that changed some, as {entry id: place}: what "24 hours ago" means."""

    __tablename__ = "place_snapshots"
    __table_args__ = (Index("ix_place_snapshots_competition_id_at", "competition_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    places: Mapped[dict[str, int]] = mapped_column(JSON)


class BoardFile(db.Model):
    """A leaderboard file that was handed in, and what became of it.

    `state`: waiting (for an organiser's yes), applied, dropped, failed. The content of the last applied one is
    kept, that of others is emptied once they can no longer be needed.
    """

    __tablename__ = "board_files"
    __table_args__ = (Index("ix_board_files_competition_id_state", "competition_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    digest: Mapped[str | None] = mapped_column(String(64))  # of the CSV inside, where it was synced
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_from: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    is_confirmed: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    competition: Mapped[Competition] = relationship()


class SyncState(db.Model):
    """How the syncing of one competition stands; `due_at` None: nothing is planned."""

    __tablename__ = "sync_states"

    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"), primary_key=True)
    is_paused: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    last_synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    problem_kind: Mapped[str] = mapped_column(String(20), default="")
    problem: Mapped[str] = mapped_column(Text, default="")

    competition: Mapped[Competition] = relationship(back_populates="sync_state")

    @property
    def is_failing(self) -> bool:
        """Whether syncing does not work and should: not where it is paused, or the standings are final."""
        return self.failing_since is not None and not self.is_paused and self.competition.finalized_at is None


class Sync(db.Model):
    """One sync that ended; the last twenty of each competition are kept. `cause`: why it was begun."""

    __tablename__ = "syncs"
    __table_args__ = (Index("ix_syncs_competition_id_id", "competition_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"))
    cause: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_ok: Mapped[bool]
    outcome: Mapped[str] = mapped_column(Text)  # with the counts, in a sentence

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()


class KaggleAccount(db.Model):
    """The club's account on Kaggle: one row for what was typed in, one for what the environment names.

    `secret` is encrypted, and None where the credentials come from the environment; `fingerprint` tells whether the
    row is about the credentials in use. `problem` says why they do not work, "" where they do.
    """

    __tablename__ = "kaggle_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(120))
    is_token: Mapped[bool]
    secret: Mapped[str | None] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    problem: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
