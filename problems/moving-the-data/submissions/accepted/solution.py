import heapq
import sys

n, m, passes, *numbers = map(int, sys.stdin.read().split())
links = [[] for _ in range(n + 1)]
for i in range(0, 3 * m, 3):
    a, b, minutes = numbers[i : i + 3]
    links[a].append((b, minutes))
    links[b].append((a, minutes))

# earliest[used][server]; a state waits as its time and one whole number for both.
earliest = [[sys.maxsize] * (n + 1) for _ in range(passes + 1)]
earliest[0][1] = 0
waiting = [(0, 1)]
answer = -1
while waiting:
    now, state = heapq.heappop(waiting)
    used, server = divmod(state, n + 1)
    if server == n:
        answer = now
        break
    if now > earliest[used][server]:
        continue
    plain = earliest[used]
    faster = earliest[used + 1] if used < passes else None
    for other, minutes in links[server]:
        if now + minutes < plain[other]:
            plain[other] = now + minutes
            heapq.heappush(waiting, (now + minutes, used * (n + 1) + other))
        if faster:
            half = now + (minutes + 1) // 2
            if half < faster[other]:
                faster[other] = half
                heapq.heappush(waiting, (half, (used + 1) * (n + 1) + other))
print(answer)
