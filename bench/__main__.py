"""`make bench`: every figure, one JSON line each."""

from bench import (
    boards,
    events,
    grading,
    judge0,
    live,
    packages,
    pages,
    problem_page,
    ratings,
    rejudge,
    sandbox,
    sync,
    tracker,
    tracker_board,
    tracker_roster,
)

CLUB = (boards, sync, pages, problem_page, events, ratings, live, sandbox, grading, rejudge, judge0, packages)
for part in (*CLUB, tracker, tracker_board, tracker_roster):
    part.main()
