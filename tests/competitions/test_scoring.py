"""The laws of places and points."""

import math

from hypothesis import given
from hypothesis import strategies as st

from app.competitions.scoring import places, points

numbers = st.floats(-1e6, 1e6)


def test_places_are_1_1_3():
    assert places([(1, "a"), (1, "a"), (2, "b")]) == [1, 1, 3]


def test_nobody_has_no_place():
    assert places([]) == []


@given(st.lists(st.integers(0, 20)))
def test_a_place_is_one_more_than_the_number_of_those_before(keys):
    ordered = sorted(keys)
    assert places([(key, key) for key in ordered]) == [sum(1 for k in keys if k < key) + 1 for key in ordered]


def test_points_by_hand():
    assert points(0.75, worst=0.5, best=1.0, max_points=100) == 50
    assert points(3.0, worst=4.0, best=0.0, max_points=100) == 25


def test_without_a_score_or_a_scale_there_are_no_points():
    assert points(None, worst=0.0, best=1.0, max_points=100) is None
    assert points(0.5, worst=None, best=1.0, max_points=100) is None


@given(numbers, numbers, numbers, st.floats(0.1, 1e6))
def test_points_stay_between_nothing_and_all(score, worst, best, most):
    if worst != best:
        value = points(score, worst=worst, best=best, max_points=most)
        assert value is not None
        assert math.isfinite(value)
        assert 0 <= value <= most


@given(st.floats(-1000, 1000), st.floats(-1000, 1000), st.booleans())
def test_a_better_score_never_gives_less(one, other, is_higher_better):
    worst, best = (0.0, 500.0) if is_higher_better else (500.0, 0.0)
    better, worse = (max(one, other), min(one, other)) if is_higher_better else (min(one, other), max(one, other))
    scale = {"worst": worst, "best": best, "max_points": 100.0}
    assert points(better, **scale) >= points(worse, **scale)


def test_the_ends_of_the_scale_are_exact():
    assert points(1.0, worst=0.1, best=1.0, max_points=70) == 70
    assert points(0.1, worst=0.1, best=1.0, max_points=70) == 0
