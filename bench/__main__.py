"""`make bench`: every figure, one JSON line each."""

from bench import boards, events, live, pages, ratings, sync

for part in (boards, sync, pages, events, ratings, live):
    part.main()
