"""Judged once more beside what counts; compared; then applied as a whole, or dropped."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import Job, enqueue
from app.core.refusal import Refused
from app.extensions import db
from app.problems import case_service
from app.problems.models import Problem, TestCase
from app.problems.pairs import Pair
from app.problems.service import details_of, edit_problem
from app.submissions import checks, queries, rejudge_jobs, rejudge_queries, rejudging, service
from app.submissions.judges.base import JudgeFault, Outcome, Verdict
from app.submissions.models import GivenUp, Judging, Solve, Submission
from tests.test_databases import statements_of

TWICE, THRICE = "2 * n", "3 * n"


class Calculator:
    """A judge whose programs are sums of `n`; while it has `faults` it can do nothing."""

    name = identity = "sandbox"
    title, is_remote = "The calculator", False

    def __init__(self) -> None:
        self.faults: list[JudgeFault] = []
        self.judged: list[str] = []
        self.meanwhile = lambda: None

    def languages(self) -> dict[str, str | None]:
        return {"python": None}

    def probe(self) -> list[JudgeFault]:
        return self.faults

    def fingerprint(self) -> str:
        return self.name

    def run(self, _language, source, _limits, inputs, _waiting) -> Iterator[Outcome]:
        self.judged.append(source.decode().strip())
        if b"boom" in source:
            raise JudgeFault("It is broken.", "Mend it.", is_temporary=False)
        for content in inputs:
            self.meanwhile()
            yield Outcome(None, b"%d\n" % eval(source, {"n": int(content)}), b"", 7, 900, "")


@pytest.fixture
def judge(app, monkeypatch) -> Calculator:
    calculator = Calculator()
    monkeypatch.setitem(app.extensions, "judge sandbox", calculator)
    return calculator


@pytest.fixture
def handed_in(judge, make_double, run_jobs):
    """handed_in((ann, TWICE), ...): judged one after the other; the problem, and their numbers."""

    def hand_in(*programs, problem=None):
        problem = problem or make_double()
        numbers = []
        for member, source in programs:
            numbers.append(service.submit(member, problem, "python", source))
            run_jobs()
        return problem, numbers

    return hand_in


def answer_thrice(problem: Problem, times: int = 3) -> None:
    """What was right is wrong from now on, and the other way round."""
    for test in db.session.scalars(select(TestCase).where(TestCase.problem_id == problem.id)).all():
        number = int(db.session.scalar(select(TestCase.input).where(TestCase.id == test.id)))
        pair = Pair(test.name, test.is_sample, b"%d\n" % number, b"%d\n" % (times * number))
        case_service.change_test(test.id, pair, keeps_input=False, keeps_answer=False)


def begun(problem: Problem, run_jobs) -> int:
    number = rejudging.rejudge_problem(problem)
    run_jobs()
    db.session.rollback()
    return number


def verdicts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Submission.verdict).order_by(Submission.id)))


def solved() -> dict[int, tuple[int, int]]:
    """By which submission and for how many points, by member."""
    db.session.rollback()
    return {row.member_id: (row.submission_id, row.points) for row in db.session.scalars(select(Solve))}


def outcome(number: int) -> rejudge_queries.Outcome:
    db.session.rollback()
    return rejudge_queries.outcome_of(rejudge_queries.find_rejudge(number))


def test_nothing_counts_before_it_is_applied_and_then_all_of_it_follows(
    make_member, handed_in, run_jobs, log_in, client
):
    ann, ben = make_member("ann"), make_member("ben")
    problem, (anns, bens) = handed_in((ann, TWICE), (ben, THRICE))
    answer_thrice(problem)
    number = begun(problem, run_jobs)
    assert (verdicts(), solved()) == (["AC", "WA"], {ann.id: (anns, 10)})
    assert [(row.before, row.after, row.number) for row in outcome(number).verdicts] == [
        ("AC", "WA", 1),
        ("WA", "AC", 1),
    ]
    told = rejudge_queries.solve_rows(outcome(number).solves)
    assert [row.change.points for row in told] == [-10, 10]
    assert rejudge_queries.has_old_verdicts(db.session.get_one(Problem, problem.id))
    rejudging.apply_rejudge(number, seen=outcome(number).digest)
    assert not rejudge_queries.has_old_verdicts(db.session.get_one(Problem, problem.id))
    applied = rejudge_queries.applied_solves(rejudge_queries.find_rejudge(number))
    assert applied == [replace(row.change, solve_id=None) for row in told]
    page = log_in(client, make_member("olga", role="organiser")).get(f"/organise/rejudges/{number}").text
    assert ("Who gained, who lost" in page, "+10" in page, "then you see" in page) == (True, True, False)
    assert (verdicts(), solved()) == (["WA", "AC"], {ben.id: (bens, 10)})
    assert queries.totals_of(ann.id) == queries.Totals(0, 0)
    assert queries.acceptance_of([problem.id])[problem.id] == queries.Acceptance(1, 2)
    assert queries.counted_judging(anns).tests_version == db.session.get_one(Problem, problem.id).tests_version
    assert [(one.before, one.after) for one in rejudge_queries.rejudgings_of(anns)] == [("AC", "WA")]


def test_the_first_accepted_submission_solves_whichever_that_is_by_now(make_member, handed_in, run_jobs):
    ann, ben = make_member("ann"), make_member("ben")
    problem, numbers = handed_in((ann, THRICE), (ann, TWICE), (ben, TWICE), (ben, THRICE), (ben, "n * 3"))
    answer_thrice(problem)
    edit_problem(problem.id, details_with(problem, points=99))
    rejudging.apply_rejudge(begun(problem, run_jobs))
    assert solved() == {ann.id: (numbers[0], 10), ben.id: (numbers[3], 10)}
    moments = dict(db.session.execute(select(Submission.id, Submission.submitted_at)).tuples().all())
    assert {row.solved_at == moments[row.submission_id] for row in db.session.scalars(select(Solve))} == {True}


def test_what_a_wrong_rejudge_took_comes_back_as_it_was(make_member, handed_in, run_jobs):
    ann, ben = make_member("ann"), make_member("ben")
    problem, (anns, bens, _) = handed_in((ann, TWICE), (ben, TWICE), (ben, THRICE))
    edit_problem(problem.id, details_with(problem, points=50))
    for times, expected in ((3, 1), (2, 2)):
        answer_thrice(problem, times)
        rejudging.apply_rejudge(begun(problem, run_jobs))
        assert len(solved()) == expected
    assert solved() == {ann.id: (anns, 10), ben.id: (bens, 10)}


def details_with(problem, **changed):
    db.session.rollback()
    told = details_of(db.session.get_one(Problem, problem.id))
    return type(told)(**{**told.__dict__, **changed})


def test_dropped_nothing_has_changed(make_member, handed_in, run_jobs):
    ann = make_member("ann")
    problem, numbers = handed_in((ann, TWICE))
    answer_thrice(problem)
    number = begun(problem, run_jobs)
    rejudging.drop_rejudge(number)
    assert (verdicts(), solved()) == (["AC"], {ann.id: (numbers[0], 10)})
    with pytest.raises(Refused, match="dropped already"):
        rejudging.apply_rejudge(number)


def test_what_it_did_is_recorded_before_and_after(make_member, handed_in, run_jobs):
    ann = make_member("ann")
    problem, (anns,) = handed_in((ann, TWICE))
    answer_thrice(problem)
    number = begun(problem, run_jobs)
    rejudging.apply_rejudge(number)
    begin, apply = db.session.scalars(
        select(AuditRecord).where(AuditRecord.subject == f"rejudge:{number}").order_by(AuditRecord.id)
    )
    assert (begin.act, begin.after) == ("begin rejudge", {"problem": problem.id, "submissions": 1})
    assert (apply.before["verdicts"], apply.after["verdicts"]) == ({str(anns): "AC"}, {str(anns): "WA"})
    key = f"{problem.id}:{ann.id}"
    assert (apply.before["solves"], apply.after["solves"]) == ({key: {"by": anns, "points": 10}}, {key: None})


def test_a_judges_error_takes_no_verdict_away(make_member, handed_in, run_jobs, judge, monkeypatch):
    ann = make_member("ann")
    problem, numbers = handed_in((ann, TWICE))
    answer_thrice(problem)
    fault = JudgeFault("It is broken.", "Mend it.", is_temporary=False)
    monkeypatch.setattr(judge, "run", lambda *_: (_ for _ in ()).throw(fault))
    number = begun(problem, run_jobs)
    assert (outcome(number).kept, outcome(number).changed) == (1, 0)
    rejudging.apply_rejudge(number)
    assert (verdicts(), solved()) == (["AC"], {ann.id: (numbers[0], 10)})
    assert rejudge_queries.rejudgings_of(numbers[0]) == []


def test_who_hands_in_meanwhile_keeps_what_that_brings(make_member, handed_in, run_jobs):
    ann = make_member("ann")
    problem, _ = handed_in((ann, TWICE))
    answer_thrice(problem)
    number = begun(problem, run_jobs)
    seen = outcome(number)
    _, (later,) = handed_in((ann, THRICE), problem=problem)
    with pytest.raises(rejudging.OutcomeOutdated) as outdated:
        rejudging.apply_rejudge(number, seen=seen.digest)
    assert verdicts() == ["AC", "AC"]
    rejudging.apply_rejudge(number, seen=outdated.value.outcome.digest)
    assert (verdicts(), solved()) == (["WA", "AC"], {ann.id: (later, 10)})


@pytest.mark.parametrize("when", ["before", "in the midst", "after"])
def test_one_whose_rules_have_changed_cannot_be_applied_and_goes_no_further(
    make_member, handed_in, run_jobs, judge, when
):
    problem, _ = handed_in((make_member("ann"), TWICE))

    def change() -> None:
        judge.meanwhile = lambda: None
        edit_problem(problem.id, details_with(problem, time_limit_s=3.0))

    number = rejudging.rejudge_problem(problem)
    if when == "before":
        change()
    if when == "in the midst":
        judge.meanwhile = change
    run_jobs()
    if when == "after":
        change()
    db.session.rollback()
    assert rejudge_queries.progress_of(number).is_complete == (when == "after")
    assert rejudge_queries.outdated(rejudge_queries.find_rejudge(number)) == ["Double"]
    assert rejudging.lanes_left() == []
    with pytest.raises(Refused):
        rejudging.apply_rejudge(number)
    rejudging.drop_rejudge(number)
    assert rejudging.rejudge_problem(problem)


def test_two_of_one_problem_at_once_are_refused(make_member, handed_in, make_double):
    ann = make_member("ann")
    problem, (number,) = handed_in((ann, TWICE))
    first = rejudging.rejudge_submission(db.session.get_one(Submission, number))
    for again in (lambda: rejudging.rejudge_problem(problem), lambda: rejudging.rejudge_since(clock.now() - HOUR)):
        with pytest.raises(Refused, match=f"in rejudge {first} already"):
            again()
    other, _ = handed_in((ann, TWICE), problem=make_double("other"))
    assert rejudging.rejudge_problem(other)


HOUR = timedelta(hours=1)


def test_only_what_was_handed_in_since_then_and_has_a_verdict(make_member, handed_in):
    ann = make_member("ann")
    with clock.standing_at(clock.now() - 3 * HOUR):
        problem, _ = handed_in((ann, TWICE))
    handed_in((ann, THRICE), problem=problem)
    service.submit(ann, problem, "python", "n")
    number = rejudging.rejudge_since(clock.now() - HOUR)
    assert rejudge_queries.progress_of(number).total == 1
    with pytest.raises(Refused, match="nothing to judge again"):
        rejudging.rejudge_since(clock.now())


def test_while_the_judge_is_down_it_waits_and_then_goes_on(make_member, handed_in, run_jobs, judge):
    problem, _ = handed_in((make_member("ann"), TWICE), (make_member("ben"), TWICE))
    judge.faults = [JudgeFault("It is down.", "Start it.", is_temporary=True)]
    number = begun(problem, run_jobs)
    assert rejudge_queries.progress_of(number).done == 0
    judge.faults = []
    with transaction():
        for rejudge_id, lane in rejudging.lanes_left():
            rejudging.ask_for_lane(rejudge_id, lane)
    run_jobs()
    assert rejudge_queries.progress_of(number).is_complete


def test_a_judge_that_goes_away_in_the_midst_is_no_verdict_and_nothing_is_judged_twice(
    make_member, handed_in, run_jobs, judge
):
    problem, _ = handed_in((make_member("ann"), TWICE), (make_member("ben"), THRICE))

    def go_away() -> None:
        raise JudgeFault("It has gone.", "Start it.", is_temporary=True, is_outage=True)

    judge.meanwhile = go_away
    number = begun(problem, run_jobs)
    assert (rejudge_queries.progress_of(number).done, "It has gone." in checks.grading_off().reason) == (0, True)
    judge.meanwhile = lambda: None
    for kind in ("take_turns", "resume_rejudges"):
        with transaction():
            enqueue(kind, subject="")
        run_jobs()
    assert rejudge_queries.progress_of(number).is_complete
    assert db.session.scalar(select(func.count()).select_from(Judging).where(Judging.is_counted.is_(False))) == 2


def test_a_member_who_waits_goes_first_even_between_two_tests(make_member, handed_in, run_jobs, judge, monkeypatch):
    monkeypatch.setattr(rejudge_jobs, "LOOKED_EVERY_SECONDS", -1)
    ann, ben = make_member("ann"), make_member("ben")
    problem, _ = handed_in((ann, TWICE))
    number = rejudging.rejudge_problem(problem)

    def come() -> None:
        judge.meanwhile = lambda: None
        service.submit(ben, problem, "python", THRICE)
        with transaction():
            waiting = select(Job).where(Job.kind == "grade", Job.state == "queued")
            db.session.scalars(waiting).one().due_at = clock.now() - HOUR

    judge.meanwhile = come
    judge.judged.clear()
    run_jobs()
    assert judge.judged == [TWICE, THRICE, TWICE]
    assert rejudge_queries.progress_of(number).is_complete


def test_one_that_kills_its_worker_again_and_again_ends_as_the_judges_fault(make_member, handed_in):
    problem, _ = handed_in((make_member("ann"), TWICE))
    number = rejudging.rejudge_problem(problem)
    with transaction():
        rejudge_jobs.give_up("It was killed.", rejudge_id=number, lane=0)
    beside = db.session.scalars(select(Judging).where(Judging.is_counted.is_(False))).one()
    assert (beside.verdict, beside.reason) == (Verdict.JE, "It was killed.")
    assert rejudge_queries.progress_of(number).is_complete


def test_who_had_given_up_before_gets_no_points(make_member, handed_in, run_jobs):
    ann = make_member("ann")
    problem, _ = handed_in((ann, THRICE))
    with transaction():
        db.session.add(GivenUp(problem_id=problem.id, member_id=ann.id, given_up_at=clock.now()))
    _, (late,) = handed_in((ann, TWICE), problem=problem)
    assert solved() == {ann.id: (late, 0)}
    answer_thrice(problem)
    rejudging.apply_rejudge(begun(problem, run_jobs))
    assert [points for _, points in solved().values()] == [10]  # handed in before


def test_organisers_see_it_through_on_pages_and_the_member_is_told(
    client, make_member, handed_in, run_jobs, log_in, judge
):
    ann, olga = make_member("ann"), make_member("olga", role="organiser")
    problem, (number,) = handed_in((ann, TWICE))
    answer_thrice(problem)
    log_in(client, olga)
    where = client.post("/problems/double/rejudge").headers["Location"]
    assert "0 of 1 judged" in client.get(where).text
    run_jobs()
    page = client.get(where).text
    assert "1 of 1 would get another verdict" in page
    assert "loses it" in page
    assert client.post(f"{where}/apply", data={"seen": "another"}).status_code == 409
    assert client.post(f"{where}/apply", data={"seen": outcome(int(where.split("/")[-1])).digest}).status_code == 302
    assert "Applied" in client.get(where).text
    told = log_in(client, ann).get(f"/submissions/{number}").text
    assert "Accepted before, Wrong answer now" in told


def test_a_command_begins_one_and_says_what_will_not_do(app, make_member, handed_in):
    _, (number,) = handed_in((make_member("ann"), TWICE))
    call = app.test_cli_runner().invoke
    for wrong in ([], ["--problem", "nothing"], ["--submission", "9"], ["--submission", str(number), "--problem", "x"]):
        assert call(args=["submissions", "rejudge", *wrong]).exit_code == 1
    done = call(args=["submissions", "rejudge", "--problem", "double"])
    assert (done.exit_code, "Rejudge 1 has begun" in done.output) == (0, True)
    assert "already" in call(args=["submissions", "rejudge", "--since", "2026-01-01T00:00"]).output
    with app.test_request_context():
        assert rejudge_queries.progress_of(1).total == 1


def test_a_page_asks_as_often_however_many_are_in_it(client, make_member, make_double, handed_in, run_jobs, log_in):
    log_in(client, make_member("olga", role="organiser"))
    asked = []
    for slug, most in (("few", 1), ("many", 4)):
        programs = [(make_member(f"{slug}{number}"), TWICE) for number in range(most)]
        problem, _ = handed_in(*programs, problem=make_double(slug))
        answer_thrice(problem)
        number = begun(problem, run_jobs)
        asked.append(statements_of(client, f"/organise/rejudges/{number}"))
    assert asked[0] == asked[1] <= 20
