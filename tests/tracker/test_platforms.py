"""What each platform's answers mean, by the examples it declares, over real HTTP."""

import hashlib
import logging
import re
import time
from collections import Counter

import pytest

from app.core.secrets import decrypt
from app.extensions import redis_client
from app.tracker.asking import Asking
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Missing, Trouble, Unknown, Verified
from tests.platform_server import Answer, codeforces_row

CONTESTS = ("example-cup",)


def asking(key: str, contests=CONTESTS) -> Asking:
    return Asking(platforms()[key], time.monotonic() + 60, contests)


def fetched(key: str, *handles: str, ask: Asking | None = None) -> dict:
    names = handles or (platforms()[key].example_handle,)
    return dict(platforms()[key].fetch(names, ask or asking(key)))


@pytest.mark.parametrize("key", platforms())
def test_its_example_is_read_as_it_says(site, key):
    platform = platforms()[key]
    assert fetched(key) == {platform.example_handle: platform.example_outcome}
    told = {name for name, value in vars(platform.example_outcome).items() if value is not None}
    assert told == set(platform.tells)


@pytest.mark.parametrize("key", platforms())
def test_only_its_own_word_makes_a_handle_missing(site, key):
    handle = platforms()[key].example_handle
    site.absent.add(handle.casefold())
    assert [type(outcome) for outcome in fetched(key).values()] == [Missing]


NO_RATING = [
    ("codeforces", Answer(200, {"status": "OK", "result": [{"handle": "Foo.Bar"}]}), Verified()),
    (
        "leetcode",
        Answer(200, {"data": {"userContestRanking": None, "matchedUser": {"username": "foo-bar_1"}}}),
        Verified(contests=0),
    ),
]


@pytest.mark.parametrize(("key", "answer", "outcome"), NO_RATING)
def test_who_has_no_rating_yet_is_there(site, key, answer, outcome):
    site.faults[key] = lambda call: None if "token" in call.path else answer
    assert list(fetched(key).values()) == [outcome]


NOT_TO_BE_READ = [
    ("codeforces", Answer(400, {"status": "FAILED", "comment": "Call limit exceeded"}), "too often"),
    ("codeforces", Answer(400, {"status": "FAILED", "comment": "apiKey: Incorrect API key"}), "API key"),
    ("codeforces", Answer(200, {"status": "OK", "result": {}}), "no list"),
    ("codeforces", Answer(400, {"status": "FAILED", "comment": "contestId: Contest not found"}), "without a reason"),
    ("codeforces", Answer(404, {"status": "FAILED", "comment": "page not found"}), "status 404"),
]


@pytest.mark.parametrize(("key", "answer", "sentence"), NOT_TO_BE_READ)
def test_what_cannot_be_read_of_many_is_trouble_and_says_which(site, key, answer, sentence):
    site.faults[key] = lambda _: answer
    with pytest.raises(Trouble, match=sentence):
        fetched(key)


def rated(rating) -> dict:
    return {"data": {"userContestRanking": {"attendedContestsCount": 14, "rating": rating}}}


ABOUT_ONE = [
    ("codechef", Answer(200, {"result": {"data": {"message": "Try later."}}}), "content"),
    ("codechef", Answer(404, platforms()["codechef"].examples[1].body), "status 404"),
    ("codechef", Answer(200, {"result": {"data": {"content": {"ratings": {"allContest": None}}}}}), "not a number"),
    ("codechef", Answer(200, {"result": {"data": {"content": {"ratings": {"allContest": "high"}}}}}), "not a number"),
    ("leetcode", Answer(200, {"errors": [{"message": "Internal error"}]}), "could not answer"),
    (
        "leetcode",
        Answer(400, {"errors": [{"message": "Field 'rating' does not exist on type Query"}]}),
        "could not answer",
    ),
    ("leetcode", Answer(200, {"errors": [{"message": "That user does not exist."}], "data": None}), "could not answer"),
    ("leetcode", Answer(200, rated(True)), "not a number"),
    ("leetcode", Answer(200, rated(None)), "not a number"),
    ("leetcode", Answer(401, rated(1500)), "status 401"),
    ("hackerrank", Answer(200, "<html>Prove that you are no robot"), "something else than a profile"),
    ("geeksforgeeks", Answer(200, {"data": {"score": float("inf")}}), "not a number"),
    ("geeksforgeeks", Answer(404, {"message": "API route not found", "data": None}), "status 404"),
    ("geeksforgeeks", Answer(401, {"data": {"score": 0}}), "status 401"),
    ("geeksforgeeks", Answer(200, {"data": {"score": None}}), "not a number"),
    ("geeksforgeeks", Answer(200, {"message": "user not found!", "data": None}), "no “score”"),
    ("atcoder", Answer(401, []), "status 401"),
]


