"""Hidden tests: runs that stop early, late and never."""

from collections.abc import Iterator
from random import Random

MOST = 100_000
HIGHEST = 1_000_000


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "two-epochs-worse", asked(1, [3, 4])
    yield "two-epochs-equal", asked(1, [4, 4])
    yield "patience-of-one", asked(1, [9, 8, 7, 6, 6, 5])
    yield "patience-is-all", asked(6, [5, 9, 9, 9, 9, 9])
    yield "below-zero", asked(3, [-5, -4, -6, -6, -5, -6, -9])
    yield "all-equal", asked(40, [0] * 100)
    yield "only-better", asked(1, list(range(500, -500, -1)))
    yield "only-worse", asked(1000, list(range(-500, 500)))
    yield "one-too-patient", asked(5, [9, 8, 8, 8, 8, 8, 1, 2, 2, 2, 2])
    yield "small", asked(4, [rng.randint(-20, 20) for _ in range(40)])
    yield "medium", asked(300, [rng.randint(-HIGHEST, HIGHEST) for _ in range(5000)])
    yield "slow-descent", asked(900, slow_descent(rng, 20_000))
    yield "extremes", asked(MOST, [rng.choice((-HIGHEST, HIGHEST)) for _ in range(30_000)] + [0] * (MOST - 30_000))
    yield "longest-descent", asked(2, [HIGHEST - 20 * i for i in range(MOST)])


def slow_descent(rng: Random, n: int) -> list[int]:
    """Losses that fall with noise, less and less."""
    return [500_000 * 1000 // (1000 + i) + rng.randint(-9000, 9000) for i in range(n)]


def asked(patience: int, losses: list[int]) -> str:
    """The input file."""
    return f"{len(losses)} {patience}\n{' '.join(map(str, losses))}\n"
