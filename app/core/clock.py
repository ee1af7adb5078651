"""The one clock. Callers write `clock.now()`, so that a test, or a demo with a past, can stand at any moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)


def now() -> datetime:
    """This moment, aware, UTC."""
    return _standing_at.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment`."""
    token = _standing_at.set(moment)
    try:
        yield
    finally:
        _standing_at.reset(token)
