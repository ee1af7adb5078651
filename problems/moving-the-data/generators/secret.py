"""Hidden tests: small nets with traps, lines, rings, grids and random nets."""

from collections.abc import Iterator
from random import Random

MOST = 5000
MOST_LINKS = 15_000
SLOWEST = 1_000_000
PASSES = 5

Link = tuple[int, int, int]


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "already-there", asked(1, 3, [])
    yield "no-links", asked(2, 5, [])
    yield "one-minute-stays-one", asked(2, 1, [(1, 2, 1)])
    yield "several-links", asked(2, 1, [(1, 2, 9), (2, 1, 7), (1, 2, 8)])
    yield "longer-way-gains-more", asked(5, 1, [(1, 2, 5), (2, 5, 5), (1, 3, 1), (3, 4, 10), (4, 5, 1)])
    yield "pass-is-better-kept", asked(4, 1, [(1, 2, 4), (2, 3, 4), (3, 4, 100), (1, 3, 7)])
    yield "more-passes-than-links", asked(3, PASSES, [(1, 2, 3), (2, 3, 5)])
    yield "small", net(rng, 8, 14, 2, 20)
    yield "no-passes", net(rng, 500, 1500, 0, 1000)
    yield "all-equal", asked(900, 3, [(a, b, 10) for a, b, _ in grid(rng, 30, 1)])
    yield "cut-in-two", asked(MOST, PASSES, [link for link in ring(rng, MOST) if abs(link[0] - link[1]) == 1][:-1])
    yield "grid", asked(70 * 70, PASSES, grid(rng, 70, 1000))
    yield "backward-line", asked(MOST, PASSES, [(i, i + 1, SLOWEST) for i in range(MOST - 1, 0, -1)])
    yield "random", net(rng, MOST, MOST_LINKS, 3, SLOWEST)
    yield "largest", asked(MOST, PASSES, rng.sample(ring(rng, MOST) + chords(rng), MOST_LINKS))


def net(rng: Random, n: int, m: int, passes: int, slowest: int) -> str:
    """Links between any two servers."""
    ends = [rng.sample(range(1, n + 1), 2) for _ in range(m)]
    return asked(n, passes, [(a, b, rng.randint(1, slowest)) for a, b in ends])


def grid(rng: Random, side: int, slowest: int) -> list[Link]:
    """Servers row by row, each joined with the next one in its row and in its column."""
    links = []
    for server in range(1, side * side + 1):
        if server % side:
            links.append((server, server + 1, rng.randint(1, slowest)))
        if server + side <= side * side:
            links.append((server, server + side, rng.randint(1, slowest)))
    rng.shuffle(links)
    return links


def ring(rng: Random, n: int) -> list[Link]:
    """Each server joined with the next one, the last with the first."""
    return [(i, i % n + 1, rng.randint(1, SLOWEST)) for i in range(1, n + 1)]


def chords(rng: Random) -> list[Link]:
    """As many links more as there may be, over a short way on the ring and about as slow as that."""
    links = []
    for _ in range(MOST_LINKS - MOST):
        a, step = rng.randint(1, MOST - 40), rng.randint(2, 40)
        links.append((a, a + step, min(SLOWEST, rng.randint(1, step * 40_000))))
    return links


def asked(n: int, passes: int, links: list[Link]) -> str:
    """The input file."""
    return "\n".join([f"{n} {len(links)} {passes}", *(f"{a} {b} {minutes}" for a, b, minutes in links)]) + "\n"
