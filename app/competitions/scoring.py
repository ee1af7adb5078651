"""Places and points: pure rules."""

from collections.abc import Hashable, Sequence
from typing import Any


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
