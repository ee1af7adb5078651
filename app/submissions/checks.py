"""The newest check of each judge, and whether grading may go on by it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import JSON, String, delete, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, live
from app.core.db import UtcDateTime, on_commit, transaction, upsert
from app.core.jobs import enqueue
from app.extensions import db
from app.submissions.check import Report
from app.submissions.judge_settings import judge_in_use
from app.submissions.judges.base import Offer
from app.submissions.judges.judge0 import Judge0
from app.submissions.judges.none import NoJudge
from app.submissions.outages import JudgeOutage

TOPIC = "judge-check"


class JudgeCheck(db.Model):
    """What the last check of one judge found, which goes by its identity."""

    __tablename__ = "judge_checks"

    judge: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class GradingOff(NamedTuple):
    """Why nothing is judged, and what an administrator can do about it; `since` when, where that is known."""

    reason: str
    fix: str
    since: datetime | None = None


# The sandbox of each worker tries itself before it runs anything; of a judge elsewhere only its check tells.
FIRST_CHECK = GradingOff(
    "This Judge0 is being checked before it judges anything.",
    "Wait until that is over; if no check goes on, have one begun.",
)


@dataclass(frozen=True)
class Standing:
    """What is known of a judge: its last check, and the outage that goes on; None where there is none."""

    judge: str
    check: JudgeCheck | None
    outage: JudgeOutage | None

    @property
    def offer(self) -> Offer:
        """What it had at its last check."""
        return Report.from_json(self.check.report).offer if self.check else Offer()

    @property
    def off(self) -> GradingOff | None:
        """What keeps the site from judging, by the last check or the last try; None where nothing is known to."""
        if self.check is not None and self.check.report["reason"]:
            return GradingOff(self.check.report["reason"], self.check.report["fix"])
        if self.outage:
            return GradingOff(self.outage.reason, self.outage.fix, self.outage.began_at)
        return FIRST_CHECK if self.check is None and self.judge == Judge0.name else None


def standing() -> Standing:
    """How the judge that the site uses stands; nothing is asked of it. What is known of another does not count."""
    name, identity = in_use()
    used = select(literal(identity, String).label("judge")).subquery()
    query = select(JudgeCheck, JudgeOutage).select_from(used)
    for table in (JudgeCheck, JudgeOutage):
        query = query.outerjoin(table, table.judge == used.c.judge)
    return Standing(name, *db.session.execute(query.execution_options(populate_existing=True)).one())


def in_use() -> tuple[str, str]:
    """Name and identity of the judge that the site uses."""
    name, place = judge_in_use()
    if name != Judge0.name:
        return name, name
    return name, Judge0.identity_at(place.url) if place else NoJudge.identity


def newest_check() -> JudgeCheck | None:
    """The last check of the judge that the site uses; None before the first."""
    return standing().check


def grading_off() -> GradingOff | None:
    """What keeps the site from judging; see `Standing`."""
    return standing().off


def keep(report: Report) -> None:
    """Store the report, within the caller's transaction, and have open pages show it."""
    values = {"fingerprint": report.fingerprint, "checked_at": clock.now(), "report": report.as_json()}
    insert = upsert(JudgeCheck).values(judge=report.judge, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["judge"], set_=values))
    on_commit(_tell_pages)


def forget(judge: str) -> None:
    """The judge of this identity is not what was checked; within the caller's transaction."""
    db.session.execute(delete(JudgeCheck).where(JudgeCheck.judge == judge))


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
