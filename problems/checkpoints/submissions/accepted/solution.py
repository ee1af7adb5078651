import sys
from collections import deque

_n, patience, *costs = map(int, sys.stdin.read().split())
# Epoch and least cost up to it, both rising; the first is the best one still near enough.
queue = deque([(0, 0)])
least = 0
for epoch, cost in enumerate(costs, 1):
    if queue[0][0] < epoch - patience:
        queue.popleft()
    least = queue[0][1] + cost
    while queue and queue[-1][1] >= least:
        queue.pop()
    queue.append((epoch, least))
print(least)
