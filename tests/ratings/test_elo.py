"""The arithmetic of ratings: an example worked by hand, and laws that hold for every field."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ratings import elo
from app.ratings.tiers import TIERS, tier_of

RATINGS = st.floats(0, 4000)
FIELDS = st.lists(st.tuples(st.integers(1, 50), RATINGS), min_size=2, max_size=60)
WEIGHTS = st.floats(0, 100)


def after(places: list[float], ratings: list[float], weight: float = 1.0) -> list[float]:
    moves = elo.rate(places, ratings, weight)
    assert moves is not None
    return moves.after.tolist()


def test_an_example_worked_by_hand() -> None:
    # Four entrants of 1700, 1500, 1500 and 1300: mean 1500, K = 8 x log2(4) = 16. The one of 1300 wins, the two of
    # 1500 share the second place (2.5), the one of 1700 is last.
    moves = elo.rate([4, 2, 2, 1], [1700, 1500, 1500, 1300])
    assert moves is not None
    assert (moves.n, moves.mean, moves.k) == (4, 1500.0, 16.0)
    assert moves.places.tolist() == [4, 2.5, 2.5, 1]
    # 1 / (1 + 10 ^ (-200/400)) = 1 / (1 + 0.316228) = 0.759747, and its mirror 0.240253.
    assert moves.expected == pytest.approx([0.759747, 0.5, 0.5, 0.240253], abs=1e-6)
    assert moves.actual == pytest.approx([0, 0.5, 0.5, 1])
    # 1700 - 16 x 0.759747 = 1687.844; nobody in the middle moves; 1300 + 16 x 0.759747 = 1312.156.
    assert moves.after == pytest.approx([1687.844, 1500, 1500, 1312.156], abs=1e-3)


def test_weight_scales_the_move() -> None:
    assert after([1, 2], [1500, 1500], 0.5) == [1502.0, 1498.0]
    assert after([1, 2], [1500, 1500], 3) == [1512.0, 1488.0]
    assert after([1, 2], [1500, 1500], 0) == [1500.0, 1500.0]


@pytest.mark.parametrize("ratings", [[], [1500.0]])
def test_one_entrant_or_none_moves_nobody(ratings: list[float]) -> None:
    assert elo.rate(range(1, len(ratings) + 1), ratings) is None


def test_everyone_tied_has_the_same_actual_result() -> None:
    moves = elo.rate([1] * 5, [1000, 1250, 1500, 1750, 2000])
    assert moves is not None
    assert moves.actual.tolist() == [0.5] * 5
    assert after([1] * 5, [1500] * 5) == [1500.0] * 5


def test_places_of_the_wide_world_count_by_their_order_alone() -> None:
    assert after([912, 1500], [1500, 1500]) == after([1, 2], [1500, 1500]) == [1504.0, 1496.0]


@given(FIELDS, WEIGHTS, st.randoms())
def test_the_order_of_input_is_irrelevant(field: list[tuple[int, float]], weight: float, random: object) -> None:
    order = list(range(len(field)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight = after([p for p, _ in field], [r for _, r in field], weight)
    shuffled = after([field[i][0] for i in order], [field[i][1] for i in order], weight)
    assert shuffled == [straight[i] for i in order]


@given(FIELDS, WEIGHTS)
def test_equals_with_an_equal_place_move_alike(field: list[tuple[int, float]], weight: float) -> None:
    twice = [*field, field[0]]
    ends = after([p for p, _ in twice], [r for _, r in twice], weight)
    assert ends[0] == ends[-1]


@given(FIELDS, WEIGHTS)
def test_every_number_is_finite_and_no_rating_below_the_floor(field: list[tuple[int, float]], weight: float) -> None:
    moves = elo.rate([p for p, _ in field], [r for _, r in field], weight)
    assert moves is not None
    for numbers in (moves.places, moves.expected, moves.actual, moves.after):
        assert np.isfinite(numbers).all()
    assert (moves.after >= 0).all()
    assert ((moves.actual >= 0) & (moves.actual <= 1)).all()


@given(st.lists(st.integers(1, 50), min_size=2, max_size=60), RATINGS, WEIGHTS)
def test_a_better_place_never_gives_less_among_equals(places: list[int], rating: float, weight: float) -> None:
    ends = after(list(places), [rating] * len(places), weight)
    by_place = [end for _, end in sorted(zip(places, ends, strict=True), key=lambda pair: pair[0])]
    assert by_place == sorted(by_place, reverse=True)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=60))
def test_shared_places_keep_the_sum_of_places(places: list[int]) -> None:
    n = len(places)
    assert elo.mean_places(places).sum() == pytest.approx(n * (n + 1) / 2)


@given(st.integers(2, 40), st.floats(1000, 2000), st.floats(0, 5))
def test_equals_give_and_take_the_same(n: int, rating: float, weight: float) -> None:
    assert sum(after(list(range(1, n + 1)), [rating] * n, weight)) == pytest.approx(n * rating)


@pytest.mark.parametrize(
    ("rating", "word"),
    [(0, "Newbie"), (1199.9, "Newbie"), (1200, "Beginner"), (1500, "Intermediate"), (1600, "Advanced"),
     (1800, "Expert"), (2000, "Master"), (2200, "International Master"), (2399.99, "International Master"),
     (2400, "Grandmaster"), (9000, "Grandmaster")],
)  # fmt: skip
def test_tiers_begin_where_they_say(rating: float, word: str) -> None:
    assert tier_of(rating).word == word


def test_tiers_rise() -> None:
    assert [tier.least for tier in TIERS] == sorted({tier.least for tier in TIERS})
