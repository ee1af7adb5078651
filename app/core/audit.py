"""Who did what: a row for every act of an organiser or administrator."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import JSON, ColumnElement, Select, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import UtcDateTime
from app.extensions import db


class AuditRecord(db.Model):
    """One act. The actor is kept by number and by the name of that day, and outlives the account."""

    __tablename__ = "audit_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)


def record(act: str, subject: str, *, before: Any = None, after: Any = None) -> None:
    """Add to the current transaction who does `act` to `subject`, with JSON-able states; no secrets in them."""
    actor_id, actor_name = g.get("actor", (None, "command line"))
    db.session.add(
        AuditRecord(
            at=clock.now(),
            actor_id=actor_id,
            actor_name=actor_name,
            act=act,
            subject=subject,
            before=before,
            after=after,
        )
    )


def forget(subjects: Iterable[str] | Select[tuple[str]]) -> None:
    """Within the caller's transaction: let go of what is kept of these subjects, but not of who did what when."""
    of_subjects = update(AuditRecord).where(AuditRecord.subject.in_(subjects))
    db.session.execute(of_subjects.values(before=None, after=None))


@contextmanager
def by_the_club() -> Iterator[None]:
    """What is recorded meanwhile is done by nobody: the club does it by itself, in the background."""
    g.actor = (None, "the club")
    try:
        yield
    finally:
        g.pop("actor")


def latest_acts(most: int = 20, *conditions: ColumnElement[bool], subject: str = "") -> list[AuditRecord]:
    """The newest acts of which the conditions hold, on one subject where it is named, newest first."""
    acts = select(AuditRecord).where(*conditions).order_by(AuditRecord.id.desc()).limit(most)
    return list(db.session.scalars(acts.where(AuditRecord.subject == subject) if subject else acts))
