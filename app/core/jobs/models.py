"""The job table, and the slots of periodic work."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UtcDateTime
from app.extensions import db

ACTIVE = text("state IN ('queued', 'running')")


class Job(db.Model):
    """One piece of background work: what, on what, how far, and why it ended as it did."""

    __tablename__ = "jobs"
    __table_args__ = (
        # One active job per kind and subject: what makes "pressed twice, runs once" true on any number of hosts.
        Index("uq_jobs_active", "kind", "subject", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
        Index("ix_jobs_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    reason: Mapped[str] = mapped_column(Text, default="")
    attempt: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class PeriodicJob(db.Model):
    """When a periodic kind is next due; moving `next_due_at` on is what wins a slot."""

    __tablename__ = "periodic_jobs"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    every_seconds: Mapped[int]
    next_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
