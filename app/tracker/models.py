"""Cohorts, the people on their rosters, their handles on platforms, and what those showed day by day."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import UtcDateTime, fold
from app.extensions import db
from app.members.models import Member

VISIBILITIES = ("organisers", "participants", "members")
STATES = ("unchecked", "verified", "missing", "unknown")  # unknown: it could not be checked
HAS_ROLL_NUMBER = text("roll_folded <> ''")
HAS_NO_COHORT = text("cohort_id IS NULL")


class Cohort(db.Model):
    """A college and batch. `visibility` says who may see its board, besides organisers."""

    __tablename__ = "cohorts"
    __table_args__ = (
        UniqueConstraint("college", "batch"),
        CheckConstraint(f"visibility IN {VISIBILITIES}", name="visibility"),
        {"sqlite_autoincrement": True},  # files, channels and acts go by its number
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    college: Mapped[str] = mapped_column(String(120))
    batch: Mapped[str] = mapped_column(String(40))
    visibility: Mapped[str] = mapped_column(String(12), default="organisers")
    hackerrank_contests: Mapped[list[str]] = mapped_column(JSON, default=list)  # the last part of each address
    contests_changed_on: Mapped[date | None] = mapped_column(Date)  # scores from before are of other contests
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    participants: Mapped[list["Participant"]] = relationship(back_populates="cohort", passive_deletes=True)


class Participant(db.Model):
    """A person on a cohort's roster, or, without a cohort, a member who keeps handles for themselves.

    Roll number and e-mail are for organisers only. Removed with all handles and their history. `invitation` is what the
    newest link says by which a member can take this place, "" for none.
    """

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("cohort_id", "member_id"),
        Index(
            "uq_participants_roll_number",
            "cohort_id",
            "roll_folded",
            unique=True,
            sqlite_where=HAS_ROLL_NUMBER,
            postgresql_where=HAS_ROLL_NUMBER,
        ),
        # To a unique constraint two NULLs differ: outside cohorts a member needs an index of their own.
        Index(
            "uq_participants_own", "member_id", unique=True, sqlite_where=HAS_NO_COHORT, postgresql_where=HAS_NO_COHORT
        ),
        {"sqlite_autoincrement": True},  # so do those of a person
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    roll_number: Mapped[str] = mapped_column(String(60), default="")
    roll_folded: Mapped[str] = mapped_column(String(120), default="")
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    invitation: Mapped[str] = mapped_column(String(40), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    cohort: Mapped[Cohort | None] = relationship(back_populates="participants")
    member: Mapped[Member | None] = relationship()
    handles: Mapped[list["Handle"]] = relationship(back_populates="participant", passive_deletes=True)


@event.listens_for(Participant.roll_number, "set")
def _fold_roll_number(participant: Participant, value: str, _old: object, _event: object) -> None:
    participant.roll_folded = fold(value)


class Handle(db.Model):
    """A participant's name on a platform, and what was last known of it.

    `state` and `why` are of the check at `checked_at`; rating, peak, solved and contests are of the last good one, at
    `known_at`, and no failure erases them. `failures` counts checks in a row that could not be made. `asked_at`: a
    person pressed the button or typed it in, and the newest goes first; as of a day before for all of a cohort or
    platform. `platform` is a key that may have no file any more.
    """

    __tablename__ = "handles"
    __table_args__ = (
        UniqueConstraint("participant_id", "platform"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_handles_platform_next_due_at", "platform", "next_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    platform: Mapped[str] = mapped_column(String(30))
    handle: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(12), default="unchecked")
    why: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    known_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[float | None]
    peak: Mapped[float | None]
    solved: Mapped[int | None]
    contests: Mapped[int | None]

    participant: Mapped[Participant] = relationship(back_populates="handles")
    snapshots: Mapped[list["Snapshot"]] = relationship(back_populates="handle_row", passive_deletes=True)


@event.listens_for(Handle.handle, "set")
def _fold_handle(row: Handle, value: str, _old: object, _event: object) -> None:
    row.folded = fold(value)


class Snapshot(db.Model):
    """What a handle showed on one day (UTC): the last good check of that day."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("handle_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handle_id: Mapped[int] = mapped_column(ForeignKey("handles.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    rating: Mapped[float | None]
    peak: Mapped[float | None]
    solved: Mapped[int | None]
    contests: Mapped[int | None]

    handle_row: Mapped[Handle] = relationship(back_populates="snapshots")


class RosterUpload(db.Model):
    """A table that waits for an organiser to say yes: its rows as compressed JSON, and what its columns hold."""

    __tablename__ = "roster_uploads"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)
    rows: Mapped[bytes] = mapped_column(deferred=True)
    mapped: Mapped[dict[str, int]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RosterImport(db.Model):
    """The newest import into a cohort, and, until it is taken back, all that this needs, as compressed JSON."""

    __tablename__ = "roster_imports"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    before: Mapped[bytes] = mapped_column(deferred=True)


class PlatformSecret(db.Model):
    """A setting of a platform that an administrator typed in, encrypted; the environment's goes before it."""

    __tablename__ = "platform_secrets"

    platform: Mapped[str] = mapped_column(String(30), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
