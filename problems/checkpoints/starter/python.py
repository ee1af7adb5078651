import sys

n, k, *costs = map(int, sys.stdin.read().split())

least = 0
# Your idea goes here.

print(least)
