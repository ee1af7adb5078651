"""Hidden tests: trees that are high, broad, even and random; labels that are many, few and one."""

from collections.abc import Iterator
from random import Random

MOST = 50_000
MOST_SAMPLES = 50_000
DEAREST = 1_000_000

Sample = tuple[int, int]


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "root-without-samples", asked(3, [], [])
    yield "root-alone", asked(0, [], [(1, 5), (1, 5), (1, 6)])
    yield "leaves-without-samples", asked(2, [1, 1, 1], [(3, 1)])
    yield "leaves-for-nothing", asked(0, [1, 1, 2, 2, 3], sampled(rng, [1, 1, 2, 2, 3], 30, 3))
    yield "all-equal", asked(1, [1, 1, 2, 2, 3, 3], [(leaf, 9) for leaf in (4, 5, 6, 7)] * 5)
    yield "majority-hides", asked(2, [1, 1, 1], [(2, 1), (2, 1), (2, 9), (3, 2), (3, 2), (3, 9), (4, 3), (4, 9)])
    yield "small", grown(rng, 12, 40, 2, 3, reach=4)
    yield "medium", grown(rng, 2000, 4000, 2, 4, reach=40)
    yield "one-child-each", asked(7, list(range(1, 20_000)), [(20_000, rng.randint(1, 5)) for _ in range(3000)])
    yield "dear-leaves", grown(rng, 9000, 9000, DEAREST, 50, reach=9000)
    yield "star", asked(1, [1] * 9000, sampled(rng, [1] * 9000, 20_000, 4))
    yield "even", bushy(rng, [i // 2 for i in range(2, 10_000)], 10_000, 3)
    yield "all-labels-differ-on-a-spine", spine(2)
    yield "shallow", grown(rng, MOST, MOST_SAMPLES, 1, MOST, reach=MOST)
    yield "deep", grown(rng, MOST, 20_000, 3, 6, reach=5)


def grown(rng: Random, n: int, samples: int, alpha: int, labels: int, reach: int) -> str:
    """A random tree; each parent is one of the `reach` nodes before its child."""
    parents = [rng.randint(max(1, i - reach), i - 1) for i in range(2, n + 1)]
    return asked(alpha, parents, sampled(rng, parents, samples, labels))


def bushy(rng: Random, parents: list[int], samples: int, alpha: int) -> str:
    """Samples whose labels tell where in the tree they are, but for some noise."""
    leaves = leaves_of(parents)
    ends = [rng.choice(leaves) for _ in range(MOST_SAMPLES)]
    return asked(
        alpha, parents, [(leaf, 1 + leaf // 350 if rng.random() < 0.8 else rng.randint(1, 90)) for leaf in ends]
    )


def spine(alpha: int) -> str:
    """Every second node goes on down, its sibling is a leaf with samples of its own label and one common one."""
    parents = [i - 1 if i % 2 == 0 else i - 2 for i in range(2, MOST)]
    leaves = leaves_of(parents)
    return asked(
        alpha,
        parents,
        [(leaf, 1 + place) for place, leaf in enumerate(leaves)] + [(leaf, MOST) for leaf in leaves[::2]],
    )


def sampled(rng: Random, parents: list[int], samples: int, labels: int) -> list[Sample]:
    """Random labels in random leaves."""
    leaves = leaves_of(parents)
    return [(rng.choice(leaves), rng.randint(1, labels)) for _ in range(samples)]


def leaves_of(parents: list[int]) -> list[int]:
    """The nodes that are nobody's parent."""
    inner = set(parents)
    return [node for node in range(1, len(parents) + 2) if node not in inner]


def asked(alpha: int, parents: list[int], samples: list[Sample]) -> str:
    """The input file."""
    lines = [f"{len(parents) + 1} {len(samples)} {alpha}", " ".join(map(str, parents))]
    return "\n".join([*lines, *(f"{leaf} {label}" for leaf, label in samples)]) + "\n"
