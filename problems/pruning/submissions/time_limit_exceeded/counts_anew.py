# Counts the labels below each node anew.
import sys

n, m, alpha, *numbers = map(int, sys.stdin.read().split())
parents = [0, 0, *numbers[: n - 1]]
samples = numbers[n - 1 :]
labels = [[] for _ in range(n + 1)]
below = [0] * (n + 1)
is_leaf = [True] * (n + 1)
for leaf, label in zip(samples[0::2], samples[1::2], strict=True):
    labels[leaf].append(label)
for node in range(n, 0, -1):
    count = {}
    for label in labels[node]:
        count[label] = count.get(label, 0) + 1
    cost = len(labels[node]) - max(count.values(), default=0) + alpha
    if not is_leaf[node]:
        cost = min(cost, below[node])
    is_leaf[parents[node]] = False
    below[parents[node]] += cost
    labels[parents[node]] += labels[node]
    labels[node] = []
print(below[0])
