# Moves the sides outwards, and leaves holes at the corners.
import math
import sys

_n, distance, *numbers = map(int, sys.stdin.read().split())
pegs = sorted(set(zip(numbers[0::2], numbers[1::2], strict=True)))


def chain(points):
    kept = []
    for x, y in points:
        while len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2:]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            kept.pop()
        kept.append((x, y))
    return kept


corners = chain(pegs)[:-1] + chain(reversed(pegs))[:-1]
length = sum(math.dist(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True))
doubled_area = sum(ax * by - ay * bx for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True))
print(length, doubled_area / 2 + length * distance)
