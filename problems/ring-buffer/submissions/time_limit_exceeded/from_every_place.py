# Walks on from every place of the ring.
ring = input().strip()
n = len(ring)
best = (0, "a")
for start in range(n):
    length = 1
    while length < n and ring[(start + length) % n] == ring[start]:
        length += 1
    best = min(best, (-length, ring[start]))
print(-best[0], best[1])
