import sys
from collections import Counter

DROP_MARKS = str.maketrans("", "", ".-_")

_n, *names = sys.stdin.read().translate(DROP_MARKS).lower().split()
lines = Counter(names)
print(len(lines), max(lines.values()))
