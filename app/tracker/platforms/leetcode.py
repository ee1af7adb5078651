"""LeetCode: its GraphQL, with the handle as a variable."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

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
    number,
    part,
    whole,
)

NAME = "LeetCode"
QUERY = """
query ratings($username: String!) {
  userContestRanking(username: $username) {
    attendedContestsCount rating globalRanking totalParticipants topPercentage
  }
  matchedUser(username: $username) {
    username submitStatsGlobal { acSubmissionNum { difficulty count } }
  }
}
"""
NOT_FOUND = ("user matching query does not exist", "could not find user")


class LeetCode(Platform):
    key = "leetcode"
    name = NAME
    short_names = ("LC",)
    home = "https://leetcode.com"
    profile = "https://leetcode.com/u/{handle}/"
    sites = (("", "https://leetcode.com"),)
    pace = Pace(1, 1)
    tells = ("rating", "solved", "contests")
    rating_means = "The contest rating on LeetCode."
    hosts = ("leetcode.com",)
    profile_paths = ("/u/", "/")
    other_pages = (
        "profile problemset problems problem-list contest contests discuss explore study-plan studyplan company tag"
        " submissions progress store subscribe interview assessment accounts settings session list jobs support"
    )
    handle_form = re.compile(r"[A-Za-z0-9_.-]{1,40}")
    handle_rule = "A handle on LeetCode has up to 40 letters, digits, dots, hyphens and underscores."
    example_handle = "foo-bar_1"
    examples = (
        Example(
            "ratings",
            "/graphql",
            {
                "data": {
                    "userContestRanking": {
                        "attendedContestsCount": 14,
                        "rating": 1687.42,
                        "globalRanking": 61234,
                        "totalParticipants": 650000,
                        "topPercentage": 9.4,
                    },
                    "matchedUser": {
                        "username": "foo-bar_1",
                        "submitStatsGlobal": {
                            "acSubmissionNum": [
                                {"difficulty": "All", "count": 321},
                                {"difficulty": "Easy", "count": 150},
                            ]
                        },
                    },
                }
            },
            (
                200,
                {
                    "errors": [{"message": "User matching query does not exist."}],
                    "data": {"userContestRanking": None, "matchedUser": None},
                },
            ),
        ),
    )
    example_outcome = Verified(rating=1687.42, solved=321, contests=14)

    def fetch(self, handles: Sequence[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
        """One call for each."""
        return each(handles, lambda handle: _outcome(handle, self._ask_for(handle, ask)))

    def _ask_for(self, handle: str, ask: Ask) -> Answer:
        content = {"query": QUERY, "variables": {"username": handle}, "operationName": "ratings"}
        return ask.post("ratings", "/graphql", content, headers={"Referer": f"{self.home}/"})


def _outcome(handle: str, answer: Answer) -> Outcome:
    body = answer.json(400)
    errors = body.get("errors") if isinstance(body, dict) else None
    if errors:
        message = str(errors[0].get("message") if isinstance(errors, list) and isinstance(errors[0], dict) else "")
        if message.casefold().removesuffix(".") in NOT_FOUND:
            return Missing(f"LeetCode knows no “{handle}”.")
        raise Odd("LeetCode could not answer what it was asked of this handle.")
    data = part(NAME, answer.json(), "data")
    ranking = part(NAME, data, "userContestRanking")
    if ranking is None and data.get("matchedUser") is None:
        raise Odd("LeetCode said neither that this handle is there nor that it is not.")
    solved = _solved(data.get("matchedUser"))
    if ranking is None:
        return Verified(solved=solved, contests=0)
    return Verified(
        rating=number(NAME, part(NAME, ranking, "rating"), "rating"),
        solved=solved,
        contests=whole(NAME, part(NAME, ranking, "attendedContestsCount"), "attendedContestsCount"),
    )


def _solved(user: Any) -> int | None:
    """How many problems of any difficulty; None where it is not told: the rating is what counts here."""
    counts = ((user or {}).get("submitStatsGlobal") or {}).get("acSubmissionNum") or []
    every = [count.get("count") for count in counts if count.get("difficulty") == "All"]
    return whole(NAME, every[0], "count") if every else None


PLATFORM = LeetCode()
