"""What a cohort's numbers mean: totals, normalised scores, percentiles and places, for everybody at once.

The formulas stand on the leaderboard's page. Linear in people and platforms, plus one sort.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
DECIMALS = 6  # of totals: what differs by less is how computers add, and a tie
NO_PLACE = 0


@dataclass(frozen=True)
class Standings:
    """A column for each person, in the order they were given; what goes by platform has a row for each.

    `best` is the cohort's on each platform, 0 for none. `place` is 0 for whoever has no total; `ranked` have one.
    """

    is_known: NDArray[np.bool_]
    ratings: Floats
    best: Floats
    total: Floats
    normalised: Floats
    score: Floats
    active: Whole
    percentile: Floats
    place: Whole
    ranked: int


def standings(ratings: Floats) -> Standings:
    """Where everybody stands, by a row of ratings for each platform; NaN where nothing is known, which counts as 0."""
    is_known = ~np.isnan(ratings)
    known = np.where(is_known, ratings, 0.0)
    best = known.max(axis=1, initial=0.0)
    # Below 0 a rating counts in the total, but shows no activity; and nobody's best is no reason to divide by it.
    shown = np.maximum(known, 0.0)
    normalised = 100.0 * shown / np.where(best > 0, best, 1.0)[:, None]
    active = np.count_nonzero(shown, axis=0)
    score = normalised.sum(axis=0) / np.maximum(active, 1)
    total = known.sum(axis=0).round(DECIMALS)
    percentile, place, ranked = _ranks(total)
    return Standings(is_known, known, best, total, normalised, score, active, percentile, place, ranked)


def _ranks(total: Floats) -> tuple[Floats, Whole, int]:
    """Percentile and place of each total, and how many have one: equal totals share both."""
    percentile, place = np.zeros(len(total)), np.full(len(total), NO_PLACE)
    having = np.flatnonzero(total)
    ranked = len(having)
    if ranked:
        order = having[np.argsort(total[having])]
        ascending = total[order]
        starts = np.flatnonzero(np.diff(ascending, prepend=-np.inf))  # of each group of equal totals
        sizes = np.diff(starts, append=ranked)
        percentile[order] = np.repeat(100.0 * starts / ranked, sizes)
        place[order] = np.repeat(ranked - starts - sizes + 1, sizes)
    return percentile, place, ranked
