"""How fast a platform is asked: held in Redis, so that it holds over all workers on all hosts together.

The moments of the last calls are kept, by Redis' own clock; a call may go where fewer than the pace allows lie in the
stretch before it. What has to be left alone, by its own word or after trouble, is so for every worker.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from app.extensions import redis_client
from app.tracker.platforms.base import Pace, Platform, Trouble

MARGIN = 1.005  # calls do not all travel equally long: those that leave at the pace could arrive above it
BACK_OFF_SECONDS = (5, 15, 60, 300, 900, 1800)  # after the first trouble in a row, the second ...
LONGEST_REST_SECONDS = 24 * 3600
MOST_ODD = 10  # answers in a row that nobody could read
ODD_SECONDS = 24 * 3600  # as long as they are remembered

# 0, and the call is counted; or how many milliseconds are to be waited before asking again.
MAY_CALL = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local free = tonumber(redis.call('HGET', KEYS[2], 'until_ms') or 0)
local calls, stretch = tonumber(ARGV[1]), tonumber(ARGV[2])
local earliest = redis.call('LINDEX', KEYS[1], calls - 1)
if earliest then free = math.max(free, tonumber(earliest) + stretch) end
if free > now then return math.ceil(free - now) end
redis.call('LPUSH', KEYS[1], string.format('%.3f', now))
redis.call('LTRIM', KEYS[1], 0, calls - 1)
redis.call('PEXPIRE', KEYS[1], math.ceil(stretch))
return 0
"""
# A later end stands; how often in a row there was trouble decides where the platform does not say itself.
REST = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local troubles = redis.call('HINCRBY', KEYS[1], 'troubles', 1)
local seconds = tonumber(ARGV[math.min(troubles, #ARGV - 3) + 3])
seconds = math.min(math.max(seconds, tonumber(ARGV[1])), tonumber(ARGV[2]))
local ends = math.max(now + seconds * 1000, tonumber(redis.call('HGET', KEYS[1], 'until_ms') or 0))
redis.call('HSET', KEYS[1], 'until_ms', string.format('%.0f', ends), 'why', ARGV[3])
redis.call('PEXPIRE', KEYS[1], math.ceil(ends - now) + 3600000)
"""
# What another worker was told meanwhile is not forgotten by a call that still went well.
FORGIVE = """
local time = redis.call('TIME')
if tonumber(redis.call('HGET', KEYS[1], 'until_ms') or 0) <= time[1] * 1000 + time[2] / 1000 then
  redis.call('DEL', KEYS[1])
end
"""


class NotNow(Exception):
    """The platform may not be asked within the time there is; `seconds` from now it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:g} seconds")
        self.seconds = seconds


@dataclass(frozen=True)
class Rest:
    """Until when a platform is left alone, and why, in a sentence."""

    until: datetime
    why: str


def wait(key: str, pace: Pace, until: float) -> None:
    """Return when the platform may be called, and count the call; NotNow where that is after `until`, monotonic."""
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise NotNow(0)
        stretch_ms = pace.seconds * 1000 * MARGIN
        seconds = redis_client().eval(MAY_CALL, 2, _calls(key), _rest(key), pace.calls, stretch_ms) / 1000
        if not seconds:
            return
        if seconds > left:
            raise NotNow(seconds)
        time.sleep(seconds)


def rest(platform: Platform, trouble: Trouble) -> None:
    """Have everybody leave the platform alone, as long as it asks for, and longer with each trouble in a row."""
    told = (trouble.retry_after_seconds or 0, LONGEST_REST_SECONDS, str(trouble))
    redis_client().eval(REST, 1, _rest(platform.key), *told, *BACK_OFF_SECONDS)


def forgive(platform: Platform) -> None:
    """It answered: the trouble before is over."""
    redis_client().eval(FORGIVE, 1, _rest(platform.key))
    redis_client().delete(_odd(platform.key))


def count_odd(platform: Platform, number: int) -> None:
    """So many more of its answers could not be read; Trouble where there are too many in a row by now."""
    with redis_client().pipeline() as pipe:
        pipe.incrby(_odd(platform.key), number)
        pipe.expire(_odd(platform.key), ODD_SECONDS)
        total, _ = pipe.execute()
    if total >= MOST_ODD:
        redis_client().delete(_odd(platform.key))
        raise Trouble(f"{platform.name} sent {total} answers in a row that nobody could read: they may have changed.")


def resting(key: str) -> Rest | None:
    """Whether a platform is left alone at the moment."""
    until_ms, why = redis_client().hmget(_rest(key), "until_ms", "why")
    until = datetime.fromtimestamp(float(until_ms or 0) / 1000, UTC)
    return Rest(until, cast(bytes, why).decode()) if until > datetime.now(UTC) else None


def _calls(key: str) -> str:
    return f"mlbattle:platform:{key}:calls"


def _odd(key: str) -> str:
    return f"mlbattle:platform:{key}:odd"


def _rest(key: str) -> str:
    return f"mlbattle:platform:{key}:rest"
