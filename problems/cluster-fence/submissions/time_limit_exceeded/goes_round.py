# Looks through all pegs for each next corner.
import math
import sys

_n, distance, *numbers = map(int, sys.stdin.read().split())
pegs = sorted(set(zip(numbers[0::2], numbers[1::2], strict=True)))
corners = [pegs[0]]
while True:
    ax, ay = corners[-1]
    bx, by = pegs[0] if corners[-1] != pegs[0] else pegs[-1]
    for x, y in pegs:
        turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if turn < 0 or (turn == 0 and abs(x - ax) + abs(y - ay) > abs(bx - ax) + abs(by - ay)):
            bx, by = x, y
    if (bx, by) == corners[0]:
        break
    corners.append((bx, by))
length = sum(math.dist(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True))
doubled_area = sum(ax * by - ay * bx for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True))
print(length + 2 * math.pi * distance, doubled_area / 2 + length * distance + math.pi * distance**2)
