"""Hidden tests: stretches inside, over the end, and all around."""

from collections.abc import Iterator
from random import Random
from string import ascii_lowercase

MOST = 200_000


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    strings = {
        "one-letter": "q",
        "two-equal": "bb",
        "two-different": "ba",
        "inside": "abbbbca",
        "over-the-end": "ttiiiott",
        "over-the-end-ties-inside": "zzaaaz",
        "over-the-end-loses-tie": "zzyyyyzz",
        "alphabet": ascii_lowercase,
        "nearly-all": "e" * 500 + "f" + "e" * 498,
        "small": drawn(rng, "abc", 200),
        "runs": "".join(rng.choice(ascii_lowercase) * rng.randint(1, 400) for _ in range(300)),
        "two-letters": drawn(rng, "it", MOST),
        "half-and-half": "w" * (MOST // 4) + "v" * (MOST // 2) + "w" * (MOST // 4),
        "last-one-joins": "k" + drawn(rng, "abcdef", MOST - 31) + "k" * 30,
        "all-equal": "m" * MOST,
    }
    yield from ((name, f"{string}\n") for name, string in strings.items())


def drawn(rng: Random, letters: str, length: int) -> str:
    """A string of random letters."""
    return "".join(rng.choices(letters, k=length))
