# Prunes wherever it pays against the children as leaves, and never looks further down.
import sys

n, m, alpha, *numbers = map(int, sys.stdin.read().split())
parents = [0, 0, *numbers[: n - 1]]
samples = numbers[n - 1 :]

counts = [{} for _ in range(n + 1)]
most = [0] * (n + 1)
total = [0] * (n + 1)
children_cost = [0] * (n + 1)
below = [0] * (n + 1)
is_leaf = [True] * (n + 1)
for leaf, label in zip(samples[0::2], samples[1::2], strict=True):
    table = counts[leaf]
    table[label] = table.get(label, 0) + 1
    most[leaf] = max(most[leaf], table[label])
    total[leaf] += 1

for node in range(n, 0, -1):
    own = total[node] - most[node] + alpha
    parent = parents[node]
    is_pruned = is_leaf[node] or own <= children_cost[node]
    below[parent] += own if is_pruned else below[node]
    children_cost[parent] += own
    is_leaf[parent] = False
    total[parent] += total[node]
    most[parent] = max(most[parent], most[node])
    large, small = counts[parent], counts[node]
    if len(large) < len(small):
        large, small = small, large
    for label, count in small.items():
        large[label] = large.get(label, 0) + count
        most[parent] = max(most[parent], large[label])
    counts[parent] = large
print(below[0])
