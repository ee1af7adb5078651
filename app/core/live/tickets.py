"""Signed tickets: the right to listen to some topics, rendered into a page and checked without a database."""

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

LIFETIME_SECONDS = 12 * 3600


class TicketRefused(Exception):
    """The ticket gives no right to listen; the message is a sentence for the person."""


class Ticket(NamedTuple):
    """What a valid ticket says: the topics, and when it was made (unix time in whole seconds)."""

    topics: tuple[str, ...]
    issued_at: float


def ticket(*topics: str) -> str:
    """A signed text that lets its bearer listen to `topics` for 12 hours."""
    return _signer().dumps(topics)


def read_ticket(text: str) -> Ticket:
    """The ticket in `text`; TicketRefused when it is forged, foreign or too old."""
    try:
        topics, issued_at = _signer().loads(text, max_age=LIFETIME_SECONDS, return_timestamp=True)
    except BadData as error:
        raise TicketRefused("This page has been open too long for live updates; load it again.") from error
    return Ticket(tuple(topics), issued_at.timestamp())


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="live-ticket")
