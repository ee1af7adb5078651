"""GeeksforGeeks: the practice score of each, and the weekly contests' board, read once a day for all."""

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
    Trouble,
    Unknown,
    Verified,
    each,
    listed,
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
        "Geeks4Geeks",
        "G4G",
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
    rating_age = "The weekly contests’ leaderboard is read once a day: what it gives may be older by that."
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
        return each(handles, lambda handle: _outcome(handle, ask))


def _outcome(handle: str, ask: Ask) -> Outcome:
    answer = ask.get("profile", f"/?handle={handle}")
    body = answer.json(400, 404)
    if answer.status != 200 and isinstance(body, dict) and str(body.get("message")).casefold() == NOT_FOUND:
        return Missing(f"GeeksforGeeks knows no “{handle}”.")
    data = part(NAME, answer.json(), "data")
    practice = number(NAME, part(NAME, data, "score"), "score")
    weekly = ask.once("weekly", lambda: _weekly(ask))
    if isinstance(weekly, Unknown):
        return weekly
    rating = WEEKLY_SHARE * weekly.get(handle.casefold(), 0.0) + PRACTICE_SHARE * practice
    solved = data.get("total_problems_solved")
    return Verified(rating=rating, solved=None if solved is None else whole(NAME, solved, "total_problems_solved"))


def _weekly(ask: Ask) -> dict[str, float] | Unknown:
    """The sums of weekly scores by folded handle: pages are in the order of scores, and end where nobody has any."""
    sums: dict[str, float] = {}
    counted: set[tuple[str, float]] = set()
    try:
        for scores in _pages(ask):
            for handle, score in scores:
                # Who moves to the next page while it is read, with the same score, must not count twice.
                if (handle, score) not in counted:
                    sums[handle] = sums.get(handle, 0.0) + score
            counted.update(scores)
    except Odd as odd:
        return Unknown(str(odd), is_odd=True)
    return sums


def _pages(ask: Ask) -> Iterator[list[tuple[str, float]]]:
    for page in range(1, MOST_PAGES + 1):
        path = f"/?leaderboard_type=0&page={page}"
        scores = _scores(ask.get("weekly", path, site="WEEKLY", kept_seconds=DAY_SECONDS, reads=_scores))
        yield scores
        if any(score == 0 for _, score in scores):
            return
    raise Trouble("GeeksforGeeks’ weekly leaderboard does not end.")


def _scores(answer: Answer) -> list[tuple[str, float]]:
    """Handle and score of each row; Odd for a page without any: whoever stood on it would lose what they had."""
    rows = listed(NAME, answer.json(), "results")
    if not rows:
        raise Odd("GeeksforGeeks’ weekly leaderboard broke off before its end.")
    return [
        (
            str(part(NAME, row, "user_handle")).casefold(),
            number(NAME, part(NAME, row, "user_score"), "user_score"),
        )
        for row in rows
    ]


PLATFORM = GeeksforGeeks()
