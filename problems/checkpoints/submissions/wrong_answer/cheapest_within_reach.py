# Goes on from the cheapest epoch within reach, the last of several.
import sys

n, patience, *costs = map(int, sys.stdin.read().split())
total = epoch = 0
while epoch < n:
    within = range(epoch + 1, min(epoch + patience, n) + 1)
    epoch = n if n in within else min(within, key=lambda place: (costs[place - 1], -place))
    total += costs[epoch - 1]
print(total)
