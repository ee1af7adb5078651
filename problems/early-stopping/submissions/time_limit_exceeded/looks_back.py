# Looks back at all epochs after each one.
import sys

_n, patience, *losses = map(int, sys.stdin.read().split())
best = epoch = 1
for epoch in range(1, len(losses) + 1):
    best = losses.index(min(losses[:epoch])) + 1
    if epoch - best == patience:
        break
print(epoch, best)
