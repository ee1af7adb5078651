"""What each competition did to each member's rating."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.competitions.models import Competition
from app.core.db import UtcDateTime
from app.extensions import db
from app.members.models import Member
from app.ratings import elo


class RatingEvent(db.Model):
    """One member's move by one competition, with what it was worked out from.

    `at` is the end of the competition; events follow one another by it, then by the competition's id. `place` is the
    mean of the places that those who share it take up, `mean` that of all `n` ratings before. `k`, `expected` and
    `actual` are worked out from these, never stored.
    """

    __tablename__ = "rating_events"
    __table_args__ = (
        UniqueConstraint("competition_id", "member_id"),
        Index("ix_rating_events_member_id_at", "member_id", "at"),
        Index("ix_rating_events_at_competition_id", "at", "competition_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competitions.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[float]
    n: Mapped[int]
    mean: Mapped[float]
    weight: Mapped[float]
    before: Mapped[float]
    after: Mapped[float]

    competition: Mapped[Competition] = relationship()
    member: Mapped[Member] = relationship()

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def k(self) -> float:
        return elo.factor(self.n, self.weight)

    @property
    def expected(self) -> float:
        return float(elo.expected_result(self.before, self.mean))

    @property
    def actual(self) -> float:
        return elo.actual_result(self.place, self.n)
