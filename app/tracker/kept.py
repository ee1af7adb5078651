"""What is kept in Redis of a cohort's people for a while, and goes at once with any of them."""

import logging

from redis import RedisError

from app.core.db import on_commit
from app.extensions import redis_client

log = logging.getLogger(__name__)
WORKBOOK_SECONDS = 3600


def movers_key(cohort_id: int) -> str:
    """Where the biggest moves of a cohort are kept."""
    return f"mlbattle:movers:{cohort_id}"


def workbook_key(cohort_id: int, member_id: int, kind: str) -> str:
    """Where a member's workbook of a cohort is kept; `kind` tells which columns it has."""
    return f"mlbattle:workbook:{cohort_id}:{member_id}:{kind}"


def announce_workbook(cohort_id: int, key: str) -> None:
    """Say, before its people are read, that a workbook of the cohort will be kept under `key`."""
    redis_client().sadd(_announced(cohort_id), key)
    redis_client().expire(_announced(cohort_id), 2 * WORKBOOK_SECONDS)


def keep_workbook(cohort_id: int, key: str, content: bytes) -> bool:
    """Keep the file for an hour; False, and nothing is kept, where somebody who may be in it was removed meanwhile."""
    redis_client().set(key, content, ex=WORKBOOK_SECONDS)
    if redis_client().sismember(_announced(cohort_id), key):
        return True
    redis_client().delete(key)
    return False


def forget_with_commit(cohort_id: int) -> None:
    """Once the surrounding transaction stands, let go of all that is kept of the cohort's people."""

    def forget() -> None:
        try:
            _forget(cohort_id)
        except RedisError as error:
            log.warning("files of cohort %s stay until they expire, within an hour: %s", cohort_id, error)

    on_commit(forget)


def _forget(cohort_id: int) -> None:
    announced = _announced(cohort_id)
    with redis_client().pipeline() as pipe:
        pipe.smembers(announced)
        pipe.delete(announced)
        keys, _ = pipe.execute()
    redis_client().delete(movers_key(cohort_id), *keys)


def _announced(cohort_id: int) -> str:
    return f"mlbattle:workbooks:{cohort_id}"
