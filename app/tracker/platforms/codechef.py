"""CodeChef: one member a call, by a token that lives for a while."""

import re
from collections.abc import Iterator, Sequence

from app.tracker.platforms.base import (
    Answer,
    Ask,
    Example,
    Missing,
    Need,
    Outcome,
    Pace,
    Platform,
    Trouble,
    Verified,
    each,
    number,
    part,
)

NAME = "CodeChef"
WHERE = "Register an application on CodeChef’s developer pages, where both are shown."
NOT_FOUND = ("user does not exist", "no user found for this search")


class CodeChef(Platform):
    key = "codechef"
    name = NAME
    short_names = ("CC",)
    home = "https://www.codechef.com"
    profile = "https://www.codechef.com/users/{handle}"
    sites = (("", "https://api.codechef.com"),)
    pace = Pace(30, 300)
    needs = (Need("CLIENT_ID", "client id", WHERE), Need("CLIENT_SECRET", "client secret", WHERE))
    tells = ("rating",)
    rating_means = "The rating over all contests on CodeChef."
    hosts = ("codechef.com",)
    profile_paths = ("/users/",)
    handle_form = re.compile(r"[A-Za-z0-9_]{3,30}")
    handle_rule = "A handle on CodeChef has 3 to 30 letters, digits and underscores."
    example_handle = "foo_bar"
    examples = (
        Example(
            "token",
            "/oauth/token",
            {
                "status": "OK",
                "result": {
                    "data": {
                        "access_token": "an-example-token",
                        "expires_in": 3600,
                        "token_type": "Bearer",
                        "scope": "public",
                    }
                },
            },
        ),
        Example(
            "user",
            "/users/*",
            {
                "status": "OK",
                "result": {
                    "data": {
                        "content": {"username": "foo_bar", "ratings": {"allContest": 1876, "long": 1700}},
                        "code": 9001,
                        "message": "user successfully searched.",
                    }
                },
            },
            (200, {"status": "OK", "result": {"data": {"code": 9003, "message": "user does not exists"}}}),
        ),
    )
    example_outcome = Verified(rating=1876)

    def fetch(self, handles: Sequence[str], ask: Ask) -> Iterator[tuple[str, Outcome]]:
        """One call for each, and one more where there is no token."""
        return each(handles, lambda handle: _fetch_one(handle, ask))


def _fetch_one(handle: str, ask: Ask) -> Outcome:
    answer = _ask_for(handle, ask)
    if answer.status == 401:  # it ended before its time
        ask.forget_secret("token")
        answer = _ask_for(handle, ask)
    if answer.status == 401:
        raise Trouble("CodeChef does not accept the token it gave: look at the client id and secret.")
    return _outcome(handle, answer)


def _ask_for(handle: str, ask: Ask) -> Answer:
    token = ask.secret("token", lambda: _new_token(ask))
    return ask.get("user", f"/users/{handle}?fields=ratings", headers={"Authorization": f"Bearer {token}"})


def _new_token(ask: Ask) -> tuple[str, float]:
    wanted = {
        "grant_type": "client_credentials",
        "scope": "public",
        "client_id": ask.setting("CLIENT_ID"),
        "client_secret": ask.setting("CLIENT_SECRET"),
    }
    answer = ask.post("token", "/oauth/token", wanted)
    if answer.status >= 400:
        raise Trouble("CodeChef does not accept the client id and secret: give it new ones.")
    data = part(NAME, answer.json(), "result", "data")
    return str(part(NAME, data, "access_token")), number(NAME, data.get("expires_in") or 3600, "expires_in")


def _outcome(handle: str, answer: Answer) -> Outcome:
    data = part(NAME, answer.json(404), "result", "data")
    message = str(data.get("message", "") if isinstance(data, dict) else "").casefold()
    if message.startswith(NOT_FOUND):
        return Missing(f"CodeChef knows no “{handle}”.")
    ratings = part(NAME, answer.json(), "result", "data", "content", "ratings")
    return Verified(rating=number(NAME, part(NAME, ratings, "allContest"), "allContest"))


PLATFORM = CodeChef()
