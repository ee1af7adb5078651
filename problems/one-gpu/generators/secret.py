"""Hidden tests: too little time, too much, and lists on which a run has to be given up late."""

from collections.abc import Iterator
from random import Random

MOST = 50_000
LONGEST = 100_000
LATEST = 1_000_000_000

Run = tuple[int, int]


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "just-in-time", asked([(7, 7), (LONGEST, LATEST)])
    yield "just-too-late", asked([(8, 7)])
    yield "same-deadline", asked([(minutes, 20) for minutes in (9, 1, 8, 2, 7, 3, 6, 4)])
    yield "all-equal", asked([(10, 95)] * 12)
    yield "long-ones-first", asked([(50, 50), *((10, 60 + i) for i in range(6))])
    yield "short-but-urgent-is-no-good", asked([(2, 9), (5, 5), (4, 9), (1, 1)])
    yield "small", drawn(rng, 12, longest=9, latest=40)
    yield "medium", drawn(rng, 900, longest=100, latest=9000)
    yield "nothing-fits", asked([(LONGEST, rng.randint(1, LONGEST - 1)) for _ in range(3000)])
    yield "everything-fits", asked([(LONGEST, LONGEST * place) for place in range(1, 9001)])
    yield "regret-late", asked(regretted(9000))
    yield "ties", drawn(rng, 20_000, longest=3, latest=30_000)
    yield "tight", drawn(rng, MOST, longest=LONGEST, latest=LATEST)
    yield "largest", asked([(rng.randint(1, LONGEST), rng.randint(LATEST // 2, LATEST)) for _ in range(MOST)])


def drawn(rng: Random, n: int, longest: int, latest: int) -> str:
    """Runs and deadlines at random."""
    return asked([(rng.randint(1, longest), rng.randint(1, latest)) for _ in range(n)])


def regretted(n: int) -> list[Run]:
    """Long runs that all fit, then as many short ones, for each of which a long one must go."""
    long = [(1000, 1000 * place) for place in range(1, n + 1)]
    return long + [(1000 - place % 999, 1000 * n + place) for place in range(n)]


def asked(runs: list[Run]) -> str:
    """The input file."""
    return "\n".join([str(len(runs)), *(f"{minutes} {deadline}" for minutes, deadline in runs)]) + "\n"
