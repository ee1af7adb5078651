"""What a person does with their own account. Each verb either stands as a whole or refuses with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.core import audit, clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.refusal import Refused
from app.extensions import db
from app.members import passwords, queries, rules, signals
from app.members.models import FORMER_NAME, KaggleUsernameChange, KaggleUsernameDispute, Member

TAKEN = {  # the first name that the database's complaint contains decides
    "kaggle_username_folded": ("kaggle_username", "Another member has entered this Kaggle username."),
    "email_folded": ("email", "This e-mail address belongs to another account."),
    "username_folded": ("username", "This username is taken; choose another."),
}
LINK_IS_VOID = "This link has been used, or the account has changed since."


class WrongPassword(Refused):
    """The password is not the member's; counted against the limits."""


class NameTaken(Refused):
    """Another account has this name or address."""


@contextmanager
def account_transaction() -> Iterator[None]:
    """A transaction in which a name that another account has, also since a moment ago, is refused."""
    try:
        with transaction():
            yield
    except IntegrityError as error:
        complaint = str(error.orig)
        for column, (field, sentence) in TAKEN.items():
            if column in complaint:
                raise NameTaken(field, sentence) from error
        raise


def register_member(
    *,
    username: str,
    display_name: str,
    email: str,
    password: str,
    kaggle_username: str | None = None,
    role: str = "member",
) -> Member:
    """A new account. Refused for what breaks a rule or is taken."""
    member = Member(
        username=rules.clean_username(username),
        display_name=rules.clean_display_name(display_name),
        email=rules.clean_email(email),
        role=role,
        login_version=1,
        created_at=clock.now(),
    )
    rules.check_role(role)
    rules.check_password(password, username, email)
    kaggle_name = rules.clean_kaggle_username(kaggle_username)
    member.password_hash = passwords.hash_password(password)
    with account_transaction():
        db.session.add(member)
        db.session.flush()
        enter_kaggle_username(member, kaggle_name)
    return member


def authenticate(login: str, password: str) -> Member:
    """The member who logs in with a username or e-mail address; Refused otherwise."""
    member = queries.find_by_login(login)
    if not passwords.is_right(member.password_hash if member else None, password):
        raise WrongPassword("password", "Username or password is not right.")
    member = cast(Member, member)
    if not member.is_active:
        raise Refused("login", "This account is disabled; an administrator of the club can enable it.")
    _renew_hash(member, password)
    return member


def change_profile(member_id: int, *, display_name: str, kaggle_username: str | None) -> None:
    """Enter new names. Refused beside `kaggle_username` when another member has it."""
    display_name = rules.clean_display_name(display_name)
    kaggle_name = rules.clean_kaggle_username(kaggle_username)
    with account_transaction():
        member = existing(member_id)
        if member.display_name != display_name:
            member.display_name = display_name
            signals.member_renamed.send(None, member_id=member.id)
        enter_kaggle_username(member, kaggle_name)


def change_email(member_id: int, *, current_password: str, email: str) -> None:
    """A new e-mail address; every other session of the member ends."""
    email = rules.clean_email(email)
    check_own_password(member_id, current_password)
    with account_transaction():
        member = existing(member_id)
        member.email = email
        member.login_version += 1


def change_password(member_id: int, *, current_password: str, password: str) -> None:
    """A new password; every other session of the member ends."""
    member = db.session.get_one(Member, member_id)
    rules.check_password(password, member.username, member.email or "")
    check_own_password(member_id, current_password)
    store_password_hash(member_id, passwords.hash_password(password))


def delete_member(member_id: int, password: str) -> None:
    """Forget the person: what remains is a former member, who owns the entries and ratings."""
    check_own_password(member_id, password, field="password")
    with account_transaction():
        member = existing(member_id)
        refuse_last_administrator(member)
        member.username = f"{rules.FORMER_PREFIX}{member.id}"
        member.display_name = FORMER_NAME
        member.email = member.password_hash = member.kaggle_username = None
        member.role = "member"
        member.login_version += 1
        member.deleted_at = clock.now()
        _forget_traces(member)
        signals.member_deleted.send(None, member_id=member.id)


