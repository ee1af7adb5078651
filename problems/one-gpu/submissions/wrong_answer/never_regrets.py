# Takes runs in the order of their deadlines and keeps whatever it took.
import sys

_n, *numbers = map(int, sys.stdin.read().split())
spent = done = 0
for deadline, minutes in sorted(zip(numbers[1::2], numbers[0::2], strict=True)):
    if spent + minutes <= deadline:
        spent += minutes
        done += 1
print(done)
