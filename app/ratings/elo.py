"""How one competition moves ratings: pure arithmetic, whole fields at once.

The formula is MLBattle's own, after Arpad Elo's logistic curve (The Rating of Chessplayers, Past and Present, 1978):
every entrant is rated once against the mean of the field, as if against one opponent of that strength.

    K        = 8 log2(n) x weight
    expected = 1 / (1 + 10 ^ ((mean - rating) / 400))
    actual   = 1 - (place - 1) / (n - 1)
    after    = max(0, rating + K (actual - expected))

`n` counts the club's own ranked entrants, `mean` is the mean of their ratings before the competition, and those who
share a place all have the mean of the places that they take up: 1, 1, 3 counts as 1.5, 1.5, 3.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLOOR = 0.0
SPREAD = 400.0
K_PER_DOUBLING = 8.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moves:
    """What a competition does to its field: the numbers of all, and one value for each entrant in the given order."""

    n: int
    mean: float
    k: float
    places: Floats
    expected: Floats
    actual: Floats
    after: Floats


def rate(places: ArrayLike, ratings: ArrayLike, weight: float = 1.0) -> Moves | None:
    """The moves of a field with these places (only their order counts) and ratings; None for fewer than two."""
    before = np.asarray(ratings, dtype=np.float64)
    n = len(before)
    if n < 2:
        return None
    shared = mean_places(places)
    mean = math.fsum(before.tolist()) / n  # exact, and so the same in whatever order the entrants come
    k = factor(n, weight)
    expected, actual = expected_result(before, mean), actual_result(shared, n)
    return Moves(n, mean, k, shared, expected, actual, moved(before, k, actual, expected))


def mean_places(places: ArrayLike) -> Floats:
    """Places from 1 without gaps, those who share one all at the mean of the places they take up."""
    _, which, sharing = np.unique(np.asarray(places), return_inverse=True, return_counts=True)
    last = np.cumsum(sharing)
    mean: Floats = (last - (sharing - 1) / 2)[which]
    return mean


def factor(n: int, weight: float) -> float:
    """K: the most that ratings can move between first and last of `n`."""
    return K_PER_DOUBLING * math.log2(n) * weight


def expected_result(rating: Any, mean: float) -> Any:
    """What a rating (or an array of them) is expected to reach against a field of this mean: from 0 to 1."""
    return 1.0 / (1.0 + np.power(10.0, (mean - rating) / SPREAD))


def actual_result(place: Any, n: int) -> Any:
    """What a place (or an array of them) among `n` is worth: 1 for the first, 0 for the last."""
    return 1.0 - (place - 1.0) / (n - 1.0)


def moved(before: Any, k: float, actual: Any, expected: Any) -> Any:
    """The rating (or array of them) after."""
    return np.maximum(FLOOR, before + k * (actual - expected))
