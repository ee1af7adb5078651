"""The club's account on Kaggle: from the environment, or typed in by an administrator and kept encrypted."""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete

from app.competitions.models import KaggleAccount
from app.competitions.sources.base import SourceFault
from app.competitions.sources.kaggle import Credentials, Kaggle
from app.config import MEGABYTE
from app.core import audit, clock
from app.core.db import transaction, upsert
from app.core.secrets import SecretLost, decrypt, encrypt
from app.extensions import db

STORED, ENVIRONMENT = 1, 2  # the row of what was typed in, and that of what the environment names
CHECKED_AGAIN_AFTER = timedelta(minutes=5)
LONGEST = {"username": 120, "key": 2000}
NOT_CONNECTED = "No Kaggle account is connected: an administrator does that under “Kaggle”."
KEY_CHANGED = "The site’s SECRET_KEY has changed, so the stored Kaggle key cannot be read: connect the account again."


class AccountRefused(Exception):
    """The credentials cannot be taken; the message is a sentence for the administrator."""


def is_from_environment() -> bool:
    """Whether the environment names the account; then nothing that is typed in counts."""
    return _of_environment() is not None


def account() -> KaggleAccount | None:
    """What is known of the account in use; None where there is none, or the environment's was not checked yet."""
    told = _of_environment()
    row = db.session.get(KaggleAccount, STORED if told is None else ENVIRONMENT, populate_existing=True)
    return row if row is None or told is None or row.fingerprint == _fingerprint(told) else None


def problem() -> str:
    """Why the account in use does not work, as far as is known; "" where it does."""
    try:
        _stored()
    except SourceFault as fault:
        return str(fault)
    row = account()
    return row.problem if row else ""


def is_connected() -> bool:
    """Whether there are credentials to try."""
    return is_from_environment() or account() is not None


def client() -> Kaggle:
    """Kaggle for the club's account; SourceFault where none is connected."""
    credentials = _of_environment() or _stored()
    if credentials is None:
        raise SourceFault("login", NOT_CONNECTED)
    return _client(credentials)


def connect(key: str, username: str = "") -> str:
    """Take an API key with its username, or a token alone, once Kaggle has accepted it; whose it is, is returned."""
    if is_from_environment():
        raise AccountRefused("The account comes from the environment; what is typed in here would not count.")
    if not f"{username}{key}".isascii():
        raise AccountRefused("Usernames and keys have none but Latin letters, digits and signs: paste it once more.")
    credentials = Credentials(key, username)
    name = _name_of(credentials)
    with transaction():
        _store(STORED, credentials, name, secret=encrypt(key))
        audit.record("connect Kaggle", "kaggle", after={"username": name})
    return name


def check() -> str:
    """Ask Kaggle anew whose the credentials in use are, and remember the answer."""
    try:
        credentials = _of_environment() or _stored()
    except SourceFault as fault:
        raise AccountRefused(str(fault)) from fault
    if credentials is None:
        raise AccountRefused(NOT_CONNECTED)
    try:
        name = _name_of(credentials)
    except AccountRefused as refusal:
        _remember(credentials, credentials.username, str(refusal))
        raise
    _remember(credentials, name, "")
    return name


def is_unchecked() -> bool:
    """Whether it is not known how the account in use works, or it did not work a while ago."""
    row = account()
    if row is None:
        return is_from_environment()
    return bool(row.problem) and row.checked_at < clock.now() - CHECKED_AGAIN_AFTER


def tell(problem: str) -> None:
    """Remember, within the caller's transaction, what a sync found out about the account; "" that it works."""
    row = account()
    if row is not None and row.problem != problem:
        row.problem, row.checked_at = problem, clock.now()


def forget() -> None:
    """Let the typed-in credentials go."""
    with transaction():
        db.session.execute(delete(KaggleAccount).where(KaggleAccount.id == STORED))
        audit.record("disconnect Kaggle", "kaggle")


def _of_environment() -> Credentials | None:
    config = current_app.config
    if config["KAGGLE_API_TOKEN"]:
        return Credentials(config["KAGGLE_API_TOKEN"])
    if config["KAGGLE_USERNAME"] and config["KAGGLE_KEY"]:
        return Credentials(config["KAGGLE_KEY"], config["KAGGLE_USERNAME"])
    return None


def _stored() -> Credentials | None:
    row = account()
    if row is None or row.secret is None:
        return None
    try:
        return Credentials(decrypt(row.secret), "" if row.is_token else row.username)
    except SecretLost as error:
        raise SourceFault("login", KEY_CHANGED) from error


def _client(credentials: Credentials) -> Kaggle:
    config = current_app.config
    return Kaggle(
        config["KAGGLE_API_URL"],
        credentials,
        seconds=config["KAGGLE_SECONDS"],
        max_bytes=config["BOARD_MAX_MB"] * MEGABYTE,
    )


def _name_of(credentials: Credentials) -> str:
    try:
        return _client(credentials).who_am_i()
    except SourceFault as fault:
        if fault.kind == "login":
            raise AccountRefused("Kaggle does not accept these credentials.") from fault
        raise AccountRefused(str(fault)) from fault


def _remember(credentials: Credentials, name: str, problem: str) -> None:
    """Store what a check found, unless other credentials were connected meanwhile."""
    with transaction():
        row = account()
        if row is not None and row.fingerprint == _fingerprint(credentials):
            row.username, row.problem, row.checked_at = name[: LONGEST["username"]], problem, clock.now()
        elif is_from_environment():
            _store(ENVIRONMENT, credentials, name, secret=None, problem=problem)


def _store(row_id: int, credentials: Credentials, name: str, *, secret: str | None, problem: str = "") -> None:
    values = {
        "username": name[: LONGEST["username"]],
        "is_token": not credentials.username,
        "secret": secret,
        "fingerprint": _fingerprint(credentials),
        "problem": problem,
        "checked_at": clock.now(),
    }
    insert = upsert(KaggleAccount).values(id=row_id, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))


def _fingerprint(credentials: Credentials) -> str:
    text = f"{credentials.username}\n{credentials.key}"
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), text.encode(), hashlib.sha256).hex()
