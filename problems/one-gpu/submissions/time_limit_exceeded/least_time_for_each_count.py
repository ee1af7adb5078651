# Keeps, for each number of runs, the least time in which so many can be done.
import sys

_n, *numbers = map(int, sys.stdin.read().split())
least = [0]
for deadline, minutes in sorted(zip(numbers[1::2], numbers[0::2], strict=True)):
    least.append(deadline + 1)
    for count in range(len(least) - 1, 0, -1):
        spent = least[count - 1] + minutes
        if spent <= deadline and spent < least[count]:
            least[count] = spent
    if least[-1] > deadline:
        least.pop()
print(len(least) - 1)
