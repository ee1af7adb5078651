"""What open pages are told of handles: hints to fetch themselves.

Topics: `tracker:person:<id>` for the page of a participant, `tracker:cohort:<id>` for a board, `tracker:platforms` for
how the asking goes. Which page may listen is decided where its ticket is signed, with the page.
"""

from typing import Any

from redis import RedisError

from app.core import live
from app.core.db import on_commit
from app.extensions import redis_client
from app.tracker.signals import handles_checked

BOARD_REST_SECONDS = 10  # handles come in by the second, and a board is a long page
PLATFORMS_TOPIC = "tracker:platforms"
OWED = "mlbattle:live-owed"  # the topics of boards about which there was news while they rested


def connect() -> None:
    """Listen for what was checked."""
    handles_checked.connect(_on_handles_checked)


def person_topic(participant_id: int) -> str:
    """What the page of a participant listens to."""
    return f"tracker:person:{participant_id}"


def cohort_topic(cohort_id: int) -> str:
    """What the board of a cohort listens to."""
    return f"tracker:cohort:{cohort_id}"


def export_topic(cohort_id: int, member_id: int) -> str:
    """What the page of a member's file of a cohort listens to."""
    return f"tracker:export:{cohort_id}:{member_id}"


def tell_export(cohort_id: int, member_id: int) -> None:
    """Once the surrounding transaction stands, have the page fetch itself, where the file may be had now."""

    def tell() -> None:
        live.hint(export_topic(cohort_id, member_id))

    on_commit(tell)


def tell_platforms() -> None:
    """Have pages that show how the asking goes fetch themselves."""
    live.hint(PLATFORMS_TOPIC)


def tell_boards() -> None:
    """Have boards fetch themselves whose last news came while they rested: a stretch of work is over."""
    try:
        topics: Any = redis_client().spop(OWED, 1_000)
    except RedisError:
        return  # nothing could be pushed either
    for topic in topics:
        live.hint(topic.decode())


def _on_handles_checked(_sender: Any, *, platform_key: str, participant_ids: set[int], cohort_ids: set[int]) -> None:
    def tell() -> None:
        for participant_id in participant_ids:
            live.hint(person_topic(participant_id))
        for cohort_id in cohort_ids:
            _tell_board(cohort_topic(cohort_id))

    on_commit(tell)


def _tell_board(topic: str) -> None:
    try:
        if not redis_client().set(f"mlbattle:live-rest:{topic}", "1", nx=True, ex=BOARD_REST_SECONDS):
            redis_client().sadd(OWED, topic)
            return
    except RedisError:
        return  # nothing could be pushed either
    live.hint(topic)
