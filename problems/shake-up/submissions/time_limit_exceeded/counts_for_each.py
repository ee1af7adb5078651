# Counts the higher scores anew for every team.
import sys

_n, *words = sys.stdin.read().split()
public = list(map(int, words[1::3]))
private = list(map(int, words[2::3]))
best = (0, "~")
for name, u, v in zip(words[0::3], public, private, strict=True):
    fall = sum(1 for other in private if other > v) - sum(1 for other in public if other > u)
    best = min(best, (fall, name))
print(-best[0], best[1])
