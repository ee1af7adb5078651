import sys

n, k, m, *examples = map(int, sys.stdin.read().split())

shortest = -1
# Your idea goes here.

print(shortest)
