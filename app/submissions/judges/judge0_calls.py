"""Calling a Judge0 server: every call has a deadline and a size, and whatever goes wrong is a `Trouble` of one kind."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import requests

from app.core.http import ErrandSession, TooLarge, retry_after_seconds
from app.submissions.judges.base import JudgeFault

CALL_SECONDS = 20.0
MOST_BYTES = 32 * 1024 * 1024
LONGEST_QUOTE = 200
REACH_IT = "See that it runs and that this machine reaches its address; what waits is judged as soon as it answers."
TOKEN_FIX = "Give the right token and header names on the page “Judge”, or in JUDGE0_TOKEN and JUDGE0_HEADERS."  # noqa: S105
ADDRESS_FIX = "Set the address that its /languages stands below, on the page “Judge” or in JUDGE0_URL."
SETTINGS_FIX = "See whether its settings (config_info) were changed, and check it again."
LOG_FIX = "Its own log says more."


class Trouble(Exception):
    """A call that brought nothing.

    `kind`: "away" (not reached, so nothing was taken), "lost" (it may have been taken; no answer of use came), "late"
    (it was waited for long enough), "full" (it takes nothing now), "refused" (it would refuse every call), "wrong" (it
    refuses what this call says), "large" (the answer is too long to be taken).
    """

    def __init__(self, kind: str, sentence: str, fix: str, wait_seconds: int | None = None) -> None:
        super().__init__(sentence)
        self.kind, self.sentence, self.fix, self.wait_seconds = kind, sentence, fix, wait_seconds

    def fault(self, *, is_outage: bool) -> JudgeFault:
        """The same for whoever uses the judge; what is refused for what it says would be refused again."""
        return JudgeFault(self.sentence, self.fix, is_temporary=self.kind != "wrong", is_outage=is_outage)


def garbled(what: str) -> Trouble:
    """An answer that is not one of Judge0's."""
    return Trouble("lost", f"Judge0’s answer is not what Judge0 says: {what}.", f"{ADDRESS_FIX} {LOG_FIX}")


class Client:
    """One server, and the headers that it, or a gateway before it, wants."""

    def __init__(self, url: str, headers: Mapping[str, str], seconds: float = CALL_SECONDS) -> None:
        self._url, self._headers, self._seconds = url.rstrip("/"), dict(headers), seconds

    def get(self, path: str, **query: str) -> Any:
        """What it says there, out of JSON."""
        return self._call("GET", path, query, None)

    def post(self, path: str, content: Any) -> Any:
        """What it says to `content`. Binary is base64 both ways: its default has changed between versions."""
        return self._call("POST", path, {"base64_encoded": "true"}, content)

    def _call(self, method: str, path: str, query: Mapping[str, str], content: Any) -> Any:
        session = ErrandSession(seconds=self._seconds, max_bytes=MOST_BYTES)
        session.trust_env = False  # a .netrc of this machine is none of its business
        try:
            response = session.request(
                # Followed, a redirect would take the token along.
                method, self._url + path, params=query, json=content, headers=self._headers, allow_redirects=False
            )  # fmt: skip
        except requests.RequestException as error:
            raise _broken_off(error) from error
        finally:
            session.close()
        if not response.ok or response.is_redirect:
            raise self._turned_away(response)
        return _read(response.content)

    def quoted(self, said: str) -> str:
        """What the server says, a sentence for administrators before others: "" where it repeats our headers."""
        text = " ".join(said.split())
        is_told = text and "<" not in text and not _tells(text, self._headers.values())
        return f"It says “{text[:LONGEST_QUOTE]}”. " if is_told else ""

    def _turned_away(self, response: requests.Response) -> Trouble:
        return _turned_away(response, self.quoted(response.content.decode(errors="replace")))


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise garbled("it is no JSON") from error


def _broken_off(error: requests.RequestException) -> Trouble:
    """In words of our own: those of the error hold the address."""
    if isinstance(error, TooLarge):
        return Trouble("large", "Judge0’s answer is larger than anything it should send.", LOG_FIX)
    if _was_never_sent(error):
        return Trouble("away", "The judge cannot be reached.", REACH_IT)
    if isinstance(error, requests.Timeout):
        return Trouble("lost", "Judge0 took the question and did not answer.", REACH_IT)
    return Trouble("lost", "Judge0 broke its answer off.", REACH_IT)


def _was_never_sent(error: requests.RequestException) -> bool:
    """Whether not even a connection was made, by what lies below the error."""
    reason: Any = getattr(error.args[0], "reason", None) if error.args else None
    is_unreached = type(reason).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
    return is_unreached or isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL)


def _turned_away(response: requests.Response, said: str) -> Trouble:
    code = response.status_code
    if code in (401, 403):
        return Trouble("refused", f"Judge0 does not let the site in (error {code}).", TOKEN_FIX)
    if code == 404 or response.is_redirect:
        return Trouble("refused", f"There is no Judge0 at its address (error {code}).", ADDRESS_FIX)
    if code == 503:
        fix = f"{said}Wait, or give it more workers."
        return Trouble("full", "Judge0 has so much to do that it takes no programs now.", fix, _wait(response))
    if code == 429:
        fix = "Wait, or have its gateway allow more calls."
        return Trouble("full", "Judge0’s gateway asks to be left alone (error 429).", fix, _wait(response))
    if 400 <= code < 500:
        return Trouble("wrong", f"Judge0 does not take what it was asked (error {code}).", f"{said}{SETTINGS_FIX}")
    return Trouble("lost", f"Judge0 has trouble of its own (error {code}).", LOG_FIX)


def _wait(response: requests.Response) -> int | None:
    return retry_after_seconds(response)


def _tells(text: str, secrets: Iterable[str]) -> bool:
    """Whether a word of the secrets stands in the text, or a long piece of one: signs may be written otherwise."""
    words = {word for secret in secrets for word in secret.split()}
    pieces = words | {piece for word in words for piece in re.findall(r"[A-Za-z0-9]{6,}", word)}
    return any(piece.lower() in text.lower() for piece in pieces)
