"""AtCoder: the whole history of a member's contests in one answer."""

import re
from collections.abc import Iterator, Sequence

from app.tracker.platforms.base import (
    Answer,
    Ask,
    Example,
    Missing,
    Odd,
    Outcome,
    Pace,
    Platform,
    Verified,
    each,
    listed,
    number,
    part,
)

NAME = "AtCoder"
NOT_FOUND = (404, "<!doctype html><title>404 Not Found - AtCoder</title>")


class AtCoder(Platform):
    key = "atcoder"
    name = NAME
    short_names = ("AC",)
    home = "https://atcoder.jp"
    profile = "https://atcoder.jp/users/{handle}"
    sites = (("", "https://atcoder.jp"),)
    pace = Pace(1, 2)
    tells = ("rating", "peak", "contests")
    rating_means = "The rating on AtCoder after the last rated contest."
    hosts = ("atcoder.jp",)
    profile_paths = ("/users/",)
    handle_form = re.compile(r"[A-Za-z0-9_]{3,16}")
    handle_rule = "A handle on AtCoder has 3 to 16 letters, digits and underscores."
    example_handle = "foo_bar"
    examples = (
        Example(
            "history",
            "/users/*/history/json",
            [
                {
                    "IsRated": True,
                    "Place": 812,
                    "OldRating": 0,
                    "NewRating": 640,
                    "Performance": 1240,
                    "InnerPerformance": 1240,
                    "ContestScreenName": "example001.contest.example.org",
                    "ContestName": "Example Contest 1",
                    "ContestNameEn": "",
                    "EndTime": "2026-05-02T22:40:00+09:00",
                },
                {
                    "IsRated": True,
                    "Place": 1500,
                    "OldRating": 640,
                    "NewRating": 622,
                    "Performance": 600,
                    "InnerPerformance": 600,
                    "ContestScreenName": "example002.contest.example.org",
                    "ContestName": "Example Contest 2",
                    "ContestNameEn": "",
                    "EndTime": "2026-05-09T22:40:00+09:00",
                },
                {
                    "IsRated": False,
                    "Place": 90,
                    "OldRating": 622,
                    "NewRating": 622,
                    "Performance": 0,
                    "InnerPerformance": 0,
                    "ContestScreenName": "example003.contest.example.org",
                    "ContestName": "Example Contest 3",
                    "ContestNameEn": "",
                    "EndTime": "2026-05-16T22:40:00+09:00",
                },
            ],
            NOT_FOUND,
        ),
        Example("history", "/users/*", "<!doctype html><title>foo_bar - AtCoder</title>", NOT_FOUND),
    )
    example_outcome = Verified(rating=622, peak=640, contests=3)

    def fetch(self, handles: Sequence[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
        """One call for each, and one more for whoever seems not to be there."""
        return each(handles, lambda handle: _fetch_one(handle, ask))


def _fetch_one(handle: str, ask: Ask) -> Outcome:
    answer = ask.get("history", f"/users/{handle}/history/json")
    if answer.status == 404:
        return _without_history(handle, ask.get("history", f"/users/{handle}"))
    return _outcome(answer)


def _without_history(handle: str, page: Answer) -> Outcome:
    """A history that has moved is no reason to call anybody missing: the site's own page of them must say so too."""
    if page.status == 404 and NAME in page.text:
        return Missing(f"AtCoder knows no “{handle}”.")
    raise Odd(
        "AtCoder’s answer has changed: it has no list of contests for this handle, nor says that it is not there."
    )


def _outcome(answer: Answer) -> Outcome:
    contests = listed(NAME, answer.json())
    ratings = [
        number(NAME, part(NAME, one, "NewRating"), "NewRating")
        for one in contests
        if part(NAME, one, "IsRated") is True
    ]
    if not ratings:
        return Verified(contests=len(contests))
    return Verified(rating=ratings[-1], peak=max(ratings), contests=len(contests))


PLATFORM = AtCoder()