@pytest.mark.parametrize(("key", "answer", "sentence"), ABOUT_ONE)
def test_what_cannot_be_read_of_one_leaves_that_one_unchecked_and_the_next_is_asked(site, key, answer, sentence):
    answers = iter((answer,))
    site.faults[key] = lambda call: None if "token" in call.path else next(answers, None)
    (first, odd), (_, other) = fetched(key, "first", "second").items()
    assert (first, odd.is_odd, type(other)) == ("first", True, Verified)
    assert re.search(sentence, odd.why)


NULL = {"handle": "Foo.Bar", "rating": None, "maxRating": None}
RATED = {"IsRated": True, "NewRating": 640}
UNCHECKED = [
    ("codeforces", "", Answer(200, {"status": "OK", "result": [NULL]})),
    ("codeforces", "", Answer(200, {"status": "OK", "result": [{**NULL, "rating": 1500}]})),
    ("atcoder", "", Answer(200, [RATED, {"IsRated": True, "NewRating": None}])),
    ("atcoder", "", Answer(404, "<h1>nginx</h1>")),
    ("atcoder", "history/json", Answer(404, "<!doctype html><title>404 Not Found - AtCoder</title>")),
    ("hackerrank", "/contests/", Answer(401, {"models": []})),
    ("hackerrank", "/contests/", Answer(200, {"models": [{"hacker": "foo_bar1", "score": None}]})),
    ("hackerrank", "/contests/", Answer(200, {"models": [], "total": 2})),
    ("geeksforgeeks", "leaderboard_type", Answer(401, {"results": []})),
    ("geeksforgeeks", "leaderboard_type", Answer(200, {"results": []})),
    ("geeksforgeeks", "leaderboard_type", Answer(200, {"results": [{"user_handle": "a", "user_score": None}]})),
]


@pytest.mark.parametrize(("key", "where", "answer"), UNCHECKED)
def test_what_is_odd_about_one_neither_makes_them_missing_nor_gives_them_a_rating(site, key, where, answer):
    site.faults[key] = lambda call: answer if where in call.path else None
    assert [type(outcome) for outcome in fetched(key).values()] == [Unknown]
    site.faults.clear()
    assert list(fetched(key).values()) == [platforms()[key].example_outcome]  # nothing of it was kept


def test_a_name_out_of_hand_never_gets_into_a_query(site):
    fetched("leetcode", 'x"){evil}')
    body = site.calls[-1].body
    assert ("evil" in body["query"], body["variables"]) == (False, {"username": 'x"){evil}'})


# Codeforces: many in a call.

NAMES_ANOTHER = "handles: User with handle as-it-is-now not found"


def many(number: int) -> list[str]:
    return [f"coder-{index:04}" for index in range(number)]


def test_a_thousand_with_one_bad_take_at_most_six_calls(site):
    site.absent.add("coder-0500")
    outcomes = fetched("codeforces", *many(1000))
    assert Counter(type(outcome) for outcome in outcomes.values()) == {Verified: 999, Missing: 1}
    assert len(site.calls) <= 6


def test_one_bad_of_two_hundred_is_taken_out_by_name(site):
    site.absent.add("coder-0123")
    outcomes = fetched("codeforces", *many(200))
    assert (len(site.calls), type(outcomes["coder-0123"]), len(outcomes)) == (2, Missing, 200)


