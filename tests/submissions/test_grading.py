"""From handing a program in to its verdict, with the real sandbox."""

from itertools import product

import pytest
from sqlalchemy import delete, select

from app.core.db import transaction
from app.extensions import db
from app.problems.models import Problem, TestCase
from app.problems.pairs import Pair
from app.submissions import queries, service
from app.submissions.models import Judging, Solve, Submission, Trial
from tests.conftest import HIDDEN
from tests.routes import addresses

RIGHT = "print(2 * int(input()))\n"
VERDICTS = {
    "AC": RIGHT,
    "WA on a sample": "print(2)\n",
    "WA on a hidden test": f"n = int(input())\nprint(2 * n if n != {HIDDEN} else 0)\n",
    "RTE": "raise SystemExit(3)\n",
    "CE": "print(\n",
}


def judged(submission_id: int) -> tuple[Submission, Judging]:
    db.session.rollback()
    submission = db.session.get_one(Submission, submission_id, populate_existing=True)
    return submission, queries.counted_judging(submission_id)


@pytest.mark.parametrize("case", VERDICTS)
def test_a_program_gets_its_verdict(make_member, make_double, run_jobs, case):
    ann, double = make_member("ann"), make_double()
    number = service.submit(ann, double, "python", VERDICTS[case])
    run_jobs()
    submission, judging = judged(number)
    assert (submission.verdict, judging.verdict) == (case.split()[0],) * 2
    assert queries.totals_of(ann.id) == (queries.Totals(10, 1) if case == "AC" else queries.Totals(0, 0))


def test_a_failed_sample_is_shown_and_a_hidden_test_never(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    on_sample = service.submit(ann, double, "python", "print(7)\nimport sys\nprint('oh', file=sys.stderr)\n")
    run_jobs()
    echo = f"import sys\nn = input()\nif n == '{HIDDEN}': sys.exit(n + n)\nprint(2 * int(n))\n"
    on_hidden = service.submit(ann, double, "python", echo)
    run_jobs()
    _, judging = judged(on_sample)
    shown = (judging.sample_input, judging.sample_answer, judging.sample_output, judging.sample_stderr)
    assert shown == ("21\n", "42\n", "7\n", "oh\n")
    submission, judging = judged(on_hidden)
    assert (submission.verdict, judging.passed, judging.failed_number) == ("RTE", 1, 2)
    told = [judging.reason, judging.sample_input, judging.sample_output, judging.sample_stderr, str(judging.results)]
    assert not any(HIDDEN in text for text in told)


def test_whatever_a_program_does_with_a_hidden_input_no_page_shows_it(app, club, log_in, run_jobs):
    problem = db.session.scalars(select(Problem)).one()
    tell = "import sys\nn = input()\nprint(2 if n == '1' else n)\nprint(n, file=sys.stderr, flush=True)\n"
    ends = ("", "if n != '1': sys.exit(n)", "if n != '1': sys.exit(int(n) % 251)", "if n != '1': print(n * 10**6)")
    numbers = [service.submit(club.member, problem, "python", tell + end) for end in ends]
    run_jobs()
    assert [judged(number)[0].verdict for number in numbers] == ["WA", "RTE", "RTE", "OLE"]
    assert {judged(number)[1].failed_number for number in numbers} == {2}
    for visitor, number in product((club.member, club.organiser), numbers):
        client = log_in(app.test_client(), visitor)
        club.arguments["submission_id"] = number
        pages = [page for page in addresses(app, club) if "problem" in page or "submission" in page]
        pages = [page for page in pages if "/tests" not in page and not page.endswith(".zip")]
        pages.append(f"/problems/two-sum?submission={number}")
        assert [page for page in pages if HIDDEN.encode() in client.get(page).data] == []


def test_of_hidden_tests_not_even_time_and_memory_are_shown(client, log_in, make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    number = service.submit(ann, double, "python", RIGHT)
    run_jobs()
    judging = judged(number)[1]
    tests = log_in(client, ann).get(f"/submissions/{number}").text.partition("Every test")[2].partition("</ol>")[0]
    assert (judging.passed, tests.count("<li>"), tests.count(" ms,"), tests.count(" MB")) == (2, 2, 1, 1)


def test_an_answer_longer_than_outputs_usually_may_be_can_be_given(make_member, make_problem, run_jobs):
    long = make_problem("long", pairs=[Pair("1", False, b"1200000\n", b"7" * 1_200_000 + b"\n")])
    ann = make_member("ann")
    right, endless = (service.submit(ann, long, "python", f"print('7' * int(input()) * {times})\n") for times in (1, 3))
    run_jobs()
    assert [judged(number)[0].verdict for number in (right, endless)] == ["AC", "OLE"]


def test_a_trial_runs_on_samples_or_on_own_input_and_counts_for_nothing(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    on_samples = service.try_out(ann, double, "python", RIGHT, None)
    run_jobs()
    on_own = service.try_out(ann, double, "python", RIGHT, "4")
    run_jobs()
    db.session.rollback()
    results = {trial.id: trial.results for trial in db.session.scalars(select(Trial))}
    assert [(result["answer"], result["verdict"]) for result in results[on_samples]] == [("42\n", "AC")]
    assert [(result["output"], result["answer"], result["verdict"]) for result in results[on_own]] == [
        ("8\n", None, None)
    ]
    assert db.session.scalars(select(Solve)).all() == []


def test_a_trial_goes_no_further_than_what_is_too_slow(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double(samples=("1", "2", "3"), time_limit_s=0.1)
    slow = "n = int(input())\nwhile n == 2: pass\nprint(2 * n)\n"
    service.try_out(ann, double, "python", slow, None)
    run_jobs()
    [trial] = db.session.scalars(select(Trial))
    assert [result["verdict"] for result in trial.results] == ["AC", "TLE"]
    assert trial.results[-1]["reason"].endswith("What comes after it was not run.")


def test_without_tests_nothing_is_accepted(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double(samples=(), hidden=("1",))
    number = service.submit(ann, double, "python", RIGHT)
    with transaction():
        db.session.execute(delete(TestCase))
    run_jobs()
    submission, judging = judged(number)
    assert (submission.verdict, "no tests" in judging.reason) == ("JE", True)
    assert queries.totals_of(ann.id).solved == 0


def test_solving_twice_counts_once(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    for extra in ("", "# once more\n"):
        service.submit(ann, double, "python", RIGHT + extra)
        run_jobs()
    assert queries.totals_of(ann.id) == queries.Totals(10, 1)
    assert queries.acceptance_of([double.id])[double.id] == queries.Acceptance(2, 2)
