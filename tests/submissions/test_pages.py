"""The pages of submissions, and the leaderboard of problems."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import transaction
from app.extensions import db
from app.members.administration import disable_member
from app.submissions import leaderboard, live
from app.submissions.judges.base import Verdict
from app.submissions.models import Solve, Submission


@pytest.fixture
def add_submission(app):
    """add_submission(member, problem, "AC", submitted_at=...): judged, and solved where it is accepted."""

    def add(member, problem, verdict="AC", **details):
        moment = details.pop("submitted_at", clock.now())
        program = {"language": "python", "source": "print('a <b> c')", **details}
        with transaction():
            row = Submission(
                member_id=member.id, problem_id=problem.id, verdict=verdict, submitted_at=moment, **program
            )
            db.session.add(row)
            db.session.flush()
            if verdict == Verdict.AC:
                solve = {"problem_id": problem.id, "member_id": member.id, "points": problem.points}
                db.session.add(Solve(submission_id=row.id, solved_at=moment, **solve))
        return row.id

    return add


def test_a_submission_is_for_its_member_and_for_organisers(client, make_member, make_double, add_submission, log_in):
    ann, ben, olga = make_member("ann"), make_member("ben"), make_member("olga", role="organiser")
    number = add_submission(ann, make_double())
    seen = {who.username: log_in(client, who).get(f"/submissions/{number}") for who in (ann, ben, olga)}
    assert {name: answer.status_code for name, answer in seen.items()} == {"ann": 200, "ben": 404, "olga": 200}
    assert "a &lt;b&gt; c" in seen["ann"].text
    assert f"submission:{number}" in live.submission_topics(number)


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x"])
def test_an_address_that_names_no_submission_shows_the_problem_alone(client, club, log_in, number):
    log_in(client, club.member)
    for asked in ("submission", "trial"):
        assert client.get(f"/problems/two-sum?{asked}={number}").status_code == 200
    assert client.get(f"/problems/two-sum/compare?old={number}").status_code == 200


def test_the_failed_sample_stands_beside_what_was_expected(client, club, log_in):
    page = log_in(client, club.member).get(f"/submissions/{club.arguments['submission_id']}").text
    for part in ("Wrong answer", "0 of 2", "Example 1", "Expected", "Your output"):
        assert part in page


def test_lists_show_ones_own_and_organisers_everybodys(client, make_member, make_double, add_submission, log_in):
    ann, ben, olga = make_member("ann"), make_member("ben"), make_member("olga", role="organiser")
    double = make_double()
    for member, verdict in ((ann, "AC"), (ann, "WA"), (ben, "XX")):
        add_submission(member, double, verdict)
    own = log_in(client, ann).get("/submissions").text
    assert (own.count("/submissions/"), "Wrong answer</span>" in own) == (2, True)
    log_in(client, olga)
    for query, rows in (
        ({}, 3), ({"member": "Ann"}, 2), ({"member": "nobody"}, 0), ({"verdict": "AC"}, 1),
        ({"language": "cpp"}, 0), ({"problem": "double"}, 3), ({"verdict": "waiting"}, 0),
    ):  # fmt: skip
        page = client.get("/organise/submissions", query_string=query).text
        assert page.count('href="/submissions/') == rows, query


def test_the_leaderboard_ranks_and_shares_places(client, make_member, make_double, add_submission):
    month = leaderboard.month_begins()
    easy, hard = make_double("easy", points=10, category="Graphs"), make_double("hard", points=30, category="Strings")
    ann, ben, cat, dan = (make_member(name) for name in ("ann", "ben", "cat", "dan"))
    for member, problem, at in (
        (ann, easy, month), (ann, hard, month - timedelta(seconds=1)), (ben, hard, month), (cat, hard, month),
        (dan, easy, month), (dan, hard, month),
    ):  # fmt: skip
        add_submission(member, problem, submitted_at=at)
    disable_member(dan.id)
    tables = {
        "": [("ann", 1, 40, 2), ("ben", 2, 30, 1), ("cat", 2, 30, 1)],
        "order=solved": [("ann", 1, 40, 2), ("ben", 2, 30, 1), ("cat", 2, 30, 1)],
        "period=month": [("ben", 1, 30, 1), ("cat", 1, 30, 1), ("ann", 3, 10, 1)],
        "period=month&order=solved": [("ann", 1, 10, 1), ("ben", 1, 30, 1), ("cat", 1, 30, 1)],
        "category=Graphs": [("ann", 1, 10, 1)],
        "category=Zed": [],
    }
    for query, expected in tables.items():
        span = leaderboard.Span(**dict(part.split("=") for part in query.split("&") if part))
        rows = leaderboard.rows(span, leaderboard.Paging(1, 50))
        assert [(row.username, row.place, row.points, row.solved) for row in rows] == expected, query
        assert leaderboard.count_rows(span) == len(expected)
        assert client.get(f"/problems/leaderboard?{query}").text.count('id="member-') == len(expected)


def test_find_me_keeps_what_was_chosen(client, make_member, make_double, add_submission, log_in):
    ann = make_member("ann")
    add_submission(ann, make_double(category="Graphs"))
    answer = log_in(client, ann).get("/problems/leaderboard/me?period=month&category=Graphs&order=solved")
    assert answer.location == f"/problems/leaderboard?order=solved&period=month&category=Graphs#member-{ann.id}"


def test_the_list_of_problems_marks_what_one_has_solved_and_chance_leads_to_another(
    client, make_member, make_double, add_submission, log_in
):
    ann, double = make_member("ann"), make_double("double")
    make_double("twice")
    add_submission(make_member("ben"), double, "WA")
    add_submission(ann, double, "AC")
    assert "Solved</span>" not in client.get("/problems").text
    log_in(client, ann)
    page = client.get("/problems").text
    assert page.count("Solved</span>") == 1
    assert "solved by 1, 50 % of programs accepted" in page
    assert {client.get("/problems/random").headers["Location"] for _ in range(5)} == {"/problems/twice"}
    assert "1 <small>10 points" in client.get("/members/ann").text
