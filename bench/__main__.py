"""`make bench`: every figure, one JSON line each."""

from bench import boards, events, grading, live, pages, problem_page, ratings, sandbox, sync, tracker, tracker_board

for part in (boards, sync, pages, problem_page, events, ratings, live, sandbox, grading, tracker, tracker_board):
    part.main()
