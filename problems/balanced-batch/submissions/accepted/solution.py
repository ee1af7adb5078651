import sys

n, classes, wanted, *examples = map(int, sys.stdin.read().split())
count = [0] * (classes + 1)
lacking = classes
begin = 0
best = n + 1
for end, example in enumerate(examples, 1):
    count[example] += 1
    if count[example] == wanted:
        lacking -= 1
    while lacking == 0:
        best = min(best, end - begin)
        leaving = examples[begin]
        if count[leaving] == wanted:
            lacking += 1
        count[leaving] -= 1
        begin += 1
print(best if best <= n else -1)
