import sys

n, m, k, *numbers = map(int, sys.stdin.read().split())
links = list(zip(numbers[0::3], numbers[1::3], numbers[2::3]))  # server, server, minutes

minutes = -1
# Your idea goes here.

print(minutes)
