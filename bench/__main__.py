"""`make bench`: every figure, one JSON line each."""

from bench import boards, live, pages, ratings, sync

for part in (boards, sync, pages, ratings, live):
    part.main()
