"""`make bench`: every figure, one JSON line each."""

from bench import boards, events, live, pages, ratings, sandbox, sync, tracker

for part in (boards, sync, pages, events, ratings, live, sandbox, tracker):
    part.main()
