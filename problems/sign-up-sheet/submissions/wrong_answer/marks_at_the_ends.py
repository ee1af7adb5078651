# Drops marks at both ends only.
import sys
from collections import Counter

_n, *names = sys.stdin.read().lower().split()
lines = Counter(name.strip(".-_") for name in names)
print(len(lines), max(lines.values()))
