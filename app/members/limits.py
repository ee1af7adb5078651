"""How often a password may be wrong, and how many accounts one address may make.

Only failures count, so that a class behind one address never meets these limits.
"""

import time
from hashlib import sha256
from math import ceil

from flask import Response, current_app, g, request
from flask_login import current_user

from app.core.db import fold
from app.extensions import limiter
from app.members import queries


def note_wrong_password() -> None:
    """Count this request against the limits on wrong passwords."""
    g.is_password_wrong = True


def try_again_sentence() -> str:
    """When the limit that stopped this request lets the person try again."""
    limit = limiter.current_limit
    seconds = limit.reset_at - time.time() if limit else 60
    minutes = max(1, ceil(seconds / 60))
    return f"Too many tries. Please try again in {minutes} minute{'' if minutes == 1 else 's'}."


def _count_of(setting: str, span: str) -> str:
    return f"{current_app.config[setting]} per {span}"


def _is_password_wrong(_response: Response) -> bool:
    return bool(g.get("is_password_wrong"))


def _is_account_made(_response: Response) -> bool:
    return bool(g.get("is_account_made"))


def note_account_made() -> None:
    """Count this request against the limit on new accounts."""
    g.is_account_made = True


def _typed_account() -> str:
    # A member has one count, whether the username or the e-mail address is typed.
    login = request.form.get("login", "")
    member = queries.find_by_login(login)
    return f"member:{member.id}" if member else "name:" + sha256(fold(login).encode()).hexdigest()


failures_per_account = limiter.shared_limit(
    lambda: _count_of("LOGIN_FAILURES_PER_ACCOUNT", "15 minutes"),
    scope="log-in",
    key_func=_typed_account,
    methods=["POST"],
    deduct_when=_is_password_wrong,
)
failures_per_address = limiter.shared_limit(
    lambda: _count_of("LOGIN_FAILURES_PER_ADDRESS", "hour"),
    scope="log-in-address",
    methods=["POST"],
    deduct_when=_is_password_wrong,
)
failures_per_session = limiter.shared_limit(
    lambda: _count_of("LOGIN_FAILURES_PER_ACCOUNT", "15 minutes"),
    scope="own-password",
    key_func=lambda: f"member:{current_user.get_id()}",
    methods=["POST"],
    deduct_when=_is_password_wrong,
)
registrations_per_address = limiter.shared_limit(
    lambda: _count_of("REGISTRATIONS_PER_ADDRESS", "hour"),
    scope="register",
    methods=["POST"],
    deduct_when=_is_account_made,
)
