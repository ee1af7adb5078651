import sys

x0, a, c, m, q, *moments = map(int, sys.stdin.read().split())

for t in moments:
    x = x0
    # Your idea goes here.
    print(x)