def test_a_bad_one_that_is_not_named_is_found_by_halving(site):
    def nameless(call):
        answer = site.answer(call)
        return answer if answer.status == 200 else Answer(400, {"status": "FAILED", "comment": NAMES_ANOTHER})

    site.absent.add("coder-0123")
    site.faults["codeforces"] = nameless
    outcomes = fetched("codeforces", *many(200))
    assert [handle for handle, outcome in outcomes.items() if isinstance(outcome, Missing)] == ["coder-0123"]
    assert (len(outcomes), len(site.calls) <= 17) == (200, True)


def test_what_is_known_of_some_stands_when_trouble_comes_for_the_rest(site):
    site.absent.add("coder-0001")
    answers = iter((None, Answer(500, "")))
    site.faults["codeforces"] = lambda _: next(answers)
    asked = platforms()["codeforces"].fetch(many(3), asking("codeforces"))
    assert next(asked) == ("coder-0001", Missing("Codeforces knows no “coder-0001”."))
    with pytest.raises(Trouble):
        next(asked)


def test_an_odd_row_is_unknown_for_its_own_handle_alone(site):
    rows = [{"handle": "aaa", "rating": {}}, {"handle": "bbb", "rating": 1500}]
    site.faults["codeforces"] = lambda _: Answer(200, {"status": "OK", "result": rows})
    outcomes = fetched("codeforces", "aaa", "bbb")
    assert (type(outcomes["aaa"]), outcomes["bbb"]) == (Unknown, Verified(rating=1500))


def test_who_was_renamed_is_found_by_the_old_handle(site):
    rows = [{**codeforces_row(), "handle": "new-name"}]
    site.faults["codeforces"] = lambda _: Answer(200, {"status": "OK", "result": rows})
    assert fetched("codeforces", "old-name") == {"old-name": Verified(rating=1742, peak=1810)}


def test_who_was_renamed_never_gets_the_rating_of_another_row(site):
    ratings = {"aaa": 1100, "new-name": 1200, "ccc": 1300}

    def shuffled(call):
        asked = call.path.split("handles=")[1].split(";")
        names = ["new-name" if name == "old-name" else name for name in reversed(asked)]
        return Answer(200, {"status": "OK", "result": [{"handle": name, "rating": ratings[name]} for name in names]})

    site.faults["codeforces"] = shuffled
    outcomes = fetched("codeforces", "old-name", "aaa", "ccc")
    assert {name: outcome.rating for name, outcome in outcomes.items()} == {"aaa": 1100, "ccc": 1300, "old-name": 1200}
    assert len(site.calls) == 2


def test_rows_of_strangers_alone_are_nobodys(site):
    rows = [{"handle": "xxx", "rating": 1500}, {"handle": "yyy", "rating": 1500}]
    site.faults["codeforces"] = lambda _: Answer(200, {"status": "OK", "result": rows})
    assert [type(outcome) for outcome in fetched("codeforces", "aaa", "bbb").values()] == [Unknown, Unknown]
    assert len(site.calls) == 1


def test_no_address_is_longer_than_servers_take(site):
    outcomes = fetched("codeforces", *(f"{'x' * 20}{index:04}" for index in range(400)))
    assert len(outcomes) == 400
    assert max(len(call.path) for call in site.calls) < 7000


def test_with_a_key_calls_are_signed_as_codeforces_checks_it(site, app, monkeypatch):
    monkeypatch.setitem(app.config, "CODEFORCES_KEY", "abc")
    monkeypatch.setitem(app.config, "CODEFORCES_SECRET", "xyz")
    fetched("codeforces", "Foo.Bar", "bbb")
    path, signature = site.calls[0].path.split("&apiSig=")
    assert path.startswith("/user.info?apiKey=abc&handles=Foo.Bar;bbb&time=")
    assert signature[6:] == hashlib.sha512(f"{signature[:6]}{path}#xyz".encode()).hexdigest()


# CodeChef: by a token.


def test_one_token_serves_many_and_is_kept_encrypted(site):
    fetched("codechef", "aaa", "bbb")
    fetched("codechef", "ccc")
    assert [call.path.split("?")[0] for call in site.calls] == [
        "/oauth/token",
        "/users/aaa",
        "/users/bbb",
        "/users/ccc",
    ]
    assert site.calls[-1].headers["Authorization"] == "Bearer an-example-token"
    kept = redis_client().get(next(redis_client().scan_iter("mlbattle:platform:codechef:secret:token:*")))
    assert (b"an-example-token" in kept, decrypt(kept.decode())) == (False, "an-example-token")


