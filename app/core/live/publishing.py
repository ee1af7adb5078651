"""Telling open pages: a fragment is rendered once and published once, when it is newer and differs."""

import logging
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import current_app, render_template
from redis.exceptions import RedisError
from werkzeug.test import create_environ

from app.core.live.hub import CHANNELS
from app.extensions import redis_client

log = logging.getLogger(__name__)

DAY_SECONDS = 24 * 3600
NO_REQUEST = create_environ()

# Versions are compared as text of equal length: a Lua number cannot hold nanoseconds.
PUBLISH_IF_NEWER = """
local last = redis.call('HMGET', KEYS[1], 'version', 'digest')
if last[1] and last[1] >= ARGV[2] then return 0 end
local digest = redis.sha1hex(ARGV[3])
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'digest', digest)
redis.call('EXPIRE', KEYS[1], ARGV[4])
if last[2] == digest then return 0 end
redis.call('PUBLISH', ARGV[1], ARGV[3])
return 1
"""


class Message(NamedTuple):
    """A fragment for the pages that listen to `topic`.

    `version` is any growing number of the caller's; without it, the moment counts.
    """

    topic: str
    html: str
    version: int | None = None


def publish_all(messages: Sequence[Message]) -> list[bool]:
    """Push all in one trip; for each, whether it went out.

    Nothing goes out when a version as new was published before, or when the bytes are the last ones again. Never raises
    for Redis.
    """
    trip = redis_client().pipeline(transaction=False)
    for topic, html, version in messages:
        order = time.time_ns() if version is None else version
        arguments = (CHANNELS + topic, f"{order:020d}", html, DAY_SECONDS)
        trip.eval(PUBLISH_IF_NEWER, 1, f"mlbattle:live-last:{topic}", *arguments)
    try:
        return [bool(is_out) for is_out in trip.execute()]
    except RedisError as error:
        topics = ", ".join(message.topic for message in messages)
        log.warning("%s was not pushed; open pages show it at their next refresh: %s", topics, error)
        return [False] * len(messages)


def publish(topic: str, html: str, version: int | None = None) -> bool:
    """Push one fragment, as in `publish_all`."""
    return publish_all([Message(topic, html, version)])[0]


def hint(topic: str) -> bool:
    """Ask the pages that listen to `topic` to fetch their fragments again within two seconds."""
    return publish_all([hint_for(topic)])[0]


def hint_for(topic: str) -> Message:
    """What `hint` sends."""
    return Message(topic, f'<div id="live-hint" hx-swap-oob="true" data-at="{time.time_ns()}" hidden></div>')


def render(template: str, **context: Any) -> str:
    """The fragment as a page renders it, with relative addresses; works outside a request too."""
    with current_app.request_context(NO_REQUEST.copy()):
        return render_template(template, **context)
