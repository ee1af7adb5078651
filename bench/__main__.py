"""`make bench`: every figure, one JSON line each."""

from bench import boards, live, pages, sync

for part in (boards, sync, pages, live):
    part.main()
