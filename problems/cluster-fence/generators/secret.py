"""Hidden tests: points, lines, corners and curves."""

import math
from collections.abc import Iterator
from random import Random

MOST = 50_000
FAR = 1_000_000

Peg = tuple[int, int]


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "one-tight", asked(0, [(3, -4)])
    yield "one-far", asked(FAR, [(FAR, FAR)])
    yield "all-equal", asked(2, [(7, 7)] * 50)
    yield "two", asked(3, [(-1, -1), (2, 3)])
    yield "upright-line", asked(1, [(5, y) for y in range(-20, 21)])
    yield "level-line-shuffled", asked(0, rng.sample([(x, -9) for x in range(100)], 100))
    yield "triangle", asked(5, [(0, 0), (10, 0), (3, 7)])
    yield "thin-triangle", asked(0, [(-FAR, -FAR), (FAR, FAR), (0, 1)])
    yield "square-with-points-on-its-sides", asked(4, rng.sample(frame(20), 80))
    yield "extremes", asked(FAR, [(-FAR, -FAR), (FAR, -FAR), (FAR, FAR), (-FAR, FAR)] * 2)
    yield "small", asked(1, drawn(rng, 30, 10))
    yield "pairs-of-equals", asked(0, drawn(rng, 2000, 1000) * 2)
    yield "long-line", asked(9, [(3 * i - FAR, 2 * i - FAR) for i in range(20_000)])
    yield "circle", asked(12_345, circle(rng, MOST))
    yield "largest-square", asked(1, drawn(rng, MOST, FAR))


def drawn(rng: Random, n: int, far: int) -> list[Peg]:
    """Pegs anywhere in a square."""
    return [(rng.randint(-far, far), rng.randint(-far, far)) for _ in range(n)]


def frame(side: int) -> list[Peg]:
    """All whole points on the sides of a square."""
    return [peg for i in range(side) for peg in ((i, 0), (side, i), (side - i, side), (0, side - i))]


def circle(rng: Random, n: int) -> list[Peg]:
    """Pegs as near to a circle as whole numbers get: very many corners."""
    angles = [rng.uniform(0, 2 * math.pi) for _ in range(n)]
    return [(round(FAR * math.cos(angle)), round(FAR * math.sin(angle))) for angle in angles]


def asked(distance: int, pegs: list[Peg]) -> str:
    """The input file."""
    return "\n".join([f"{len(pegs)} {distance}", *(f"{x} {y}" for x, y in pegs)]) + "\n"
