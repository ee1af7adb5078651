"""Telling open pages: a fragment is rendered once and published once, when it is newer and differs."""

import logging
import time
from typing import Any

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


def publish(topic: str, html: str, version: int | None = None) -> bool:
    """Push `html` to the pages that listen to `topic`; True when it went out.

    Nothing goes out when a version as new was published before, or when the bytes are the last ones again.
    `version` is any growing number of the caller's; without it, the moment counts. Never raises for Redis.
    """
    order = time.time_ns() if version is None else version
    arguments = (CHANNELS + topic, f"{order:020d}", html, DAY_SECONDS)
    try:
        return bool(redis_client().eval(PUBLISH_IF_NEWER, 1, f"mlbattle:live-last:{topic}", *arguments))
    except RedisError as error:
        log.warning("%s was not pushed; open pages show it at their next refresh: %s", topic, error)
        return False


def hint(topic: str) -> bool:
    """Ask the pages that listen to `topic` to fetch their fragments again within two seconds."""
    return publish(topic, f'<div id="live-hint" hx-swap-oob="true" data-at="{time.time_ns()}" hidden></div>')


def render(template: str, **context: Any) -> str:
    """The fragment as a page renders it, with relative addresses; works outside a request too."""
    with current_app.request_context(NO_REQUEST.copy()):
        return render_template(template, **context)
