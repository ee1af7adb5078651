"""Reads of accounts, shaped for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.db import fold
from app.extensions import db
from app.members.models import KaggleUsernameChange, KaggleUsernameDispute, Member

LATEST_CHANGES = 100


@dataclass(frozen=True)
class UsernameChange:
    """One change of a Kaggle username, with the names of the member as they are now."""

    at: datetime
    member_id: int
    username: str
    display_name: str
    old: str | None
    new: str | None


def find_by_login(login: str) -> Member | None:
    """The member with this username or e-mail address, without regard to case."""
    column = Member.email_folded if "@" in login else Member.username_folded
    return _one(column == fold(login)) if login.isprintable() else None


def find_by_username(username: str) -> Member | None:
    """The member with this username, without regard to case."""
    return _one(Member.username_folded == fold(username)) if username.isprintable() else None


def find_by_kaggle_username(name: str) -> Member | None:
    """The member who has entered this Kaggle username, without regard to case."""
    return _one(Member.kaggle_username_folded == fold(name))


def kaggle_username_changes(member_ids: Select[tuple[int]], since: datetime, until: datetime) -> list[UsernameChange]:
    """What these members made of a username they had, from `since` to `until`, oldest first."""
    table = KaggleUsernameChange
    changes = _changes().where(table.member_id.in_(member_ids), table.old.is_not(None), table.at.between(since, until))
    return _read_changes(changes.order_by(table.id))


def latest_kaggle_username_changes() -> list[UsernameChange]:
    """The last changes of all members, newest first."""
    return _read_changes(_changes().order_by(KaggleUsernameChange.id.desc()).limit(LATEST_CHANGES))


def open_disputes() -> Sequence[KaggleUsernameDispute]:
    """What organisers have to settle, oldest first, with both members."""
    return db.session.scalars(
        select(KaggleUsernameDispute)
        .where(KaggleUsernameDispute.settled_at.is_(None))
        .options(joinedload(KaggleUsernameDispute.claimant), joinedload(KaggleUsernameDispute.holder))
        .order_by(KaggleUsernameDispute.id)
    ).all()


def disputes_of(member_id: int) -> Sequence[KaggleUsernameDispute]:
    """The latest claims of a member, newest first."""
    return db.session.scalars(
        select(KaggleUsernameDispute)
        .where(KaggleUsernameDispute.claimant_id == member_id)
        .order_by(KaggleUsernameDispute.id.desc())
        .limit(5)
    ).all()


def count_members(search: str) -> int:
    """How many accounts match `search`; all for an empty one. Former members are not counted."""
    return db.session.scalar(_matching(search).with_only_columns(func.count())) or 0


def list_members(search: str, offset: int, limit: int) -> Sequence[Member]:
    """The accounts that match `search` in a name or address, by username."""
    return db.session.scalars(_matching(search).order_by(Member.username_folded).offset(offset).limit(limit)).all()


def _matching(search: str) -> Select[tuple[Member]]:
    members = select(Member).where(Member.deleted_at.is_(None))
    if not search:
        return members
    folded = fold(search)
    columns = (Member.username_folded, Member.email_folded, Member.kaggle_username_folded)
    return members.where(
        or_(
            *(column.contains(folded, autoescape=True) for column in columns),
            Member.display_name.icontains(search.strip(), autoescape=True),
        )
    )


def _changes() -> Select[tuple[KaggleUsernameChange]]:
    return select(KaggleUsernameChange).options(joinedload(KaggleUsernameChange.member))


def _read_changes(changes: Select[tuple[KaggleUsernameChange]]) -> list[UsernameChange]:
    return [
        UsernameChange(row.at, row.member_id, row.member.username, row.member.display_name, row.old, row.new)
        for row in db.session.scalars(changes)
    ]


def _one(condition: object) -> Member | None:
    return db.session.scalar(select(Member).where(condition))  # type: ignore[arg-type]
