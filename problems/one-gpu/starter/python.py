import sys

n, *numbers = map(int, sys.stdin.read().split())
runs = list(zip(numbers[0::2], numbers[1::2]))  # minutes, deadline

in_time = 0
# Your idea goes here.

print(in_time)
