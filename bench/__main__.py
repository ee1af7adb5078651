"""`make bench`: every figure, one JSON line each."""

from bench import boards, events, live, pages, sync

for part in (boards, sync, pages, events, live):
    part.main()
