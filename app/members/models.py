"""Members, what became of their Kaggle usernames, and who disputes one."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import UtcDateTime, fold
from app.extensions import db

ROLES = ("member", "organiser", "admin")
ROLE_NAMES = {"member": "member", "organiser": "organiser", "admin": "administrator"}
FORMER_NAME = "Former member"
START_RATING = 1500.0


class Member(UserMixin, db.Model):
    """A person with an account. The `*_folded` columns are what names are compared by, without case.

    After deletion the row stays, emptied of everything personal, so that entries and ratings keep their owner.
    `login_version` is part of every session and reset link: raising it ends them all. `rating` and `peak_rating` are
    what the newest and the highest rating event say, kept here so that members can be ordered by them.
    """

    __tablename__ = "members"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(30))
    username_folded: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(String(300), unique=True)
    password_hash: Mapped[str | None] = mapped_column(Text)
    kaggle_username: Mapped[str | None] = mapped_column(String(60))
    kaggle_username_folded: Mapped[str | None] = mapped_column(String(120), unique=True)
    role: Mapped[str] = mapped_column(String(10), default="member")
    login_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[float] = mapped_column(default=START_RATING, server_default=text("1500"), index=True)
    peak_rating: Mapped[float] = mapped_column(default=START_RATING, server_default=text("1500"))

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None and self.deleted_at is None

    @property
    def is_organiser(self) -> bool:
        """Organisers and administrators: an administrator may do all that an organiser may."""
        return self.role in ("organiser", "admin")

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    def get_id(self) -> str:
        """What the session cookie carries."""
        return f"{self.id}.{self.login_version}"


@event.listens_for(Member.username, "set")
def _fold_username(member: Member, value: str, _old: object, _event: object) -> None:
    member.username_folded = fold(value)


@event.listens_for(Member.email, "set")
def _fold_email(member: Member, value: str | None, _old: object, _event: object) -> None:
    member.email_folded = fold(value) if value else None


@event.listens_for(Member.kaggle_username, "set")
def _fold_kaggle_username(member: Member, value: str | None, _old: object, _event: object) -> None:
    member.kaggle_username_folded = fold(value) if value else None


class KaggleUsernameChange(db.Model):
    """One change of a member's Kaggle username; organisers see those made while a competition was on."""

    __tablename__ = "kaggle_username_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    old: Mapped[str | None] = mapped_column(String(60))
    new: Mapped[str | None] = mapped_column(String(60))

    member: Mapped[Member] = relationship()


class KaggleUsernameDispute(db.Model):
    """A member says that a Kaggle username which another member entered is theirs; an organiser settles it."""

    __tablename__ = "kaggle_username_disputes"
    __table_args__ = (
        Index(
            "uq_kaggle_username_disputes_open",
            "claimant_id",
            "kaggle_username",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kaggle_username: Mapped[str] = mapped_column(String(60))
    claimant_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(10))  # "given" to the claimant or "kept" by the holder

    claimant: Mapped[Member] = relationship(foreign_keys=[claimant_id])
    holder: Mapped[Member] = relationship(foreign_keys=[holder_id])
