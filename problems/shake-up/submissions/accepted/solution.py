import sys

_n, *words = sys.stdin.read().split()
names = words[0::3]
public = list(map(int, words[1::3]))
private = list(map(int, words[2::3]))


def places(scores):
    """The place that each score gives: that of the first of its equals."""
    place = {}
    for number, score in enumerate(sorted(scores, reverse=True), 1):
        place.setdefault(score, number)
    return place


before, after = places(public), places(private)
climbs = [(after[v] - before[u], name) for name, u, v in zip(names, public, private, strict=True)]
fall, name = min(climbs)
print(-fall, name)
