import sys

n, *names = sys.stdin.read().split()

people = 0
most_lines = 0
# Your idea goes here.

print(people, most_lines)
