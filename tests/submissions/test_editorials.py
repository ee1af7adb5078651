"""Editorials: open to whoever solved the problem or gave it up, and nothing of them anywhere else."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.db import transaction
from app.core.highlighting import highlighted
from app.core.jobs import enqueue
from app.core.refusal import Refused
from app.extensions import db
from app.problems import parts
from app.problems.case_service import change_test
from app.problems.models import Problem, ReferenceSolution, TestCase
from app.problems.pairs import Pair
from app.problems.references import NEVER_JUDGED, told_of
from app.problems.service import details_of, edit_problem, retire_problem
from app.submissions import editorials, queries, reference_jobs, service, storing
from app.submissions.grading import Grade
from app.submissions.models import GivenUp
from tests.routes import addresses, all_requests

SECRET, PROGRAM = "Sort first: zebra.", "print(2 * int(input()))  # giraffe\n"


@pytest.fixture
def told(make_double):
    """A problem with a write-up and two programs, one of which is wrong on purpose."""

    def make(slug="told", **details):
        problem = make_double(slug, editorial=SECRET, **details)
        with transaction():
            for name, wanted in (("accepted/a.py", "AC"), ("wrong_answer/b.py", "WA")):
                row = {"problem_id": problem.id, "name": name, "wanted": wanted, "language": "python"}
                db.session.add(ReferenceSolution(source=PROGRAM, **row))
        return problem

    return make


def solve(member, problem, source="1"):
    with transaction():
        number = service.submit(member, problem, "python", source)
        storing.begin(number, "sandbox", problem.tests_version, total=2)
        storing.finish(number, problem.tests_version, Grade(total=2, passed=2))


def test_it_is_open_to_who_solved_it_or_gave_it_up_and_to_organisers(client, make_member, told, log_in):
    problem = told()
    ann, ben, eve = make_member("ann"), make_member("ben"), make_member("eve")
    solve(ann, problem)
    editorials.give_up(ben, problem)
    assert "zebra" not in client.get("/problems/told/editorial").text
    for member, is_open in ((ann, True), (ben, True), (eve, False), (make_member("olga", role="organiser"), True)):
        page = log_in(client, member).get("/problems/told/editorial").text
        assert ("zebra" in page, "giraffe" in page) == (is_open, is_open)
        assert "wrong_answer" not in page
        assert ("given it up" in page) == (not is_open)


def test_nothing_of_it_is_on_any_other_page(app, club, told, log_in):
    told("other")
    with transaction():
        two_sum = db.session.scalars(select(Problem).where(Problem.slug == "two-sum")).one()
        two_sum.editorial_source = two_sum.editorial_html = SECRET
        row = {"problem_id": two_sum.id, "name": "accepted/a.py", "wanted": "AC", "language": "python"}
        db.session.add(ReferenceSolution(source=PROGRAM, **row))
    for visitor in (None, club.member):
        client = log_in(app.test_client(), visitor) if visitor else app.test_client()
        for page in addresses(app, club):
            text = client.get(page).text + client.get(page, headers={"HX-Request": "true"}).text
            assert ("zebra" in text, "giraffe" in text) == (False, False), page
        for _, method, page in all_requests(app, club):
            if method == "POST" and "problem" in page and "give-up" not in page:
                assert "zebra" not in client.post(page).text, page


def test_giving_up_costs_the_points_but_not_the_mark_and_is_asked_first(client, make_member, told, log_in):
    problem, ann = told(), make_member("ann")
    log_in(client, ann)
    page = client.get("/problems/told/give-up").text
    assert "no points any more" in page
    assert editorials.key_of(ann, problem.id).is_open is False
    client.post("/problems/told/give-up")
    page = client.get("/problems/told/editorial").text
    assert ("zebra" in page, "Solving it still brings you the mark, but no points." in page) == (True, True)
    solve(ann, problem)
    assert "You have solved it all the same, for the mark and no points." in client.get("/problems/told/editorial").text
    assert queries.totals_of(ann.id) == queries.Totals(0, 1)


def test_what_was_handed_in_before_giving_up_counts_as_it_did(make_member, told, log_in, client):
    problem, ann = told(), make_member("ann")
    number = service.submit(ann, problem, "python", "1")
    editorials.give_up(ann, problem)
    with transaction():
        storing.begin(number, "sandbox", problem.tests_version, total=2)
        storing.finish(number, problem.tests_version, Grade(total=2, passed=2))
    assert queries.totals_of(ann.id) == queries.Totals(10, 1)
    page = log_in(client, ann).get("/problems/told/editorial").text
    assert ("its 10 points are yours" in page, "no points" in page) == (True, False)


def test_of_a_retired_problem_nothing_more_can_be_lost_or_solved(make_member, told, log_in, client):
    problem = told()
    retire_problem(problem.id)
    log_in(client, make_member("ann"))
    assert "Solve it" not in client.get("/problems/told/editorial").text
    assert "costs you nothing" in client.get("/problems/told/give-up").text
    client.post("/problems/told/give-up")
    page = client.get("/problems/told/editorial").text
    assert ("takes no programs any more" in page, "still brings you" in page) == (True, False)


def test_nobody_gives_up_what_is_open_or_what_has_nothing_to_read(make_member, told, make_problem):
    problem, ann = told(), make_member("ann")
    editorials.give_up(ann, problem)
    with pytest.raises(Refused, match="open to you already"):
        editorials.give_up(ann, problem)
    with pytest.raises(Refused, match="no editorial yet"):
        editorials.give_up(ann, make_problem("bare"))
    assert len(db.session.scalars(select(GivenUp)).all()) == 1


def test_references_are_judged_and_those_who_organise_are_told_what_contradicts_a_problem(
    client, make_member, told, run_jobs, log_in
):
    problem = told()
    organiser, fault = make_member("olga", role="organiser"), "submissions/wrong_answer/b.py should be rejected"
    places = ("/problems/told", "/problems/told/editorial", "/problem-packages")
    log_in(client, organiser)
    assert [fault in client.get(place).text for place in places] == [False] * 3
    with transaction():
        reference_jobs.ask_for(problem.id)
    run_jobs()
    db.session.rollback()
    right, wrong = db.session.scalars(select(ReferenceSolution).order_by(ReferenceSolution.name))
    assert (right.found, right.cpu_ms is not None, right.memory_kb > 0) == ("AC", True, True)
    assert (wrong.found, wrong.wanted) == ("AC", "WA")
    assert [fault in client.get(place).text for place in places] == [True] * 3
    assert fault not in log_in(client, make_member("ann")).get("/problems/told").text
    parts.outdate_references(problem.id)
    assert told_of(problem.id).contradictions == []  # by other tests it may be otherwise
    assert told_of(problem.id).doubts == [f"2 reference solutions were not judged yet: {NEVER_JUDGED}"]


def change_answer(problem):
    test = db.session.scalars(select(TestCase).where(TestCase.problem_id == problem.id, ~TestCase.is_sample)).first()
    change_test(test.id, Pair(test.name, False, b"", b"99\n"), keeps_input=True, keeps_answer=False)


def change_limits(problem):
    details = details_of(db.session.get_one(Problem, problem.id))
    edit_problem(problem.id, replace(details, time_limit_s=3.0))


@pytest.mark.parametrize(("change", "found"), [(change_answer, "WA"), (change_limits, "AC")])
def test_after_tests_or_limits_changed_references_wait_and_are_judged_anew(
    make_member, told, run_jobs, log_in, client, change, found
):
    problem = told()
    with transaction():
        db.session.execute(update(ReferenceSolution).values(found="AC", cpu_ms=10, judged_at=clock.now()))
    change(problem)
    log_in(client, make_member("olga", role="organiser"))
    page = client.get("/problems/told/editorial").text
    assert ("before the tests or limits changed" in page, "giraffe" in page) == (True, True)
    with transaction():
        enqueue("find_references", subject="")
    run_jobs()
    db.session.rollback()
    right = db.session.scalars(select(ReferenceSolution).order_by(ReferenceSolution.name)).first()
    assert (right.found, right.is_outdated) == (found, False)
    assert ("giraffe" in client.get("/problems/told/editorial").text) == (found == "AC")


def test_words_that_change_outdate_nothing(told):
    problem = told()
    with transaction():
        db.session.execute(update(ReferenceSolution).values(found="AC", judged_at=clock.now()))
    details = details_of(db.session.get_one(Problem, problem.id))
    edit_problem(problem.id, replace(details, title="Told again"))
    assert not editorials.references(problem.id)[0].is_outdated


@pytest.mark.parametrize(
    ("language", "source", "part"),
    [
        ("python", "def f():\n    return '<b>'  # x\n", '<span class="code-comment"># x</span>'),
        ("cpp", "#include <a>\nint x = 1;\n", '<span class="code-number">1</span>'),
        ("java", '/* a\n b */ String s = "é";\n', '<span class="code-comment">/* a</span>'),
        ("nonsense", "<script>\n", "&lt;script&gt;"),
    ],
)
def test_colours_keep_every_line_and_let_no_markup_through(language, source, part):
    lines = highlighted(source, language)
    assert len(lines) == len(source.splitlines())
    assert part in "\n".join(lines)
    assert "<b>" not in "\n".join(lines)
    assert all(line.count("<span") == line.count("</span") for line in lines)
