"""Kaggle, through its own client: who we are there, searching competitions, and their public leaderboards.

The client has no timeouts, and at import looks for credentials and makes folders on the host: here it is imported in
an empty surrounding, given its credentials and address explicitly, and its requests go by `core.http`. Its verbs are
those of kaggle 2.2: ListCompetitions, GetCompetition, DownloadLeaderboard, IntrospectToken.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any, TypeVar

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from app.competitions.sources.base import SourceFault
from app.core.http import ErrandSession, TooLarge, TooSlow, retry_after_seconds

T = TypeVar("T")
ASK_SECONDS = 20.0
ANSWER_BYTES = 4 * 1024 * 1024
SITE = "https://www.kaggle.com"
# What the client raises, of many kinds, for answers of another shape than it knows.
ODD = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)
IN_HOST_SETTINGS = ("KAGGLE_", "XDG_CONFIG_HOME", "HOME", "VERBOSE")
_importing = Lock()


@dataclass(frozen=True)
class Credentials:
    """A username with its API key, or an access token alone."""

    key: str
    username: str = ""

    def auth(self) -> AuthBase:
        """How requests carry them."""
        return HTTPBasicAuth(self.username, self.key) if self.username else _Bearer(self.key)


@dataclass(frozen=True)
class Found:
    """A competition as Kaggle tells of it; `has_accepted_rules` is of the account that asks."""

    slug: str
    title: str
    description: str
    deadline: datetime | None
    starts_at: datetime | None
    metric: str
    teams: int
    has_accepted_rules: bool


class Kaggle:
    """Kaggle at `url` for one account. Every verb raises SourceFault.

    A leaderboard may take `seconds` and have `max_bytes`; other answers at most 20 seconds and 4 MB.
    """

    def __init__(self, url: str, credentials: Credentials, *, seconds: float, max_bytes: int) -> None:
        self._url, self._credentials = url, credentials
        self._seconds, self._max_bytes = seconds, max_bytes

    def who_am_i(self) -> str:
        """The username that the credentials belong to."""
        if self._credentials.username:
            self.search("")
            return self._credentials.username
        return self._ask(_introspect(self._credentials.key))

    def search(self, text: str, page: int = 1) -> list[Found]:
        """Competitions that match, best first, twenty a page."""

        def verb(api: Any) -> list[Found]:
            answer = api.competitions_list(search=text, page=page)
            return [found for one in answer.competitions or [] if (found := _found(one)).slug]

        return self._ask(verb)

    def competition(self, slug: str) -> Found:
        """One competition by its slug."""

        def verb(api: Any) -> Found:
            from kagglesdk.competitions.types.competition_api_service import ApiGetCompetitionRequest

            request = ApiGetCompetitionRequest()
            request.competition_name = slug
            with api.build_kaggle_client() as client:
                return _found(client.competitions.competition_api_client.get_competition(request))

        return self._ask(verb, slug)

    def leaderboard(self, slug: str) -> bytes:
        """The whole public leaderboard, a ZIP with one CSV in it, as Kaggle packs it."""

        def verb(api: Any) -> bytes:
            from kagglesdk.competitions.types.competition_api_service import ApiDownloadLeaderboardRequest

            request = ApiDownloadLeaderboardRequest()
            request.competition_name = slug
            with api.build_kaggle_client() as client:
                answer = client.competitions.competition_api_client.download_leaderboard(request)
            begin = answer.content.lstrip()[:1]
            if begin == b"{":
                raise _garbled(answer, slug)
            if begin == b"<":
                raise SourceFault("garbled", "Kaggle sent a web page where the leaderboard should be.")
            return bytes(answer.content)

        return self._ask(verb, slug, self._max_bytes)

    def _ask(self, verb: Callable[[Any], T], slug: str = "", max_bytes: int = 0) -> T:
        seconds = self._seconds if max_bytes else min(ASK_SECONDS, self._seconds)
        session = ErrandSession(seconds=seconds, max_bytes=max_bytes or ANSWER_BYTES)
        session.auth = self._credentials.auth()
        try:
            return verb(load_client()(self._url, session))
        except requests.JSONDecodeError as error:
            raise _garbled(session.answer, slug) from error
        except requests.RequestException as error:
            raise fault_of(error, slug) from error
        except ODD as error:
            raise _garbled(session.answer, slug) from error
        finally:
            session.close()


def fault_of(error: requests.RequestException, slug: str) -> SourceFault:
    """What went wrong in an errand, and what to do about it, in a sentence."""
    if isinstance(error, TooSlow):
        return SourceFault("slow", f"Kaggle did not finish its answer within {error.seconds:g} seconds.")
    if isinstance(error, requests.Timeout):
        return SourceFault("slow", "Kaggle took the question and did not answer.")
    if isinstance(error, TooLarge):
        return SourceFault("too large", "Kaggle’s answer is larger than the site takes (BOARD_MAX_MB).")
    if error.response is None:
        return SourceFault("unreachable", "Kaggle could not be reached, or broke its answer off.")
    return _refusal(error.response, slug)


def rules_url(slug: str) -> str:
    """Where the rules of a competition are read and accepted."""
    return f"{SITE}/competitions/{slug}/rules"


def _refusal(response: requests.Response, slug: str) -> SourceFault:
    code = _code_of(response)
    if code == 401:
        return SourceFault(
            "login", "Kaggle does not accept the club’s credentials any more: connect the account again."
        )
    if code == 403:
        return SourceFault(
            "rules", f"Kaggle lets the club’s account in only after it has accepted the rules: {rules_url(slug)}"
        )
    if code == 404:
        return SourceFault("unknown", f"Kaggle knows no competition “{slug}”: look at its address there once more.")
    if code == 429:
        wait = retry_after_seconds(response)
        when = f" for {wait} seconds" if wait else " for a while"
        return SourceFault("busy", f"Kaggle asks to be left alone{when}: it has been asked too often.", wait)
    if code >= 500:
        return SourceFault("down", f"Kaggle has trouble of its own (error {code}).")
    return SourceFault("garbled", f"Kaggle refused without saying why (error {code}).")


def _garbled(answer: requests.Response | None, slug: str) -> SourceFault:
    """The fault behind an answer that the client could not read: what its status or its body says, if either does."""
    if answer is not None and _code_of(answer) >= 400:
        return _refusal(answer, slug)
    return SourceFault("garbled", "Kaggle’s answer could not be understood.")


def _code_of(response: requests.Response) -> int:
    """The status; of an error in a 200, the code inside."""
    if response.status_code >= 400:
        return response.status_code
    try:
        body = response.json()
        return int((body.get("error") or body)["code"])
    except ODD:
        return response.status_code


def _found(one: Any) -> Found:
    slug = str(one.ref or "").rstrip("/").rsplit("/", 1)[-1]
    return Found(
        slug=slug,
        title=str(one.title or slug),
        description=str(one.description or ""),
        deadline=_utc(one.deadline),
        starts_at=_utc(one.enabled_date),
        metric=str(one.evaluation_metric or ""),
        teams=one.team_count if isinstance(one.team_count, int) else 0,
        has_accepted_rules=bool(one.user_has_entered),
    )


def _utc(moment: datetime | None) -> datetime | None:
    """The client gives naive moments that are UTC."""
    return moment.replace(tzinfo=UTC) if moment else None


def _introspect(token: str) -> Callable[[Any], str]:
    def verb(api: Any) -> str:
        from kagglesdk.security.types.oauth_service import IntrospectTokenRequest

        request = IntrospectTokenRequest()
        request.token = token
        with api.build_kaggle_client() as client:
            answer = client.security.oauth_client.introspect_token(request)
        if not answer.active:
            raise SourceFault("login", "Kaggle does not know this token, or it has ended.")
        return str(answer.username)

    return verb


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@cache
def load_client() -> Callable[[str, ErrandSession], Any]:
    """The client, bound to an address and a session instead of what it would find on the host."""
    with _importing, _empty_surrounding():
        from kaggle.api.kaggle_api_extended import KaggleApi
        from kagglesdk import KaggleClient, KaggleEnv

    class ClubKaggle(KaggleApi):
        already_printed_version_warning = True

        def __init__(self, url: str, session: ErrandSession) -> None:
            self._url, self._session = url, session

        def build_kaggle_client(self) -> Any:
            client = KaggleClient(env=KaggleEnv.PROD, user_agent="MLBattle")
            http = client.http_client()
            http._endpoint, http._session = self._url, self._session
            self._session.headers.update({"User-Agent": "MLBattle", "Content-Type": "application/json"})
            return client

    return ClubKaggle


@contextmanager
def _empty_surrounding() -> Iterator[None]:
    """Nothing of the host's Kaggle configuration to be seen, and only an empty folder to write to.

    The client authenticates when it is imported; the placeholder keeps it from the network and from printing its help.
    """
    kept = {name: value for name, value in os.environ.items() if name.startswith(IN_HOST_SETTINGS)}
    with tempfile.TemporaryDirectory() as folder:
        for name in kept:
            del os.environ[name]
        placeholder = {"HOME": folder, "KAGGLE_CONFIG_DIR": folder, "KAGGLE_USERNAME": "-", "KAGGLE_KEY": "-"}
        os.environ.update(placeholder)
        try:
            yield
        finally:
            for name in placeholder:
                del os.environ[name]
            os.environ.update(kept)
