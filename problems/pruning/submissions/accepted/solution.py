import sys

n, m, alpha, *numbers = map(int, sys.stdin.read().split())
parents = [0, 0, *numbers[: n - 1]]
samples = numbers[n - 1 :]

counts = [{} for _ in range(n + 1)]
most = [0] * (n + 1)
total = [0] * (n + 1)
below = [0] * (n + 1)  # the least cost of what hangs below; 0 means that nothing does
is_leaf = [True] * (n + 1)
for leaf, label in zip(samples[0::2], samples[1::2], strict=True):
    table = counts[leaf]
    table[label] = table.get(label, 0) + 1
    most[leaf] = max(most[leaf], table[label])
    total[leaf] += 1

for node in range(n, 0, -1):
    cost = total[node] - most[node] + alpha
    if not is_leaf[node]:
        cost = min(cost, below[node])
    parent = parents[node]
    is_leaf[parent] = False
    below[parent] += cost
    total[parent] += total[node]
    most[parent] = max(most[parent], most[node])
    large, small = counts[parent], counts[node]
    if len(large) < len(small):
        large, small = small, large
    for label, count in small.items():
        count += large.get(label, 0)
        large[label] = count
        if count > most[parent]:
            most[parent] = count
    counts[parent] = large
    counts[node] = small = None
print(below[0])
