# Shortens the first batch that is balanced enough, and is content.
import sys

_n, classes, wanted, *examples = map(int, sys.stdin.read().split())
count = [0] * (classes + 1)
lacking = classes
answer = -1
for end, example in enumerate(examples, 1):
    count[example] += 1
    lacking -= count[example] == wanted
    if lacking == 0:
        begin = 0
        while count[examples[begin]] > wanted:
            count[examples[begin]] -= 1
            begin += 1
        answer = end - begin
        break
print(answer)
