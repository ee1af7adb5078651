"""Codeforces: many handles in one call, of which one that is not there fails all."""

import hashlib
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import Any

from app.tracker.platforms.base import (
    Ask,
    Example,
    Missing,
    Need,
    Odd,
    Outcome,
    Pace,
    Platform,
    Trouble,
    Verified,
    each,
    listed,
    number,
    part,
)

NAME = "Codeforces"
LONGEST_LIST = 6000  # characters of handles in one address, which servers cut at 8,000
NOT_FOUND = re.compile(r"handles: User with handle (.+) not found", re.IGNORECASE)


class Codeforces(Platform):
    key = "codeforces"
    name = NAME
    short_names = ("CF",)
    home = "https://codeforces.com"
    profile = "https://codeforces.com/profile/{handle}"
    sites = (("", "https://codeforces.com/api"),)
    pace = Pace(1, 2)
    needs = (
        Need("KEY", "API key", "Make one on Codeforces under Settings, API.", is_required=False),
        Need("SECRET", "API secret", "Codeforces shows it once, beside the key.", is_required=False),
    )
    tells = ("rating", "peak")
    rating_means = "The rating on Codeforces."
    batch_size = 400
    hosts = ("codeforces.com", "m1.codeforces.com", "m2.codeforces.com", "m3.codeforces.com", "mirror.codeforces.com")
    profile_paths = ("/profile/",)
    handle_form = re.compile(r"[A-Za-z0-9_.-]{3,24}")
    handle_rule = "A handle on Codeforces has 3 to 24 letters, digits, dots, hyphens and underscores."
    example_handle = "Foo.Bar"
    examples = (
        Example(
            "user.info",
            "/user.info",
            {
                "status": "OK",
                "result": [
                    {
                        "handle": "Foo.Bar",
                        "rating": 1742,
                        "maxRating": 1810,
                        "rank": "expert",
                        "maxRank": "expert",
                        "contribution": 0,
                        "friendOfCount": 12,
                        "lastOnlineTimeSeconds": 1764000000,
                        "registrationTimeSeconds": 1600000000,
                        "avatar": "https://userpic.example.org/no-avatar.jpg",
                        "titlePhoto": "https://userpic.example.org/no-title.jpg",
                    }
                ],
            },
            (400, {"status": "FAILED", "comment": "handles: User with handle Foo.Bar not found"}),
        ),
    )
    example_outcome = Verified(rating=1742, peak=1810)

    def fetch(self, handles: Sequence[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
        """As many at once as fit in an address; what is not there is taken out by name, or found by halving."""
        for some in _lists(handles):
            yield from _fetch_list(some, ask)


def _fetch_list(handles: list[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
    while handles:
        body = ask.get("user.info", _path(handles, ask)).json(400)
        if part(NAME, body, "status") == "OK":
            yield from _read(handles, listed(NAME, body, "result"), ask)
            return
        comment = str(part(NAME, body, "comment"))
        refused = NOT_FOUND.fullmatch(comment)
        if not refused:
            raise _refusal(comment)
        missing = _named(refused[1], handles)
        if not missing:
            middle = len(handles) // 2
            yield from _fetch_list(handles[:middle], ask)
            yield from _fetch_list(handles[middle:], ask)
            return
        for handle in missing:
            yield handle, Missing(f"Codeforces knows no “{handle}”.")
        handles = [handle for handle in handles if handle not in missing]


def _named(name: str, handles: list[str]) -> list[str]:
    """Which of the handles are said not to be there; the only one, whatever it is called in there."""
    if len(handles) == 1:
        return handles
    return [handle for handle in handles if handle.casefold() == name.casefold()]


def _read(handles: list[str], rows: list[Any], ask: Ask) -> Iterator[tuple[str, Outcome]]:
    """Each by its own handle; whoever was renamed answers to the old one by the new, and is asked for alone."""
    by_handle = {str(row.get("handle")).casefold(): row for row in rows if isinstance(row, dict)}
    if len(handles) == len(rows) == 1:
        by_handle = {handles[0].casefold(): rows[0]}
    others = [handle for handle in handles if handle.casefold() not in by_handle]
    are_renamed = len(handles) == len(rows) and len(others) < len(handles)  # else the answer's shape has changed
    told = handles if not are_renamed else [handle for handle in handles if handle not in others]
    yield from each(told, lambda handle: _outcome(by_handle.get(handle.casefold())))
    for handle in others if are_renamed else ():
        yield from _fetch_list([handle], ask)


def _outcome(row: Any) -> Outcome:
    if not isinstance(row, dict):
        raise Odd("Codeforces’ answer has changed: it left this handle out.")
    told = {name: number(NAME, row[name], name) for name in ("rating", "maxRating") if name in row}
    return Verified(rating=told.get("rating"), peak=told.get("maxRating"))  # who is unrated has none of them


def _refusal(comment: str) -> Trouble:
    if "limit exceeded" in comment.casefold():
        return Trouble("Codeforces was asked too often.")
    if comment.casefold().startswith("apikey"):
        return Trouble("Codeforces does not accept the API key: give it a new one, or none.")
    return Trouble("Codeforces refused without a reason that could be read.")


def _lists(handles: Sequence[str]) -> Iterator[list[str]]:
    some: list[str] = []
    length = 0
    for handle in handles:
        if some and length + len(handle) + 1 > LONGEST_LIST:
            yield some
            some, length = [], 0
        some.append(handle)
        length += len(handle) + 1
    if some:
        yield some


def _path(handles: list[str], ask: Ask) -> str:
    """The call, signed where there is a key: Codeforces wants its parameters sorted, and handles as they are."""
    query = "handles=" + ";".join(handles)
    key, secret = ask.setting("KEY"), ask.setting("SECRET")
    if not (key and secret):
        return f"/user.info?{query}"
    query = f"apiKey={key}&{query}&time={int(time.time())}"
    salt = secrets.token_hex(3)
    signature = hashlib.sha512(f"{salt}/user.info?{query}#{secret}".encode()).hexdigest()
    return f"/user.info?{query}&apiSig={salt}{signature}"


PLATFORM = Codeforces()
