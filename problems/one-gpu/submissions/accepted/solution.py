import heapq
import sys

_n, *numbers = map(int, sys.stdin.read().split())
spent = 0
longest_first: list[int] = []
for deadline, minutes in sorted(zip(numbers[1::2], numbers[0::2], strict=True)):
    spent += minutes
    heapq.heappush(longest_first, -minutes)
    if spent > deadline:
        spent += heapq.heappop(longest_first)
print(len(longest_first))
