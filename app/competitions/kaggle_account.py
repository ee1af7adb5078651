"""The club's account on Kaggle: from the environment, or typed in by an administrator and kept encrypted."""

import hashlib
import hmac
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, select

from app.competitions.models import KaggleAccount
from app.competitions.sources.base import SourceFault
from app.competitions.sources.kaggle import Credentials, Kaggle
from app.config import MEGABYTE
from app.core import audit, clock
from app.core.db import transaction
from app.core.secrets import SecretLost, decrypt, encrypt
from app.extensions import db

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
    stored = db.session.scalar(select(KaggleAccount))
    told = _of_environment()
    if told is None:
        return stored if stored and stored.secret else None
    return stored if stored and stored.fingerprint == _fingerprint(told) else None


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
    credentials = Credentials(key, username)
    name = _name_of(credentials)
    with transaction():
        _store(credentials, name, clock.now(), secret=encrypt(key))
        audit.record("connect Kaggle", "kaggle", after={"username": name})
    return name


def check() -> str:
    """Ask Kaggle anew whose the credentials in use are, and remember the answer."""
    credentials = _of_environment() or _stored()
    if credentials is None:
        raise AccountRefused(NOT_CONNECTED)
    problem = ""
    try:
        name = _name_of(credentials)
    except AccountRefused as refusal:
        name, problem = credentials.username, str(refusal)
    stored = account()
    with transaction():
        _store(credentials, name, clock.now(), secret=stored.secret if stored else None, problem=problem)
    if problem:
        raise AccountRefused(problem)
    return name


def is_unchecked() -> bool:
    """Whether the environment names an account of which nothing is known yet."""
    return is_from_environment() and account() is None


def forget() -> None:
    """Let the typed-in credentials go."""
    with transaction():
        db.session.execute(delete(KaggleAccount))
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


def _store(credentials: Credentials, name: str, checked_at: datetime, *, secret: str | None, problem: str = "") -> None:
    db.session.execute(delete(KaggleAccount))
    db.session.add(
        KaggleAccount(
            username=name[: LONGEST["username"]],
            is_token=not credentials.username,
            secret=secret,
            fingerprint=_fingerprint(credentials),
            problem=problem,
            checked_at=checked_at,
        )
    )


def _fingerprint(credentials: Credentials) -> str:
    text = f"{credentials.username}\n{credentials.key}"
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), text.encode(), hashlib.sha256).hex()
