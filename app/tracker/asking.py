"""Asking a platform, over HTTP: at its pace, with limits of time and size, sharing what may be shared."""

import copy
import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import requests

from app.core.http import ErrandSession, TooLarge, TooSlow, retry_after_seconds
from app.core.secrets import SecretLost, decrypt, encrypt
from app.extensions import db, redis_client
from app.tracker import pace, settings
from app.tracker.platforms.base import Answer, Platform, Trouble

T = TypeVar("T")
CALL_SECONDS = 15.0
ANSWER_BYTES = 8 * 1024 * 1024
ENDS_EARLIER_SECONDS = 60.0
HEADERS = {"User-Agent": "MLBattle", "Accept": "application/json, text/html;q=0.5"}


class Asking:
    """The `Ask` of one platform, for one stretch of work that is to be over at `until`, by the monotonic clock.

    After that, or where its pace leaves no time, every call raises NotNow.
    """

    def __init__(self, platform: Platform, until: float, contests: tuple[str, ...] = ()) -> None:
        self.contests = contests
        self._platform, self._until = platform, until
        self._made: dict[str, Any] = {}

    def counting(self, contests: tuple[str, ...]) -> "Asking":
        """The same, for a cohort that counts these contests."""
        other = copy.copy(self)
        other.contests = contests
        return other

    def setting(self, name: str) -> str:
        """The value of a need; "" where nobody has given it."""
        value = settings.value_of(self._platform, name)
        db.session.rollback()  # nothing of the database is held while the platform is asked
        return value

    def get(
        self,
        call: str,
        path: str,
        *,
        site: str = "",
        headers: Mapping[str, str] | None = None,
        kept_seconds: int = 0,
        reads: Callable[[Answer], object] = Answer.json,
    ) -> Answer:
        """Ask for `path` at the address that `site` names; what `reads` can read is shared for `kept_seconds`."""
        url = settings.address_of(self._platform, site) + path
        key = f"mlbattle:platform:{self._platform.key}:page:{hashlib.sha256(url.encode()).hexdigest()}"
        kept = redis_client().get(key) if kept_seconds else None
        if kept:
            return Answer(self._platform.name, 200, zlib.decompress(cast(bytes, kept)))
        answer = self._call(call, "GET", url, headers, None)
        if kept_seconds and answer.status == 200:
            reads(answer)  # what is not what was asked for would be kept as long
            redis_client().set(key, zlib.compress(answer.body), ex=kept_seconds)
        return answer

    def post(self, call: str, path: str, content: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Send `content` as JSON."""
        return self._call(call, "POST", settings.address_of(self._platform, "") + path, headers, content)

    def secret(self, name: str, make: Callable[[], tuple[str, float]]) -> str:
        """What `make` gave, shared by all workers until shortly before its seconds are over, encrypted."""
        kept = redis_client().get(self._secret_key(name))
        try:
            if kept:
                return decrypt(cast(bytes, kept).decode())
        except SecretLost:
            self.forget_secret(name)
        value, seconds = make()
        kept_seconds = max(1, int(seconds - ENDS_EARLIER_SECONDS))
        redis_client().set(self._secret_key(name), encrypt(value), ex=kept_seconds)
        return value

    def forget_secret(self, name: str) -> None:
        """Have it made anew the next time."""
        redis_client().delete(self._secret_key(name))

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gave the first time within this stretch of work."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    def _call(self, call: str, method: str, url: str, headers: Mapping[str, str] | None, content: Any) -> Answer:
        """One call; `call` is its name, for whoever listens in."""
        pace.wait(self._platform.key, self._platform.pace, self._until)
        session = ErrandSession(seconds=CALL_SECONDS, max_bytes=ANSWER_BYTES)
        try:
            response = session.request(method, url, headers={**HEADERS, **(headers or {})}, json=content)
        except requests.RequestException as error:
            raise _broken_off(self._platform.name, error) from error
        finally:
            session.close()
        if response.status_code in (403, 408, 425, 429) or response.status_code >= 500:
            raise _turned_away(self._platform.name, response)
        return Answer(self._platform.name, response.status_code, response.content)

    def _secret_key(self, name: str) -> str:
        """Another one for other credentials: what the former ones gave is theirs."""
        of = self.once("fingerprint", lambda: settings.fingerprint(self._platform))
        return f"mlbattle:platform:{self._platform.key}:secret:{name}:{of}"


def _broken_off(name: str, error: requests.RequestException) -> Trouble:
    """In words of our own: those of the error hold the address, and with it a key."""
    if isinstance(error, TooSlow):
        return Trouble(f"{name} did not finish its answer within {error.seconds:g} seconds.")
    if isinstance(error, requests.Timeout):
        return Trouble(f"{name} took the question and did not answer.")
    if isinstance(error, TooLarge):
        return Trouble(f"{name}’s answer is larger than anything it should send.")
    return Trouble(f"{name} could not be reached, or broke its answer off.")


def _turned_away(name: str, response: requests.Response) -> Trouble:
    seconds, code = retry_after_seconds(response), response.status_code
    if code == 429:
        when = f" for {seconds:,} seconds" if seconds else " for a while"
        return Trouble(f"{name} asks to be left alone{when}: it was asked too often.", seconds)
    if code == 403:
        return Trouble(f"{name} turned us away (error 403), as its shield does with programs now and then.", seconds)
    return Trouble(f"{name} has trouble of its own (error {code}).", seconds)
