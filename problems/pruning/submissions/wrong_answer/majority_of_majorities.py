# Forgets all labels of a node but its most frequent one.
import sys

n, m, alpha, *numbers = map(int, sys.stdin.read().split())
parents = [0, 0, *numbers[: n - 1]]
samples = numbers[n - 1 :]
counts = [{} for _ in range(n + 1)]
total = [0] * (n + 1)
below = [0] * (n + 1)
is_leaf = [True] * (n + 1)
for leaf, label in zip(samples[0::2], samples[1::2], strict=True):
    counts[leaf][label] = counts[leaf].get(label, 0) + 1
    total[leaf] += 1
for node in range(n, 0, -1):
    label, most = max(counts[node].items(), key=lambda pair: pair[1], default=(0, 0))
    cost = total[node] - most + alpha
    if not is_leaf[node]:
        cost = min(cost, below[node])
    parent = parents[node]
    is_leaf[parent] = False
    below[parent] += cost
    total[parent] += total[node]
    counts[parent][label] = counts[parent].get(label, 0) + most
print(below[0])
