"""What members tell of themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UtcDateTime
from app.extensions import db


class Profile(db.Model):
    """A member's own words and picture; who never wrote any has no row. `avatar_at` None: no picture."""

    __tablename__ = "profiles"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, autoincrement=False)
    bio: Mapped[str] = mapped_column(Text, default="")
    bio_html: Mapped[str] = mapped_column(Text, default="")
    avatar: Mapped[bytes | None] = mapped_column(deferred=True)
    avatar_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
