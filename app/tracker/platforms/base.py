"""What every platform declares, how it is asked, and the three things that can come of it."""

import json
import math
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import quote, unquote, urlsplit

T = TypeVar("T")
LONGEST_HANDLE = 80
LARGEST_NUMBER = 1e9
SPREADSHEETS_SAY = ("#n/a", "#ref!", "#value!")
NOTHING = frozenset(("", "n/a", "n.a", "na", "nan", "-", "--", "–", "—", "nil", "none", "null", *SPREADSHEETS_SAY))
HARDLY_HANDLES = frozenset(("0", "no", "yes", "x"))
EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")


class NotAHandle(Exception):
    """What was typed cannot be a handle on the platform; the message is a sentence for the person."""


class Trouble(Exception):
    """The platform could not be asked, or answered what nobody can read: nothing follows for any handle.

    The message is a sentence; `retry_after_seconds` is how long the platform itself asks to be left alone.
    """

    def __init__(self, sentence: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class Odd(Trouble):
    """An answer of another shape than expected. Where it is about one handle, nothing follows for the others."""


@dataclass(frozen=True)
class Verified:
    """The handle is there; None for what the platform does not tell, or has not given it yet."""

    rating: float | None = None
    peak: float | None = None
    solved: int | None = None
    contests: int | None = None


@dataclass(frozen=True)
class Missing:
    """The platform itself says that there is no such handle; `why` is a sentence."""

    why: str


@dataclass(frozen=True)
class Unknown:
    """This one could not be checked, whatever holds for others; `why` is a sentence.

    `is_odd`: because of an answer that nobody could read. Many of these in a row are no accident.
    """

    why: str
    retry_after_seconds: float | None = None
    is_odd: bool = False


Outcome = Verified | Missing | Unknown


@dataclass(frozen=True)
class Pace:
    """At most so many `calls` in any stretch of so many `seconds`, by all workers together."""

    calls: int
    seconds: float


@dataclass(frozen=True)
class Need:
    """A setting that the platform needs, or works better with; `where` is a sentence that tells where to get it."""

    name: str
    label: str
    where: str
    is_required: bool = True


@dataclass(frozen=True)
class Example:
    """An answer written from the documentation, not confirmed by a call: what `call` at `path` gives.

    `path`, below the address of `site`, is a pattern in which * is anything. `missing` is the answer, with its status,
    for a handle that is not there.
    """

    call: str
    path: str
    body: Any
    missing: tuple[int, Any] | None = None
    site: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back, read whole."""

    platform: str
    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, whatever bytes it has."""
        return self.body.decode("utf-8", "replace")

    def json(self, *also: int) -> Any:
        """The body as JSON; Trouble where it is none, Odd where the status is neither 200 nor one of `also`."""
        if self.status not in (200, *also):
            raise Odd(f"{self.platform} answered with status {self.status}.")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Trouble(f"{self.platform} sent something else than the data it was asked for.") from error


class Ask(Protocol):
    """How a platform is asked: at its pace, within limits of time and size.

    Every call has a name, that of its example. 429, 403, 5xx and whatever breaks off come as Trouble, never as Answer.
    """

    contests: tuple[str, ...]  # those that the handles' cohort counts

    def setting(self, name: str) -> str:
        """The value of a need; "" where nobody has given it."""

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

    def post(self, call: str, path: str, content: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Send `content` as JSON."""

    def secret(self, name: str, make: Callable[[], tuple[str, float]]) -> str:
        """What `make` gave, shared by all workers until its seconds are over: a token."""

    def forget_secret(self, name: str) -> None:
        """Have it made anew the next time."""

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gave the first time within this stretch of work."""


class Platform(ABC):
    """One platform. `fetch` knows how to ask it; everything else is told by what stands in its class.

    `sites` are its addresses by name: each is a setting, <KEY>_URL or <KEY>_<NAME>_URL. `hosts` are those of addresses
    that people paste. `handle_form` is a handle that could be; `handle_rule` says the same in a sentence.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    short_names: ClassVar[Sequence[str]] = ()  # as people call it at the head of a column
    home: ClassVar[str]
    profile: ClassVar[str]  # with {handle}
    sites: ClassVar[Sequence[tuple[str, str]]]
    pace: ClassVar[Pace]
    needs: ClassVar[Sequence[Need]] = ()
    tells: ClassVar[Sequence[str]]  # of what Verified has
    rating_means: ClassVar[str]  # a sentence
    rating_age: ClassVar[str] = ""  # a sentence, where a rating may be older than its check
    counts_contests: ClassVar[bool] = False  # whether organisers choose contests for a cohort
    batch_size: ClassVar[int] = 1
    hosts: ClassVar[Sequence[str]]
    profile_paths: ClassVar[Sequence[str]]  # what stands before a handle in a pasted address
    other_pages: ClassVar[str] = ""  # where nothing needs to stand before it: words that are pages of the site
    handle_form: ClassVar[re.Pattern[str]]
    handle_rule: ClassVar[str]
    example_handle: ClassVar[str]
    examples: ClassVar[Sequence[Example]]
    example_outcome: ClassVar[Verified]  # what is read from them

    @abstractmethod
    def fetch(self, handles: Sequence[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
        """Each handle with what came of it, as soon as it is known; Trouble ends it for all that are left."""

    def profile_address(self, handle: str) -> str:
        """Where people look at the handle."""
        return self.profile.format(handle=quote(handle, safe=""))

    def clean(self, typed: str) -> str:
        """The handle in what was typed or pasted; "" where that means none. NotAHandle with a sentence otherwise."""
        is_plain = typed.isascii() and typed.isprintable()
        text = typed if is_plain else "".join(mark for mark in typed if unicodedata.category(mark) not in ("Cf", "Cc"))
        text = text.strip()
        if means_nothing(text):
            return ""
        if EMAIL.fullmatch(text):
            raise NotAHandle(f"That is an e-mail address, not a handle on {self.name}.")
        if text.casefold() in HARDLY_HANDLES:
            raise NotAHandle(f"“{text}” is hardly a handle. If it is, paste the address of its profile.")
        is_address = "/" in text or text.casefold().removeprefix("www.") in self.hosts
        handle = (self._in_address(text) if is_address else text).removeprefix("@").strip()
        if len(handle) > LONGEST_HANDLE or not self.handle_form.fullmatch(handle):
            raise NotAHandle(f"{self.handle_rule} “{text[:LONGEST_HANDLE]}” is not that.")
        return handle

    def _in_address(self, text: str) -> str:
        try:
            address = urlsplit(text if "://" in text else f"https://{text}")
            host = (address.hostname or "").removeprefix("www.")
        except ValueError as error:
            raise NotAHandle(f"“{text[:LONGEST_HANDLE]}” is not an address on {self.name}.") from error
        if host not in self.hosts:
            raise NotAHandle(f"“{text[:LONGEST_HANDLE]}” is not an address on {self.name}.")
        for start in self.profile_paths:
            inside = address.path[len(start) :].strip("/")
            is_profile = address.path.casefold().startswith(start) and (start != "/" or self._is_somebody(inside))
            if is_profile and inside:
                return unquote(inside.split("/")[0])
        raise NotAHandle(f"That is an address on {self.name}, but not that of somebody’s profile.")

    def _is_somebody(self, path: str) -> bool:
        """Whether what stands right after the host may be a handle: no page of the site, nor the head of profiles."""
        heads = {start.strip("/") for start in self.profile_paths}
        return "/" not in path and path.casefold() not in heads.union(self.other_pages.split())


def means_nothing(text: str) -> bool:
    """Whether people write this where there is nothing to write."""
    return text.casefold().strip(". ") in NOTHING


def each(handles: Sequence[str], outcome_of: Callable[[str], Outcome]) -> Iterator[tuple[str, Outcome]]:
    """Every handle with its outcome, one by one: an odd answer leaves its own handle alone unchecked."""
    for handle in handles:
        try:
            yield handle, outcome_of(handle)
        except Odd as odd:
            yield handle, Unknown(str(odd), is_odd=True)


def part(platform: str, body: Any, *names: str) -> Any:
    """What stands in `body` under these names, one in another; Odd where the answer has another shape."""
    for name in names:
        if not isinstance(body, dict) or name not in body:
            raise Odd(f"{platform}’s answer has changed: it has no “{name}”.")
        body = body[name]
    return body


def listed(platform: str, body: Any, *names: str) -> list[Any]:
    """The same where a list is expected."""
    found = part(platform, body, *names)
    if not isinstance(found, list):
        raise Odd(f"{platform}’s answer has changed: {f'“{names[-1]}”' if names else 'it'} is no list.")
    return found


def number(platform: str, value: Any, name: str) -> float:
    """A number, also one in quotes; Odd for everything else, for null too: it is neither 0 nor "none yet"."""
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not abs(found) < LARGEST_NUMBER:
        raise Odd(f"{platform}’s answer has changed: “{name}” is not a number.")
    return found


def whole(platform: str, value: Any, name: str) -> int:
    """The same for what is counted."""
    return round(number(platform, value, name))
