"""Secrets at rest: encrypted by a key that is derived from the application's own."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class SecretLost(Exception):
    """What is stored was encrypted by another key: SECRET_KEY has changed since, and the secret must be typed anew."""


def encrypt(text: str) -> str:
    """The text, readable only with the application's key."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """What `encrypt` was given; SecretLost where the key is another one by now."""
    try:
        return _fernet().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise SecretLost from error


def _fernet() -> Fernet:
    key: str = current_app.config["SECRET_KEY"]
    derived = HKDF(SHA256(), length=32, salt=None, info=b"secrets at rest").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
