"""HackerRank: whether a profile is there, and its scores in the contests that a cohort counts."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import quote

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
)

NAME = "HackerRank"
NOT_FOUND = re.compile(r"""class="[^"]*\b(error-title|e404-view)\b|HTTP 404: Page Not Found""")
PER_PAGE = 100
MOST_PAGES = 500
BOARD_KEPT_SECONDS = 6 * 3600


class HackerRank(Platform):
    key = "hackerrank"
    name = NAME
    short_names = ("HR",)
    home = "https://www.hackerrank.com"
    profile = "https://www.hackerrank.com/profile/{handle}"
    sites = (("", "https://www.hackerrank.com"),)
    pace = Pace(1, 1)
    tells = ("rating", "contests")
    rating_means = "The sum of the scores in the HackerRank contests that the cohort counts."
    rating_age = "Leaderboards are read every six hours: scores may be older by that."
    counts_contests = True
    hosts = ("hackerrank.com",)
    profile_paths = ("/profile/", "/")
    other_pages = (
        "dashboard domains contests challenges leaderboard settings inbox jobs login signup auth products prepare"
        " certificates skills-verification skills-directory interview submissions bookmarks apply rest"
    )
    handle_form = re.compile(r"[A-Za-z0-9_]{1,40}")
    handle_rule = "A handle on HackerRank has up to 40 letters, digits and underscores."
    example_handle = "foo_bar1"
    examples = (
        Example(
            "profile",
            "/profile/*",
            '<!doctype html><html lang="en"><title>foo_bar1 - HackerRank</title><h1>@foo_bar1</h1></html>',
            (404, '<!doctype html><title>HackerRank</title><h1 class="error-title">Page not found</h1>'),
        ),
        Example(
            "board",
            "/rest/contests/*/leaderboard?offset=0&limit=100",
            {
                "models": [
                    {"hacker": "someone_else", "score": 300.0, "rank": 1},
                    {"hacker": "Foo_Bar1", "score": 150.5, "rank": 2},
                ],
                "total": 2,
            },
        ),
        Example("board", "/rest/contests/*/leaderboard?offset=*&limit=100", {"models": [], "total": 2}),
    )
    example_outcome = Verified(rating=150.5, contests=1)

    def fetch(self, handles: Sequence[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
        """A profile for each; boards are read once for all."""
        return each(handles, lambda handle: _outcome(handle, ask))


def _outcome(handle: str, ask: Ask) -> Outcome:
    page = ask.get("profile", f"/profile/{handle}")
    if NOT_FOUND.search(page.text):
        return Missing(f"HackerRank knows no “{handle}”.")
    if page.status >= 400 or handle.casefold() not in page.text.casefold():
        raise Odd("HackerRank sent something else than a profile.")
    if not ask.contests:
        return Verified()
    scores = []
    for contest in ask.contests:
        board = ask.once(f"board {contest}", lambda contest=contest: _board(contest, ask))  # type: ignore[misc]
        if isinstance(board, Unknown):
            return board
        scores += [board[handle.casefold()]] if handle.casefold() in board else []
    return Verified(rating=sum(scores), contests=len(scores))


def _board(contest: str, ask: Ask) -> dict[str, float] | Unknown:
    """The scores of a contest by folded handle; Unknown where it is not there, not shown to us, or odd."""
    scores: dict[str, float] = {}
    for page in range(MOST_PAGES):
        path = f"/rest/contests/{quote(contest, safe='')}/leaderboard?offset={page * PER_PAGE}&limit={PER_PAGE}"
        reads = partial(_scores, before=page * PER_PAGE)
        try:
            answer = ask.get("board", path, kept_seconds=BOARD_KEPT_SECONDS, reads=reads)
            if answer.status == 404:
                return Unknown(
                    f"HackerRank knows no contest “{contest}”: an organiser can correct the cohort’s contests."
                )
            if answer.status >= 400:
                return Unknown(f"HackerRank did not show the leaderboard of “{contest}”.")
            found = reads(answer)
        except Odd as odd:
            return Unknown(str(odd), is_odd=True)
        if not found:
            return scores
        scores |= found  # set, not added: who moves to the next page while it is read must not count twice
    raise Trouble(f"HackerRank’s leaderboard of “{contest}” does not end.")


def _scores(answer: Answer, before: int) -> dict[str, float]:
    """The scores on a page by folded handle; Odd where there are none, though the board has more than `before` it."""
    body = answer.json()
    rows = listed(NAME, body, "models")
    if not rows and number(NAME, body.get("total") or 0, "total") > before:
        raise Odd("HackerRank’s leaderboard broke off before its end.")
    return {str(part(NAME, row, "hacker")).casefold(): number(NAME, part(NAME, row, "score"), "score") for row in rows}


PLATFORM = HackerRank()
