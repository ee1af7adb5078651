"""What may stand in an account: each rule returns the cleaned value or refuses with a sentence."""

import re

from email_validator import EmailNotValidError, validate_email

from app.core.db import fold
from app.core.refusal import Refused
from app.core.text import is_visible
from app.members.models import ROLES

USERNAME_LENGTH = 30
DISPLAY_NAME_LENGTH = 60
EMAIL_LENGTH = 254
KAGGLE_USERNAME_LENGTH = 60
PASSWORD_LEAST = 10
PASSWORD_MOST = 200
FORMER_PREFIX = "former-"

_USERNAME = re.compile(r"[A-Za-z0-9_-]{3,30}")
_KAGGLE_USERNAME = re.compile(r"[A-Za-z0-9_-]+")
_KAGGLE_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?kaggle\.com/([^/?#\s]+)[^\s]*", re.IGNORECASE)


def clean_username(text: str) -> str:
    """3 to 30 letters, digits, - or _; the names of former members are not for sale."""
    username = text.strip()
    if not _USERNAME.fullmatch(username):
        raise Refused("username", "Use 3 to 30 letters, digits, hyphens or underscores.")
    if fold(username).startswith(FORMER_PREFIX):
        raise Refused("username", "Usernames that begin with “former-” are kept for members who have left.")
    return username


def clean_display_name(text: str) -> str:
    """Any name of 1 to 60 characters that can be shown on one line."""
    name = " ".join(text.split())
    if not is_visible(name):
        raise Refused("display_name", "Enter the name that others will see.")
    if len(name) > DISPLAY_NAME_LENGTH or not name.isprintable():
        raise Refused("display_name", f"Use up to {DISPLAY_NAME_LENGTH} ordinary characters.")
    return name


def clean_email(text: str) -> str:
    """An address that could receive mail; whether it does is not asked."""
    try:
        if len(text) > EMAIL_LENGTH:
            raise EmailNotValidError
        return validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise Refused("email", "Enter an e-mail address such as ada@example.org.") from error


def check_password(password: str, *names: str, field: str = "password") -> None:
    """Refuse a password that is short, endless, or one of the person's own `names`."""
    if len(password) < PASSWORD_LEAST:
        raise Refused(field, f"Use at least {PASSWORD_LEAST} characters; a few words in a row are fine.")
    if len(password) > PASSWORD_MOST:
        raise Refused(field, f"Use at most {PASSWORD_MOST} characters.")
    if fold(password) in {fold(name) for name in names}:
        raise Refused(field, "Choose a password that is not your username or e-mail address.")


def clean_kaggle_username(text: str | None) -> str | None:
    """The name alone, also out of a pasted profile address; None when nothing was entered."""
    name = (text or "").strip()
    address = _KAGGLE_ADDRESS.fullmatch(name)
    name = address[1] if address else name.removeprefix("@")
    if not name:
        return None
    if len(name) > KAGGLE_USERNAME_LENGTH or not _KAGGLE_USERNAME.fullmatch(name):
        raise Refused(
            "kaggle_username",
            "Enter the name from your Kaggle profile address: letters, digits, hyphens, underscores.",
        )
    return name


def check_role(role: str) -> None:
    """Refuse a role that does not exist."""
    if role not in ROLES:
        raise Refused("role", "Choose member, organiser or administrator.")
