"""Hidden tests: generators that are prime, even, stuck and trivial, asked near and far."""

from collections.abc import Iterator
from random import Random

LARGEST = 10**9
LATEST = 10**18
MOST = 20_000
PRIME = 998_244_353


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    far = [0, 1, 2, 3, LATEST - 1, LATEST, *(rng.randint(0, LATEST) for _ in range(200))]
    yield "modulus-one", asked(0, 0, 0, 1, [0, 1, LATEST])
    yield "modulus-two", asked(1, 1, 1, 2, far)
    yield "factor-zero", asked(5, 0, 3, 7, [0, 1, 2, LATEST])
    yield "factor-one", asked(4, 1, LARGEST - 2, LARGEST, far)
    yield "nothing-added", asked(7, 3, 0, PRIME, far)
    yield "stuck-at-zero", asked(0, 12_345, 0, LARGEST, far)
    yield "near", asked(17, 31, 11, 101, list(range(400)))
    yield "prime", asked(*drawn(rng, PRIME), PRIME, far)
    yield "power-of-two", asked(*drawn(rng, 2**29), 2**29, far)
    yield "factor-before-one-divides", asked(8, 6, 2, 5 * 10**8, far)
    yield "dies-out", asked(3, 2**15, 0, 2**29, far)
    yield "largest-numbers", asked(LARGEST - 1, LARGEST - 2, LARGEST - 1, LARGEST, far)
    yield "powers-of-two-and-neighbours", asked(*drawn(rng, LARGEST - 1), LARGEST - 1, around_powers())
    yield "many-far", asked(*drawn(rng, LARGEST), LARGEST, [rng.randint(LATEST // 2, LATEST) for _ in range(MOST)])
    yield "many-with-most-bits", asked(*drawn(rng, PRIME), PRIME, [2**59 - 1 - rng.randrange(64) for _ in range(MOST)])


def drawn(rng: Random, modulus: int) -> tuple[int, int, int]:
    """A random begin, factor and addend."""
    return rng.randrange(modulus), rng.randrange(modulus), rng.randrange(modulus)


def around_powers() -> list[int]:
    """Moments at which a lost or doubled bit shows."""
    return [2**bit + step for bit in range(1, 59) for step in (-1, 0, 1)]


def asked(begin: int, factor: int, addend: int, modulus: int, moments: list[int]) -> str:
    """The input file."""
    lines = [f"{begin} {factor} {addend} {modulus}", str(len(moments)), *map(str, moments)]
    return "\n".join(lines) + "\n"
