import math
import sys

_n, distance, *numbers = map(int, sys.stdin.read().split())
pegs = sorted(set(zip(numbers[0::2], numbers[1::2], strict=True)))


def chain(points):
    """One side of the hull, turning left at each corner."""
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
length = doubled_area = 0
for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
    length += math.hypot(bx - ax, by - ay)
    doubled_area += ax * by - ay * bx
area = doubled_area / 2 + length * distance + math.pi * distance**2
print(f"{length + 2 * math.pi * distance:.12f} {area:.12f}")
