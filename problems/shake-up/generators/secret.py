"""Hidden tests: boards with and without ties, turned round, and left as they were."""

from collections.abc import Iterator
from random import Random
from string import ascii_lowercase

MOST = 30_000
HIGHEST = 1_000_000

Team = tuple[str, int, int]


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "one-team", asked([("alone", -3, 7)])
    yield "two-swap", asked([("a", HIGHEST, -HIGHEST), ("b", -HIGHEST, HIGHEST)])
    yield "all-equal", asked([("cc", 0, 0), ("ca", 0, 0), ("cb", 0, 0)])
    yield "prefix-comes-first", asked([("abc", 1, 5), ("ab", 1, 5), ("top", 9, 1)])
    yield "ties-in-public", asked([("x", 9, 9), ("y", 4, 7), ("z", 4, 8), ("w", 4, 1)])
    yield "ties-in-private", asked([("p", 9, 2), ("q", 8, 2), ("r", 7, 2), ("s", 6, 2)])
    yield "below-zero", asked([("m", -1, -9), ("n", -2, -8), ("o", -3, -7), ("l", -4, -6)])
    yield "small", drawn(rng, 12, range(-5, 6))
    yield "few-scores", drawn(rng, 2000, range(-3, 4))
    yield "nothing-moves", asked([(name, score, score) for score, name in enumerate(names(rng, 4000))])
    yield "turned-round", asked([(name, score, -score) for score, name in enumerate(names(rng, 4000))])
    yield "two-scores", drawn(rng, 20_000, range(2))
    yield "largest", drawn(rng, MOST, range(-HIGHEST, HIGHEST + 1))
    yield "largest-with-ties", drawn(rng, MOST, range(9000))


def drawn(rng: Random, n: int, scores: range) -> str:
    """Random scores out of a range."""
    return asked([(name, rng.choice(scores), rng.choice(scores)) for name in names(rng, n)])


def names(rng: Random, n: int) -> list[str]:
    """Different names in random order."""
    found: dict[str, None] = {}
    while len(found) < n:
        found["".join(rng.choices(ascii_lowercase, k=rng.randint(3, 10)))] = None
    return list(found)


def asked(teams: list[Team]) -> str:
    """The input file."""
    return "\n".join([str(len(teams)), *(f"{name} {public} {private}" for name, public, private in teams)]) + "\n"
