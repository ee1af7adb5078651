# Finds the shortest way first, and uses the passes on its slowest links.
import heapq
import sys

n, m, passes, *numbers = map(int, sys.stdin.read().split())
links = [[] for _ in range(n + 1)]
for i in range(0, 3 * m, 3):
    a, b, minutes = numbers[i : i + 3]
    links[a].append((b, minutes))
    links[b].append((a, minutes))
earliest = {1: 0}
came_by = {}
waiting = [(0, 1)]
while waiting:
    now, server = heapq.heappop(waiting)
    if now > earliest[server]:
        continue
    for other, minutes in links[server]:
        if now + minutes < earliest.get(other, sys.maxsize):
            earliest[other] = now + minutes
            came_by[other] = (server, minutes)
            heapq.heappush(waiting, (now + minutes, other))
if n not in earliest:
    print(-1)
else:
    way = []
    server = n
    while server != 1:
        server, minutes = came_by[server]
        way.append(minutes)
    way.sort(reverse=True)
    print(sum((minutes + 1) // 2 for minutes in way[:passes]) + sum(way[passes:]))
