"""Hidden tests: rare classes, missing ones, and a tape that is needed whole."""

from collections.abc import Iterator
from random import Random

MOST = 100_000


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "one-example", asked(1, 1, [1])
    yield "one-too-few", asked(2, 2, [1, 2, 1])
    yield "one-class", asked(1, 5, [1] * 9)
    yield "whole-tape", asked(2, 2, [1, 2, 2, 2, 1])
    yield "best-at-the-end", asked(3, 1, [1, 1, 2, 2, 3, 3, 2, 1])
    yield "best-at-the-start", asked(3, 1, [3, 1, 2, 2, 2, 1, 1, 3])
    yield "each-once", asked(300, 1, rng.sample(range(1, 301), 300))
    yield "last-class-missing", drawn(rng, 2000, 9, 3, weights=[1] * 8 + [0])
    yield "small", drawn(rng, 40, 4, 2)
    yield "one-rare-class", drawn(rng, 20_000, 5, 12, weights=[100, 100, 100, 100, 1])
    yield "many-classes", drawn(rng, 50_000, 200, 40)
    yield "rare-at-both-ends", asked(2, 2, [2] + [1] * (MOST - 2) + [2])
    yield "rare-near-the-end", asked(3, 1, [1, 2] * (MOST // 2 - 1) + [3, 1])
    yield "largest", drawn(rng, MOST, 1000, 60)
    yield "as-many-classes-as-examples", asked(MOST, 1, rng.sample(range(1, MOST + 1), MOST))


def drawn(rng: Random, n: int, classes: int, wanted: int, weights: list[int] | None = None) -> str:
    """Random examples; the first class has weights[0], and so on."""
    return asked(classes, wanted, rng.choices(range(1, classes + 1), weights, k=n))


def asked(classes: int, wanted: int, examples: list[int]) -> str:
    """The input file."""
    return f"{len(examples)} {classes} {wanted}\n{' '.join(map(str, examples))}\n"
