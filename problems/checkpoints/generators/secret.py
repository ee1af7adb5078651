"""Hidden tests: costs that tempt, rise, fall and stay, under short and long patience."""

from collections.abc import Iterator
from random import Random

MOST = 100_000
DEAREST = 1_000_000


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "one-epoch", asked(1, [0])
    yield "one-dear-epoch", asked(1, [DEAREST])
    yield "only-the-last", asked(5, [1, 1, 1, 1, 9])
    yield "one-short-of-only-the-last", asked(4, [8, 7, 6, 7, 9])
    yield "every-epoch", asked(1, [3, 1, 4, 1, 5, 9, 2, 6])
    yield "free", asked(2, [0] * 50)
    yield "all-equal", asked(7, [5] * 100)
    yield "tempting-neighbours", asked(3, [1, 2, 3] * 200 + [1])
    yield "small", drawn(rng, 15, 4, 20)
    yield "medium", drawn(rng, 3000, 17, 1000)
    yield "rising", asked(100, list(range(20_000)))
    yield "falling", asked(100, list(range(20_000, 0, -1)))
    yield "dear-and-every-epoch", asked(1, [DEAREST] * 30_000)
    yield "long-patience", drawn(rng, MOST, MOST // 2, DEAREST)
    yield "short-patience", drawn(rng, MOST, 3, DEAREST)


def drawn(rng: Random, n: int, patience: int, dearest: int) -> str:
    """Random costs."""
    return asked(patience, [rng.randint(0, dearest) for _ in range(n)])


def asked(patience: int, costs: list[int]) -> str:
    """The input file."""
    return f"{len(costs)} {patience}\n{' '.join(map(str, costs))}\n"
