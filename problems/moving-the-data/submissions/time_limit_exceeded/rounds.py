# Tries all links again and again until nothing gets better.
import sys

n, m, passes, *numbers = map(int, sys.stdin.read().split())
links = list(zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True))
links += [(b, a, minutes) for a, b, minutes in links]
never = sys.maxsize // 2
earliest = [[never] * (passes + 1) for _ in range(n + 1)]
earliest[1][0] = 0
better = True
while better:
    better = False
    for a, b, minutes in links:
        for used in range(passes + 1):
            now = earliest[a][used]
            if now < never and now + minutes < earliest[b][used]:
                earliest[b][used] = now + minutes
                better = True
            if used < passes and now < never and now + (minutes + 1) // 2 < earliest[b][used + 1]:
                earliest[b][used + 1] = now + (minutes + 1) // 2
                better = True
answer = min(earliest[n])
print(answer if answer < never else -1)
