# Looks at all members for each question.
import sys

(n, _q), *lines = (line.split() for line in sys.stdin.read().splitlines())
score = [0] * int(n)
before = []
for kind, *numbers in lines:
    if kind == "set":
        member, new = map(int, numbers)
        before.append((member, score[member - 1]))
        score[member - 1] = new
    elif kind == "undo":
        member, old = before.pop()
        score[member - 1] = old
    elif kind == "place":
        own = score[int(numbers[0]) - 1]
        print(1 + sum(1 for other in score if other > own))
    else:
        print(sum(sorted(score, reverse=True)[: int(numbers[0])]))
