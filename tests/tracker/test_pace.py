"""A platform's pace and its rests, as every worker finds them in Redis."""

import time
from datetime import timedelta

import pytest

from app.core import clock
from app.extensions import redis_client
from app.tracker import pace
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Pace, Trouble

SLOW = Pace(3, 600)


def may_call(key: str = "leetcode", allowed: Pace = SLOW) -> bool:
    """Whether a worker that has no time to wait may call now."""
    try:
        pace.wait(key, allowed, time.monotonic() + 0.5)
    except pace.NotNow:
        return False
    return True


def test_all_workers_together_call_as_often_as_the_pace_allows_and_no_more(app):
    assert [may_call() for _ in range(5)] == [True, True, True, False, False]


def test_what_was_not_allowed_does_not_count_as_a_call(app):
    for _ in range(9):
        may_call()
    assert redis_client().llen("mlbattle:platform:leetcode:calls") == 3


def test_one_platform_does_not_wait_for_another(app):
    assert [may_call(key) for key in ("leetcode",) * 4 + ("codechef",)] == [True, True, True, False, True]


def test_who_has_time_waits_until_it_may(app):
    quick = Pace(1, 0.2)
    assert [may_call(allowed=quick) for _ in range(3)] == [True, True, True]


def test_who_may_not_learns_how_long_it_takes(app):
    for _ in range(3):
        may_call()
    with pytest.raises(pace.NotNow) as refused:
        pace.wait("leetcode", SLOW, time.monotonic() + 0.5)
    assert 500 < refused.value.seconds <= 603


def test_a_stretch_of_work_that_is_over_asks_for_nothing_more(app):
    with pytest.raises(pace.NotNow):
        pace.wait("leetcode", SLOW, time.monotonic() - 1)
    assert redis_client().llen("mlbattle:platform:leetcode:calls") == 0


def rest(seconds: float | None = None) -> float:
    """How long the platform is left alone after one more trouble."""
    pace.rest(platforms()["leetcode"], Trouble("It is down.", seconds))
    return (pace.resting("leetcode").until - clock.now()).total_seconds()


def test_each_trouble_in_a_row_makes_the_rest_longer_up_to_half_an_hour(app):
    waits = [rest() for _ in range(8)]
    assert [round(seconds) for seconds in waits] == [5, 15, 60, 300, 900, 1800, 1800, 1800]


def test_what_the_platform_asks_for_is_kept_and_never_cut_short(app):
    assert round(rest(700)) == 700
    assert round(rest()) == 700
    assert may_call() is False
    assert pace.resting("leetcode").why == "It is down."


def test_no_platform_makes_us_wait_for_more_than_a_day(app):
    assert rest(1e12) < timedelta(days=1, seconds=1).total_seconds()


def test_a_call_that_goes_well_ends_the_row_but_not_the_rest_that_others_were_told_of(app):
    rest(600)
    pace.forgive(platforms()["leetcode"])
    assert pace.resting("leetcode") is not None
    redis_client().hset("mlbattle:platform:leetcode:rest", "until_ms", "1")
    pace.forgive(platforms()["leetcode"])
    assert (pace.resting("leetcode"), round(rest())) == (None, 5)
