"""The arithmetic of a cohort: its formulas, its ties, and the defects that others have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.tracker.standing import Floats, standings

NONE = np.nan
ratings = arrays.arrays(
    float,
    st.tuples(st.integers(1, 4), st.integers(0, 30)),
    elements=st.sampled_from([NONE, 0.0, -40.0, 0.5, 900.0, 1500.25, 3000.0]),
)


def of(*people: tuple[float, ...]) -> Floats:
    """The ratings of people, as the arithmetic takes them."""
    return np.array(people, dtype=float).T


def test_the_formulas() -> None:
    found = standings(of((1200, 2000), (1500, NONE), (600, 1000)))
    assert found.total.tolist() == [3200, 1500, 1600]
    assert found.best.tolist() == [1500, 2000]
    assert found.normalised.T.tolist() == [[80, 100], [100, 0], [40, 50]]
    assert found.active.tolist() == [2, 1, 2]
    assert found.score.tolist() == [90, 100, 45]
    assert found.place.tolist() == [1, 3, 2]
    assert found.percentile.round(6).tolist() == [66.666667, 0, 33.333333]


def test_equal_totals_share_place_and_percentile_and_who_has_none_has_neither() -> None:
    found = standings(of((10.0,), (30.0,), (10.0,), (NONE,), (20.0,), (0.0,)))
    assert found.place.tolist() == [3, 1, 3, 0, 2, 0]
    assert found.percentile.tolist() == [0, 75, 0, 0, 50, 0]
    assert found.ranked == 4


def test_sums_of_the_same_numbers_in_another_order_are_a_tie() -> None:
    found = standings(of((0.1, 0.2, 0.3), (0.3, 0.2, 0.1)))
    assert found.place.tolist() == [1, 1]


@pytest.mark.parametrize("best", [0.0, 0.5, NONE, -12.0])
def test_a_best_below_one_divides_nothing_by_nothing(best: float) -> None:
    found = standings(of((best,), (NONE,)))
    assert found.normalised.tolist() == [[100.0 if best > 0 else 0.0, 0.0]]
    assert np.isfinite(found.score).all()


def test_a_cohort_of_nobody_stands_nowhere() -> None:
    found = standings(np.empty((5, 0)))
    assert (found.total.tolist(), found.best.tolist(), found.ranked) == ([], [0.0] * 5, 0)


@given(ratings)
def test_laws(known: Floats) -> None:
    found = standings(known)
    totals = np.nan_to_num(known).sum(axis=0).round(6)
    ranked = totals[totals != 0]
    for number, total in enumerate(totals):
        has_total = total != 0
        assert found.place[number] == (1 + (ranked > total).sum() if has_total else 0)
        below = (ranked < total).sum() / len(ranked) * 100 if has_total else 0
        assert found.percentile[number] == pytest.approx(below)
    assert ((found.normalised >= 0) & (found.normalised <= 100)).all()
    assert np.isfinite(found.score).all()


@given(ratings, st.randoms(use_true_random=False))
def test_the_order_of_people_is_irrelevant(known: Floats, dice) -> None:
    order = list(range(known.shape[1]))
    dice.shuffle(order)
    one, other = standings(known), standings(known[:, order])
    for name in ("total", "score", "percentile", "place", "active"):
        assert getattr(one, name)[order].tolist() == getattr(other, name).tolist()