def make_reset_token(member: Member, valid_hours: int = 24) -> str:
    """A signed token that lets its bearer set the password once: any change of the login makes it void."""
    expires = int(clock.now().timestamp()) + valid_hours * 3600
    return _reset_serializer().dumps([member.id, member.login_version, expires])


def member_of_reset_token(token: str) -> Member:
    """Whose password `token` may set; Refused when it is forged, expired or used."""
    try:
        member_id, version, expires = _reset_serializer().loads(token)
    except BadSignature as error:
        raise Refused("token", "This link is not complete; copy all of it.") from error
    member = db.session.get(Member, member_id)
    if member is None or not member.is_active or member.login_version != version:
        raise Refused("token", LINK_IS_VOID)
    if clock.now().timestamp() > expires:
        raise Refused("token", "This link was valid for one day, which is over.")
    return member


def reset_password(token: str, password: str) -> Member:
    """Set the password of the link's member; the link is void afterwards."""
    member = member_of_reset_token(token)
    rules.check_password(password, member.username, member.email or "")
    store_password_hash(member.id, passwords.hash_password(password), version=member.login_version)
    return member


def store_password_hash(member_id: int, password_hash: str, version: int | None = None) -> None:
    """End every session of the member; with `version`, only if the login has not changed since it was that."""
    with transaction():
        member = existing(member_id)
        if version not in (None, member.login_version):
            raise Refused("token", LINK_IS_VOID)
        member.password_hash = password_hash
        member.login_version += 1


def existing(member_id: int) -> Member:
    """The member of that number, locked until the transaction ends where it can be; LookupError if there is none."""
    member = db.session.scalar(select(Member).where(Member.id == member_id).with_for_update())
    if member is None or member.deleted_at is not None:
        raise LookupError(f"there is no member {member_id}")
    return member


def check_own_password(member_id: int, password: str, field: str = "current_password") -> None:
    """WrongPassword unless it is the member's own."""
    member = db.session.get(Member, member_id)
    if not passwords.is_right(member.password_hash if member else None, password):
        raise WrongPassword(field, "This is not your current password.")


def enter_kaggle_username(member: Member, name: str | None) -> None:
    """Inside a transaction: give `member` this Kaggle username, and keep what it was."""
    if member.kaggle_username == name:
        return
    change = KaggleUsernameChange(member_id=member.id, at=clock.now(), old=member.kaggle_username, new=name)
    member.kaggle_username = name
    db.session.add(change)
    db.session.flush()
    signals.kaggle_username_changed.send(None, member_id=member.id)


def refuse_last_administrator(member: Member) -> None:
    """Inside a transaction: refuse to lose the only administrator who can log in."""
    administrators = db.session.scalars(
        select(Member.id)
        .where(Member.role == "admin", Member.disabled_at.is_(None), Member.deleted_at.is_(None))
        .with_for_update()
    ).all()
    if administrators == [member.id]:
        raise Refused("role", "This is the only administrator; make another member administrator first.")


def _forget_traces(member: Member) -> None:
    for table, mine in (
        (KaggleUsernameChange, KaggleUsernameChange.member_id == member.id),
        (
            KaggleUsernameDispute,
            or_(KaggleUsernameDispute.claimant_id == member.id, KaggleUsernameDispute.holder_id == member.id),
        ),
    ):
        db.session.execute(delete(table).where(mine))
    of_actor = update(AuditRecord).where(AuditRecord.actor_id == member.id)
    db.session.execute(of_actor.values(actor_name=member.username))
    audit.forget([f"member:{member.id}"])


def _renew_hash(member: Member, password: str) -> None:
    old = cast(str, member.password_hash)
    if not passwords.is_outdated(old):
        return
    new, member_id = passwords.hash_password(password), member.id
    with transaction():
        unchanged = update(Member).where(Member.id == member_id, Member.password_hash == old)
        db.session.execute(unchanged.values(password_hash=new))


def _reset_serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="password-reset")
