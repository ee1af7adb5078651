import sys

n, m, alpha, *numbers = map(int, sys.stdin.read().split())
parents = [0, 0, *numbers[: n - 1]]  # parents[i] is the parent of node i, from 2 on
samples = list(zip(numbers[n - 1 :: 2], numbers[n::2]))  # leaf, label

cost = 0
# Your idea goes here.

print(cost)
