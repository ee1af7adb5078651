"""The newest check of each judge, and whether grading may go on by it."""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, live
from app.core.db import UtcDateTime, on_commit, transaction, upsert
from app.core.jobs import enqueue
from app.extensions import db
from app.submissions.check import Report

TOPIC = "judge-check"


class JudgeCheck(db.Model):
    """What the last check of one judge found."""

    __tablename__ = "judge_checks"

    judge: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class GradingOff(NamedTuple):
    """Why nothing is judged, and what an administrator can do about it."""

    reason: str
    fix: str


def newest_check() -> JudgeCheck | None:
    """The last check of the judge that the site uses; None before the first."""
    return db.session.get(JudgeCheck, current_app.config["JUDGE"], populate_existing=True)


def grading_off() -> GradingOff | None:
    """What keeps the site from judging, by the last check; None where nothing is known to."""
    check = newest_check()
    if check is None or not check.report["reason"]:
        return None
    return GradingOff(check.report["reason"], check.report["fix"])


def keep(report: Report) -> None:
    """Store the report, within the caller's transaction, and have open pages show it."""
    values = {"fingerprint": report.fingerprint, "checked_at": clock.now(), "report": report.as_json()}
    insert = upsert(JudgeCheck).values(judge=report.judge, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["judge"], set_=values))
    on_commit(_tell_pages)


def _tell_pages() -> None:
    live.hint(TOPIC)


def request_check() -> int:
    """Have the judge checked, whether or not anything has changed; the job's number."""
    with transaction():
        return enqueue("check_judge", subject="", is_asked_for=True)


def secrets() -> list[str]:
    """Paths of this site that no program may see."""
    instance = Path(current_app.instance_path)
    return [str(path) for path in (Path(current_app.root_path), instance, *instance.glob("*"))]
