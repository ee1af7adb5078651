"""Hidden tests: boards with ties, long chains of undo, and scores as large as they get."""

from collections.abc import Iterator
from random import Random

MOST = 40_000
HIGHEST = 10**9
BY_HAND = {
    "one-member": (1, "place 1, set 1 9, top 1, place 1, undo, top 1"),
    "all-equal": (3, "set 1 3, set 2 3, set 3 3, place 3, place 1, top 1, top 2, top 3"),
    "only-zeros": (9, "set 2 0, top 9, place 2, undo, place 9"),
    "goes-down": (3, "set 1 9, set 2 5, set 1 4, place 1, place 2, top 1, undo, place 1"),
    "same-score-again": (2, "set 1 7, set 1 7, undo, top 1, place 2, undo, top 2"),
    "undo-then-set": (2, "set 1 1, set 2 2, undo, set 1 3, undo, undo, top 2, set 2 4, top 1"),
    "tie-cut-by-top": (6, "set 1 9, set 2 7, set 3 7, set 4 7, top 1, top 2, top 3, top 4, top 5, top 6"),
}


def tests(rng: Random) -> Iterator[tuple[str, str]]:
    """Name and input of each test."""
    for name, (n, lines) in BY_HAND.items():
        yield name, asked(n, lines.split(", "))
    yield "small", drawn(rng, 5, 60, 9)
    yield "medium", drawn(rng, 300, 4000, 1000)
    yield "few-scores", drawn(rng, 5000, 10_000, 2)
    yield "many-undo", drawn(rng, 5000, 10_000, HIGHEST, undo=5)
    yield "many-at-the-highest", asked(MOST, all_highest(10_000))
    yield "long-chain-of-undo", asked(MOST, up_and_back(rng))
    yield "sums", drawn(rng, 20_000, 25_000, HIGHEST, top=20)
    yield "largest", drawn(rng, MOST, MOST, HIGHEST)


def drawn(rng: Random, n: int, q: int, highest: int, undo: int = 1, top: int = 3) -> str:
    """Lines at random; `undo` and `top` come as often as these numbers beside 6 of `set` and 3 of `place`."""
    lines: list[str] = []
    standing = 0
    for _ in range(q - 1):
        kind = rng.choices(("set", "undo", "place", "top"), (6, undo, 3, top))[0]
        if kind == "set" or (kind == "undo" and standing == 0):
            lines.append(f"set {rng.randint(1, n)} {rng.randint(0, highest)}")
            standing += 1
        elif kind == "undo":
            lines.append("undo")
            standing -= 1
        else:
            lines.append(f"{kind} {rng.randint(1, n)}")
    return asked(n, [*lines, f"top {n}"])


def all_highest(n: int) -> list[str]:
    """So many members get the highest score there is."""
    return [*(f"set {i} {HIGHEST}" for i in range(1, n + 1)), f"top {n}", f"top {n // 2}", f"place {n}"]


def up_and_back(rng: Random) -> list[str]:
    """As many `set` as can all be taken back, with a question on the way there and after each step back."""
    third = MOST // 3
    sets = [f"set {rng.randint(1, MOST)} {rng.randint(0, HIGHEST)}" for _ in range(third)]
    back = [
        line for _ in range(third) for line in ("undo", rng.choice((f"place {rng.randint(1, MOST)}", f"top {MOST}")))
    ]
    return [*sets, f"top {MOST}", *back]


def asked(n: int, lines: list[str]) -> str:
    """The input file."""
    return "\n".join([f"{n} {len(lines)}", *lines]) + "\n"
