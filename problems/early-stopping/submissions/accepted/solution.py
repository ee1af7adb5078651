import sys

_n, patience, *losses = map(int, sys.stdin.read().split())
best = epoch = 0
for epoch, loss in enumerate(losses, 1):
    if best == 0 or loss < losses[best - 1]:
        best = epoch
    elif epoch - best == patience:
        break
print(epoch, best)
