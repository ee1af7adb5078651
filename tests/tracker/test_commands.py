"""`flask tracker ...`, and what platforms need to be told."""

import json
import re

import pytest
from sqlalchemy import select

from app.core.jobs import Job
from app.extensions import db
from app.tracker.cli import differences
from app.tracker.platforms import platforms
from tests.platform_server import Answer


@pytest.fixture
def tracker(app):
    """tracker("check", "codeforces", ...): the exit code and what was printed."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=("tracker", *arguments))
        return result.exit_code, result.output

    return run


@pytest.mark.parametrize("key", platforms())
def test_a_platform_that_answers_like_its_example_is_as_expected(site, tracker, key):
    platform = platforms()[key]
    code, text = tracker("check", key, "--handle", platform.example_handle, "--contest", "example-cup")
    calls = {example.call for example in platform.examples}
    assert (code, text.count("as expected"), "verified, " in text) == (0, len(calls), True)


def test_what_has_changed_is_printed_even_where_it_cannot_be_read(site, tracker):
    changed = json.dumps(platforms()["leetcode"].examples[0].body).replace("userContestRanking", "contestRanking")
    site.faults["leetcode"] = lambda _: Answer(200, changed)
    code, text = tracker("check", "leetcode", "--handle", "foo")
    assert code == 1
    assert "answer.data.userContestRanking: not there any more" in text
    assert "answer.data.contestRanking: new, an object" in text


def test_a_check_that_is_turned_away_says_so(site, tracker):
    site.faults["hackerrank"] = "403 from a shield"
    code, text = tracker("check", "hackerrank", "--handle", "foo")
    assert (code, "turned us away" in text) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere", "--handle", "foo"), "There is no platform “nowhere”"),
        (("codeforces", "--handle", "a b"), "3 to 24 letters"),
        (("hackerrank", "--handle", "NA"), "“NA” stands for no handle."),
        (("hackerrank", "--handle", "foo", "--contest", "a b"), "neither a HackerRank contest nor"),
        (("codechef", "--handle", "foo"), "CODECHEF_CLIENT_ID and CODECHEF_CLIENT_SECRET"),
    ],
)
def test_what_cannot_be_checked_is_said_in_a_sentence(tracker, arguments, sentence):
    code, text = tracker("check", *arguments)
    assert (code, sentence in text, "could not be" in text) == (1, True, False)


def test_a_contest_may_be_given_by_its_address(site, tracker):
    address = "https://www.hackerrank.com/contests/weekly/"
    code, text = tracker("check", "hackerrank", "--handle", "foo_bar1", "--contest", address)
    assert (code, "foo_bar1: verified, rating 150.5, contests 1" in text) == (0, True)
    assert [call for call in site.calls if "/rest/contests/weekly/leaderboard" in call.path]


def test_every_setting_of_every_platforms_file_is_listed(tracker, app):
    code, text = tracker("platforms")
    listed = re.findall(r"^([A-Z_]+)=", text, re.M)
    declared = [[*one.sites, *one.needs] for one in platforms().values()]
    assert (code, len(listed)) == (0, sum(map(len, declared)))
    assert set(listed) <= set(app.config)


DIFFERENCES = [
    ({"a": 1}, {"a": 2.5}, []),
    ({"a": 1}, {"a": "1"}, ["answer.a: text instead of a number"]),
    ({"a": {"b": None}}, {"a": {"b": []}}, ["answer.a.b: a list instead of null"]),
    ([{"a": 1}], [{"b": 1}], ["answer[0].a: not there any more", "answer[0].b: new, a number"]),
    ([{"a": 1}], [], []),
    ("page", {"a": 1}, ["answer: an object instead of text"]),
]


@pytest.mark.parametrize(("example", "found", "lines"), DIFFERENCES)
def test_shapes_are_compared_and_not_values(example, found, lines):
    assert differences(example, found) == lines


def test_a_command_has_everything_checked(site, tracker, add_handle, run_jobs):
    add_handle("codeforces")
    run_jobs()
    code, text = tracker("fetch", "codeforces")
    assert (code, text) == (0, "Codeforces: 1 handle is due now.\n")
    assert db.session.scalars(select(Job.state).where(Job.kind == "fetch_handles")).all() == ["queued"]


@pytest.mark.parametrize("key", platforms())
def test_every_declaration_is_whole(key):
    platform = platforms()[key]
    assert platform.key == key and key.isalnum() and key == key.casefold()
    assert platform.home.startswith("https://") and "{handle}" in platform.profile
    assert [need for need in platform.needs if not (need.label and need.where.endswith("."))] == []
    assert platform.pace.calls > 0 and platform.pace.seconds > 0 and platform.batch_size > 0
    assert platform.handle_rule.endswith(".") and platform.rating_means.endswith(".")
    assert set(platform.tells) <= {"rating", "peak", "solved", "contests"}
