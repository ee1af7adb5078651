# Looks for the least of the last k anew each time.
import sys

_n, patience, *costs = map(int, sys.stdin.read().split())
least = [0]
for epoch, cost in enumerate(costs, 1):
    least.append(min(least[max(0, epoch - patience) :]) + cost)
print(least[-1])
