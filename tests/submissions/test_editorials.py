"""Editorials: open to whoever solved the problem or gave it up, and nothing of them anywhere else."""

import pytest
from sqlalchemy import select

from app.core.db import transaction
from app.core.highlighting import highlighted
from app.core.refusal import Refused
from app.extensions import db
from app.problems.models import Problem, ReferenceSolution
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
    assert "zebra" in client.get("/problems/told/editorial").text
    solve(ann, problem)
    assert queries.totals_of(ann.id) == queries.Totals(0, 1)


def test_what_was_handed_in_before_giving_up_counts_as_it_did(make_member, told):
    problem, ann = told(), make_member("ann")
    number = service.submit(ann, problem, "python", "1")
    editorials.give_up(ann, problem)
    with transaction():
        storing.begin(number, "sandbox", problem.tests_version, total=2)
        storing.finish(number, problem.tests_version, Grade(total=2, passed=2))
    assert queries.totals_of(ann.id) == queries.Totals(10, 1)


def test_nobody_gives_up_what_is_open_or_what_has_nothing_to_read(make_member, told, make_problem):
    problem, ann = told(), make_member("ann")
    editorials.give_up(ann, problem)
    with pytest.raises(Refused, match="open to you already"):
        editorials.give_up(ann, problem)
    with pytest.raises(Refused, match="no editorial yet"):
        editorials.give_up(ann, make_problem("bare"))
    assert len(db.session.scalars(select(GivenUp)).all()) == 1


def test_references_are_judged_for_their_times(make_member, told, run_jobs):
    problem = told()
    with transaction():
        reference_jobs.ask_for(problem.id)
    run_jobs()
    db.session.rollback()
    right, wrong = db.session.scalars(select(ReferenceSolution).order_by(ReferenceSolution.name))
    assert (right.found, right.cpu_ms is not None, right.memory_kb > 0) == ("AC", True, True)
    assert (wrong.found, wrong.judged_at) == (None, None)


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
