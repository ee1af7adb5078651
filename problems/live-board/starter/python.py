import sys

n, q = map(int, sys.stdin.readline().split())
lines = [line.split() for line in sys.stdin]

answers = []
for kind, *numbers in lines:
    if kind == "place" or kind == "top":
        # Your idea goes here, and for "set" and "undo" beside it.
        answers.append(0)

print("\n".join(map(str, answers)))
