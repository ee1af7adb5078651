"""GeeksforGeeks: the practice score of each, and the weekly contests' board, read once a day for all."""

import re
from collections.abc import Iterator, Sequence

from app.tracker.platforms.base import (
    Answer,
    Ask,
    Example,
    Missing,
    Outcome,
    Pace,
    Platform,
    Trouble,
    Verified,
    number,
    part,
    whole,
)

NAME = "GeeksforGeeks"
NOT_FOUND = "user not found!"
WEEKLY_SHARE, PRACTICE_SHARE = 0.75, 0.25
MOST_PAGES = 1000
DAY_SECONDS = 24 * 3600


class GeeksforGeeks(Platform):
    key = "geeksforgeeks"
    name = NAME
    short_names = (
        "GFG",
        "GFG practice",
        "Geeks for Geeks",
        "GeekForGeeks",
    )
    home = "https://www.geeksforgeeks.org"
    profile = "https://www.geeksforgeeks.org/user/{handle}/"
    sites = (
        ("", "https://authapi.geeksforgeeks.org/api-get/user-profile-info"),
        (
            "WEEKLY",
            "https://practiceapi.geeksforgeeks.org/api/latest/events/recurring/gfg-weekly-coding-contest/leaderboard",
        ),
    )
    pace = Pace(2, 1)
    tells = ("rating", "solved")
    rating_means = "Three quarters of the weekly contests’ scores and one quarter of the practice score."
    hosts = ("geeksforgeeks.org", "auth.geeksforgeeks.org", "practice.geeksforgeeks.org")
    profile_paths = ("/user/", "/profile/")
    handle_form = re.compile(r"[A-Za-z0-9_.-]{1,60}")
    handle_rule = "A handle on GeeksforGeeks has up to 60 letters, digits, dots, hyphens and underscores."
    example_handle = "foobar9x2k"
    examples = (
        Example(
            "profile",
            "/?handle=*",
            {
                "message": "data retrieved successfully",
                "data": {"name": "Foo Bar", "score": 480, "total_problems_solved": 160, "pod_solved_longest_streak": 3},
            },
            (400, {"message": "User not found!", "data": None}),
        ),
        Example(
            "weekly",
            "/?leaderboard_type=0&page=*",
            {
                "results": [
                    {"user_handle": "Foobar9x2k", "user_score": 64.0, "rank": 1},
                    {"user_handle": "somebody", "user_score": 0, "rank": 2},
                ]
            },
            site="WEEKLY",
        ),
    )
    example_outcome = Verified(rating=0.75 * 64 + 0.25 * 480, solved=160)

    def fetch(self, handles: Sequence[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
        """A profile for each, beside the weekly board."""
        for handle in handles:
            yield handle, _outcome(handle, ask)


def _outcome(handle: str, ask: Ask) -> Outcome:
    answer = ask.get("profile", f"/?handle={handle}")
    body = answer.json()
    if answer.status in (400, 404) and isinstance(body, dict) and str(body.get("message")).casefold() == NOT_FOUND:
        return Missing(f"GeeksforGeeks knows no “{handle}”.")
    data = part(NAME, body, "data")
    practice = number(NAME, part(NAME, data, "score"), "score")
    weekly = ask.once("weekly", lambda: _weekly(ask)).get(handle.casefold())
    rating = None
    if practice is not None or weekly is not None:
        rating = WEEKLY_SHARE * (weekly or 0.0) + PRACTICE_SHARE * (practice or 0.0)
    return Verified(rating=rating, solved=whole(NAME, data.get("total_problems_solved"), "total_problems_solved"))


def _weekly(ask: Ask) -> dict[str, float]:
    """The sums of weekly scores by folded handle: pages are in the order of scores, and end where nobody has any."""
    sums: dict[str, float] = {}
    counted: set[tuple[str, float]] = set()
    for page in range(1, MOST_PAGES + 1):
        path = f"/?leaderboard_type=0&page={page}"
        scores = _scores(ask.get("weekly", path, site="WEEKLY", kept_seconds=DAY_SECONDS))
        for handle, score in scores:
            # Who moves to the next page while it is read, with the same score, must not count twice.
            if (handle, score) not in counted:
                sums[handle] = sums.get(handle, 0.0) + score
        counted.update(scores)
        if not scores or any(score == 0 for _, score in scores):
            return sums
    raise Trouble("GeeksforGeeks’ weekly leaderboard does not end.")


def _scores(answer: Answer) -> list[tuple[str, float]]:
    rows = part(NAME, answer.json(), "results")
    if not isinstance(rows, list):
        raise Trouble("GeeksforGeeks’ answer has changed: its results are no list.")
    return [
        (
            str(part(NAME, row, "user_handle")).casefold(),
            number(NAME, part(NAME, row, "user_score"), "user_score") or 0.0,
        )
        for row in rows
    ]


PLATFORM = GeeksforGeeks()
