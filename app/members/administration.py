"""What administrators and organisers do with the accounts of others; each act is recorded."""

from typing import Any

from sqlalchemy import Select, select, update

from app.core import audit, clock
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.members import passwords, queries, rules, service
from app.members.models import KaggleUsernameDispute, Member
from app.members.service import account_transaction, enter_kaggle_username, existing


def create_member(**account: Any) -> Member:
    """An account made by command for somebody; what it takes is what registering takes, and a role."""
    member = service.register_member(**account)
    with transaction():
        audit.record("create_member", subject(member), after=member.role)
    return member


def set_role(member_id: int, role: str) -> Member:
    """Make someone member, organiser or administrator."""
    rules.check_role(role)
    with transaction():
        member = existing(member_id)
        if role != "admin":
            service.refuse_last_administrator(member)
        audit.record("set_role", subject(member), before=member.role, after=role)
        member.role = role
    return member


def disable_member(member_id: int) -> Member:
    """Keep someone from logging in, and end their sessions; what they did stays."""
    with transaction():
        member = existing(member_id)
        service.refuse_last_administrator(member)
        if member.disabled_at is None:
            member.disabled_at = clock.now()
            member.login_version += 1
            audit.record("disable_member", subject(member), before="enabled", after="disabled")
    return member


def enable_member(member_id: int) -> Member:
    """Let a disabled member log in again."""
    with transaction():
        member = existing(member_id)
        if member.disabled_at is not None:
            member.disabled_at = None
            audit.record("enable_member", subject(member), before="disabled", after="enabled")
    return member


def make_reset_token(member_id: int) -> tuple[Member, str]:
    """A token with which the member sets a new password, once, within a day; it is shown and never stored."""
    with transaction():
        member = existing(member_id)
        if not member.is_active:
            raise Refused("member", "This account is disabled; enable it first.")
        audit.record("make_reset_link", subject(member))
        return member, service.make_reset_token(member)


def set_password(username: str, password: str) -> Member:
    """A new password by command; every session of the member ends."""
    member = _member_named(username)
    rules.check_password(password, member.username, member.email or "")
    password_hash = passwords.hash_password(password)
    with transaction():
        service.store_password_hash(member.id, password_hash)
        audit.record("set_password", subject(member))
    return member


def set_kaggle_username(username: str, kaggle_username: str | None) -> Member:
    """Enter or clear the Kaggle username of another member."""
    name = rules.clean_kaggle_username(kaggle_username)
    member_id = _member_named(username).id
    with account_transaction():
        member = existing(member_id)
        audit.record("set_kaggle_username", subject(member), before=member.kaggle_username, after=name)
        enter_kaggle_username(member, name)
    return member


def open_dispute(claimant_id: int, kaggle_username: str) -> None:
    """Ask organisers to decide whose Kaggle username this is; asking again while it is open changes nothing."""
    name = rules.clean_kaggle_username(kaggle_username) or ""
    with transaction():
        # The claimant's row is locked first, so that a claim sent twice waits for the first and finds it.
        existing(claimant_id)
        holder = queries.find_by_kaggle_username(name)
        if holder is None or holder.id == claimant_id:
            raise Refused("kaggle_username", "No other member has this Kaggle username; enter it and save.")
        held = holder.kaggle_username
        if not db.session.scalar(_open_claims(held).where(KaggleUsernameDispute.claimant_id == claimant_id)):
            db.session.add(
                KaggleUsernameDispute(
                    kaggle_username=held, claimant_id=claimant_id, holder_id=holder.id, opened_at=clock.now()
                )
            )


def settle_dispute(dispute_id: int, *, is_given: bool) -> KaggleUsernameDispute:
    """Give the name to who claims it, or let who has it keep it. LookupError when it is settled already."""
    with account_transaction():
        dispute = db.session.scalar(
            select(KaggleUsernameDispute)
            .where(KaggleUsernameDispute.id == dispute_id, KaggleUsernameDispute.settled_at.is_(None))
            .with_for_update()
        )
        if dispute is None:
            raise LookupError(f"there is no open dispute {dispute_id}")
        dispute.settled_at = clock.now()
        dispute.outcome = "given" if is_given else "kept"
        if is_given:
            _give(dispute)
        audit.record(
            "settle_kaggle_username",
            f"kaggle_username_dispute:{dispute.id}",
            before={"holder": dispute.holder_id, "claimant": dispute.claimant_id},
            after=dispute.outcome,
        )
    return dispute


def subject(member: Member) -> str:
    """How the audit names a member: by number, because names change and are forgotten."""
    return f"member:{member.id}"


def _give(dispute: KaggleUsernameDispute) -> None:
    holder = queries.find_by_kaggle_username(dispute.kaggle_username)
    if holder is not None and holder.id != dispute.claimant_id:
        enter_kaggle_username(existing(holder.id), None)
    enter_kaggle_username(existing(dispute.claimant_id), dispute.kaggle_username)
    # Whoever else claims the name now claims it from the new holder.
    others = update(KaggleUsernameDispute).where(
        KaggleUsernameDispute.settled_at.is_(None),
        KaggleUsernameDispute.kaggle_username == dispute.kaggle_username,
        KaggleUsernameDispute.claimant_id != dispute.claimant_id,
    )
    db.session.execute(others.values(holder_id=dispute.claimant_id))


def _open_claims(kaggle_username: str | None) -> Select[tuple[int]]:
    return select(KaggleUsernameDispute.id).where(
        KaggleUsernameDispute.kaggle_username == kaggle_username, KaggleUsernameDispute.settled_at.is_(None)
    )


def _member_named(username: str) -> Member:
    member = queries.find_by_username(username)
    if member is None or member.deleted_at is not None:
        raise Refused("username", "There is no member with this username.")
    return member
