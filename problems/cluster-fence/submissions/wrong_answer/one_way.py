# Counts a straight line of pegs once only, not there and back.
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
sides = [math.dist(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
length = sum(sides) if len(corners) > 2 else max(sides, default=0)
doubled_area = sum(ax * by - ay * bx for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True))
print(length + 2 * math.pi * distance, doubled_area / 2 + length * distance + math.pi * distance**2)
