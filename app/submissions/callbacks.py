"""Judge0 may ring when a program is done. It only shortens the wait: whatever it brings is not even read.

The address it is given is made for one run, and signed; what the run did is asked for by its tokens, as ever.
"""

import logging
import secrets
import time
from collections.abc import Callable

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from redis import Redis, RedisError

from app.extensions import redis_client
from app.submissions.judges.judge0 import Bell, no_bell

log = logging.getLogger(__name__)
PATH = "/judge0/done/"
LEAST_SECONDS = 0.5  # between two looks, however often it rings
STEP_SECONDS = 0.7  # the connection to Redis gives up after a second
KEPT_SECONDS = 120


def bells() -> Callable[[], Bell]:
    """What makes a bell for each run, also in threads, where JUDGE0_CALLBACK_URL says how this site is reached."""
    site, signed, client = current_app.config["JUDGE0_CALLBACK_URL"], _signed(), redis_client()
    if not site:
        return no_bell

    def new_bell() -> Bell:
        run = secrets.token_urlsafe(16)
        return Bell(f"{site}{PATH}{signed.dumps(run)}", lambda seconds: _wait(client, _key(run), seconds))

    return new_bell


def ring(ticket: str) -> bool:
    """Wake the run that the ticket was made for, if it waits; whether it is a ticket of ours."""
    try:
        key = _key(str(_signed().loads(ticket)))
    except BadSignature:
        return False
    trip = redis_client().pipeline()
    trip.rpush(key, 1)
    trip.ltrim(key, -1, -1)
    trip.expire(key, KEPT_SECONDS)
    try:
        trip.execute()
    except RedisError as error:
        log.warning("a callback of Judge0 was not passed on (%s); its run looks by itself", error)
    return True


def _wait(client: Redis, key: str, seconds: float) -> None:
    time.sleep(min(seconds, LEAST_SECONDS))
    left = seconds - LEAST_SECONDS
    while left > 0:
        step = min(left, STEP_SECONDS)
        try:
            if client.blpop([key], timeout=step):
                return
        except RedisError:
            time.sleep(step)
        left -= step


def _key(run: str) -> str:
    return f"mlbattle:judge0:rang:{run}"


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="callback of Judge0")
