"""Hashing of passwords: argon2id, a few at a time, at the same cost for known and unknown members."""

import os
import unicodedata
from threading import BoundedSemaphore
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

DEFAULT_COST = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}  # OWASP; memory in KiB

# Each hash takes its memory and a core: a class that logs in at once waits its turn instead of filling the machine.
_turn = BoundedSemaphore(os.cpu_count() or 2)


class _Hasher(NamedTuple):
    argon2: PasswordHasher
    nobody: str  # what the password of an unknown member is compared with


def hash_password(password: str) -> str:
    """The hash to store. Slow on purpose: never call it inside a transaction."""
    with _turn:
        return _hasher().argon2.hash(_bytes(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether `password` gave the hash `stored`; None takes as long and is never right."""
    hasher = _hasher()
    try:
        with _turn:
            hasher.argon2.verify(stored or hasher.nobody, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with another cost than new hashes are."""
    return _hasher().argon2.check_needs_rehash(stored)


def _hasher() -> _Hasher:
    hasher: _Hasher | None = current_app.extensions.get("password_hasher")
    if hasher is None:
        argon2 = PasswordHasher(**{**DEFAULT_COST, **current_app.config.get("PASSWORD_HASH_COST", {})})
        hasher = current_app.extensions["password_hasher"] = _Hasher(argon2, argon2.hash(os.urandom(16)))
    return hasher


def _bytes(password: str) -> bytes:
    # Keyboards differ in how they compose an accented letter; the person typed the same.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
