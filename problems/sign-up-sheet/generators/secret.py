"""Hidden tests: the same people spelled in many ways, and people who only look the same."""

from collections.abc import Iterator
from random import Random
from string import ascii_lowercase, digits

MOST = 40_000
MARKS = ".-_"


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    yield "one", asked(["x"])
    yield "one-in-marks", asked(["..--__-.7.-__--..._"])
    yield "same-twice", asked(["A.B", "a_b"])
    yield "anagrams", asked(["abc", "acb", "bac", "bca", "cab", "cba"])
    yield "marks-inside", asked(["a.b.c", "ab.c", "a._-._-._-b-._-._-.c", "a-bc", "abc", "a__bc", "ab", "bc"])
    yield "only-capitals-differ", asked(["model", "MODEL", "Model", "mOdEl", "mode1"])
    yield "letters-and-digits", asked(["O0", "0O", "o0", "0o", "00", "oo", "l1", "1l", "ll", "11"])
    yield "all-equal", asked([spelled(rng, "gradient") for _ in range(2000)])
    yield "few-people", crowd(rng, people=7, lines=3000)
    yield "all-different", asked([f"{number:05}" for number in range(20_000)])
    yield "crowd", crowd(rng, people=5000, lines=20_000)
    yield "short-names", asked([spelled(rng, rng.choice(ascii_lowercase), most=2) for _ in range(MOST)])
    yield "largest", crowd(rng, people=30_000, lines=MOST)


def crowd(rng: Random, people: int, lines: int) -> str:
    """Lines of random people, each spelled anew."""
    names = ["".join(rng.choices(ascii_lowercase + digits, k=rng.randint(4, 12))) for _ in range(people)]
    return asked([spelled(rng, rng.choice(names)) for _ in range(lines)])


def spelled(rng: Random, name: str, most: int = 20) -> str:
    """The name with random capitals, and random marks as far as they fit into `most` characters."""
    room = most - len(name)
    letters = [rng.choice((letter.lower(), letter.upper())) for letter in name]
    for _ in range(rng.randint(0, min(room, 4))):
        letters.insert(rng.randint(0, len(letters)), rng.choice(MARKS))
    return "".join(letters)


def asked(names: list[str]) -> str:
    """The input file."""
    return "\n".join([str(len(names)), *names]) + "\n"
