"""While a judge can run no program at all, whatever is handed in waits: since when, why, and that it is over."""

from datetime import datetime

from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import UtcDateTime, transaction, upsert
from app.extensions import db
from app.submissions.judges.base import JudgeFault
from app.submissions.signals import judge_turned


class JudgeOutage(db.Model):
    """That the judge of this identity runs nothing; the row is there for as long as it does not."""

    __tablename__ = "judge_outages"

    judge: Mapped[str] = mapped_column(String(40), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    fix: Mapped[str] = mapped_column(Text)


def outage_of(judge: str) -> JudgeOutage | None:
    """The outage of the judge of this identity; None while it is at work, as far as is known."""
    return db.session.get(JudgeOutage, judge, populate_existing=True)


def note(judge: str, fault: JudgeFault) -> None:
    """Remember that the judge of this identity runs nothing; the beginning of an outage that is known stays."""
    told = {"tried_at": clock.now(), "reason": fault.reason, "fix": fault.fix}
    with transaction():
        insert = upsert(JudgeOutage).values(judge=judge, began_at=clock.now(), **told)
        db.session.execute(insert.on_conflict_do_update(index_elements=["judge"], set_=told))
        judge_turned.send()


def end(judge: str) -> None:
    """Remember that it is at work again."""
    with transaction():
        db.session.execute(delete(JudgeOutage).where(JudgeOutage.judge == judge))
        judge_turned.send()
