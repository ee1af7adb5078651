import sys

n, r, *numbers = map(int, sys.stdin.read().split())
pegs = list(zip(numbers[0::2], numbers[1::2]))

length = 0.0
area = 0.0
# Your idea goes here.

print(f"{length:.9f} {area:.9f}")
