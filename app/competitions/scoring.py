"""Places and points: pure rules."""

import re
from collections.abc import Hashable, Sequence
from typing import Any

# Words in the names of metrics of which less is better; everything else is taken to be the other way.
LESS_IS_BETTER = re.compile(r"error|loss|rms|mae|mse|mape|deviation|distance|perplexity|wer\b|cer\b", re.IGNORECASE)


def places(ordered: Sequence[tuple[Any, Hashable]]) -> list[int]:
    """Places 1, 1, 3 for (order, tie) pairs sorted by order: neighbours with one tie key share the better place."""
    result: list[int] = []
    for index, (_, tie) in enumerate(ordered):
        is_tied = index > 0 and ordered[index - 1][1] == tie
        result.append(result[-1] if is_tied else index + 1)
    return result


def points(score: float | None, *, worst: float | None, best: float | None, max_points: float) -> float | None:
    """(score - worst) / (best - worst) x max_points, clamped to 0 and max_points; None without a score or a scale.

    Where lower is better, worst is the larger number, and the same formula mirrors itself.
    """
    if score is None or worst is None or best is None:
        return None
    share = (score - worst) / (best - worst)
    return min(max(share, 0.0), 1.0) * max_points


def examples(*, worst: float, best: float, max_points: float) -> list[tuple[float, float]]:
    """(score, points) from beyond the worst to beyond the best, to show what a scale means."""
    shares = (-0.1, 0.0, 0.25, 0.5, 0.75, 1.0, 1.1)
    scores = [float(f"{worst + share * (best - worst):.6g}") for share in shares]
    return [(score, points(score, worst=worst, best=best, max_points=max_points) or 0.0) for score in scores]


def is_higher_better_by_name(metric: str) -> bool:
    """A guess from a metric's name, for an organiser to check."""
    return not LESS_IS_BETTER.search(metric)
