"""`make bench`: every figure, one JSON line each."""

from bench import boards, live, pages

for part in (boards, pages, live):
    part.main()