def test_a_token_that_ended_early_is_made_anew_once(site):
    fetched("codechef", "aaa")
    answers = iter((Answer(401, {"status": "error"}), None, None))
    site.faults["codechef"] = lambda _: next(answers)
    assert fetched("codechef", "bbb") == {"bbb": Verified(rating=1876)}
    site.faults["codechef"] = lambda call: None if "token" in call.path else Answer(401, {})
    with pytest.raises(Trouble, match="client id"):
        fetched("codechef", "ccc")


def test_other_credentials_get_a_token_of_their_own(site, app, monkeypatch):
    fetched("codechef", "aaa")
    monkeypatch.setitem(app.config, "CODECHEF_CLIENT_SECRET", "another")
    fetched("codechef", "bbb")
    assert [call.body["client_secret"] for call in site.calls if call.body] == ["example-client_secret", "another"]


def test_no_token_and_no_secret_gets_into_the_log(site, app, caplog, monkeypatch):
    monkeypatch.setitem(app.config, "CODECHEF_CLIENT_SECRET", "a-very-secret-word")
    caplog.set_level(logging.DEBUG)
    fetched("codechef", "aaa")
    site.faults["codechef"] = lambda _: Answer(401, {})
    with pytest.raises(Trouble) as trouble:
        fetched("codechef", "bbb")
    written = caplog.text + str(trouble.value)
    assert ("an-example-token" in written, "a-very-secret-word" in written) == (False, False)


# HackerRank and GeeksforGeeks: boards that are shared.


def test_a_second_pass_over_hackerranks_boards_adds_nothing(site):
    ask = asking("hackerrank", ("example-cup", "second-cup"))
    first, second = fetched("hackerrank", ask=ask), fetched("hackerrank", ask=ask)
    later = fetched("hackerrank", ask=asking("hackerrank", ("example-cup", "second-cup")))
    assert first == second == later == {"foo_bar1": Verified(rating=301.0, contests=2)}
    assert len([call for call in site.calls if "contests" in call.path]) == 4  # two pages each, once


def test_without_contests_hackerrank_says_only_that_somebody_is_there(site):
    assert fetched("hackerrank", ask=asking("hackerrank", ())) == {"foo_bar1": Verified()}


def test_a_contest_that_is_not_there_is_told_to_organisers(site):
    site.faults["hackerrank"] = lambda call: Answer(404, {"error": "gone"}) if "contests" in call.path else None
    assert "example-cup" in fetched("hackerrank")["foo_bar1"].why


def test_the_weekly_board_is_read_once_a_day_and_ends_at_the_first_zero(site):
    pages = {
        "1": [{"user_handle": "aaa", "user_score": 8}, {"user_handle": "bbb", "user_score": 4}],
        "2": [{"user_handle": "AAA", "user_score": 2}, {"user_handle": "ccc", "user_score": 0}],
    }

    def weekly(call):
        return Answer(200, {"results": pages[call.path.rsplit("=", 1)[1]]}) if call.site else None

    site.faults["geeksforgeeks"] = weekly
    assert fetched("geeksforgeeks", "aaa")["aaa"].rating == 0.75 * 10 + 0.25 * 480
    assert fetched("geeksforgeeks", "bbb")["bbb"].rating == 0.75 * 4 + 0.25 * 480
    assert [call.path for call in site.calls if call.site] == [f"/?leaderboard_type=0&page={page}" for page in (1, 2)]


def test_who_slips_to_the_next_page_of_the_weekly_board_counts_once(site):
    pages = {
        "1": [{"user_handle": "aaa", "user_score": 8}, {"user_handle": "bbb", "user_score": 5}],
        "2": [{"user_handle": "bbb", "user_score": 5}, {"user_handle": "ccc", "user_score": 0}],
    }
    weekly = lambda call: Answer(200, {"results": pages[call.path.rsplit("=", 1)[1]]}) if call.site else None  # noqa: E731
    site.faults["geeksforgeeks"] = weekly
    assert fetched("geeksforgeeks", "bbb")["bbb"].rating == 0.75 * 5 + 0.25 * 480
