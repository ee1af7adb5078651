"""What is taken and what is refused, and in which order it is judged."""

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job
from app.extensions import db
from app.members.service import delete_member
from app.problems.models import Problem
from app.problems.service import retire_problem
from app.submissions import queries, service, turns
from app.submissions.judges.sandbox import Sandbox
from app.submissions.models import Draft, Submission, Trial
from app.submissions.service import LONGEST_INPUT_BYTES, LONGEST_SOURCE_BYTES, MOST_QUEUED, SubmissionRefused
from tests.conftest import PASSWORD

RIGHT = "print(2 * int(input()))\n"
LONG = "x" * LONGEST_SOURCE_BYTES
BAD = {
    "nothing": ("python", "", "source", "Write something first"),
    "white space": ("python", " \r\n\t", "source", "Write something first"),
    "a megabyte": ("python", "x" * 1_000_000, "source", "at most 256 kB"),
    "a byte too many": ("python", LONG + "x", "source", "at most 256 kB"),
    "a NUL": ("python", "print(1)\0", "source", "NUL"),
    "no language": ("", RIGHT, "language", "Choose one"),
    "another language": ("cobol", RIGHT, "language", "Choose one"),
    "a language that is off": ("cpp", RIGHT, "language", "C++17 cannot be judged here. g++ is not installed"),
}


@pytest.fixture
def without_compilers(app, monkeypatch, tmp_path):
    (tmp_path / "python3").symlink_to("/usr/bin/python3")
    monkeypatch.setitem(app.extensions, "judge sandbox", Sandbox(path=str(tmp_path)))


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_judged_is_refused_with_why(make_member, make_double, without_compilers, case):
    language, source, field, why = BAD[case]
    ann, double = make_member("ann"), make_double()
    for hand_in in (service.submit, lambda *given: service.try_out(*given, "1")):
        with pytest.raises(SubmissionRefused, match=why.replace("+", r"\+")) as refusal:
            hand_in(ann, double, language, source)
        assert refusal.value.field == field
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in (Submission, Trial)] == [0, 0]


def test_the_longest_source_and_odd_characters_are_taken_as_they_are(make_member, make_double):
    ann, double = make_member("ann"), make_double()
    for given, kept in ((LONG, LONG), ("a\r\nb\udfff", "a\nb?"), ("print('é')", "print('é')")):
        number = service.submit(ann, double, "python", given)
        assert db.session.get_one(Submission, number).source == kept


def test_a_draft_and_a_retired_problem_take_nothing(make_member, make_double):
    ann, draft, retired = make_member("ann"), make_double("draft", is_published=False), make_double("retired")
    retire_problem(retired.id)
    db.session.rollback()
    for problem in (draft, db.session.get_one(Problem, retired.id)):
        with pytest.raises(SubmissionRefused, match="takes no programs"):
            service.submit(ann, problem, "python", RIGHT)
        with pytest.raises(SubmissionRefused, match="takes no programs"):
            service.save_draft(ann, problem, "python", RIGHT)


def test_what_waits_when_a_problem_is_retired_is_judged(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    service.submit(ann, double, "python", RIGHT)
    retire_problem(double.id)
    run_jobs()
    assert queries.totals_of(ann.id).solved == 1


def test_the_same_form_twice_is_one_submission_while_it_waits(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    first = service.submit(ann, double, "python", RIGHT)
    assert service.submit(ann, double, "python", RIGHT.replace("\n", "\r\n")) == first
    run_jobs()
    assert service.submit(ann, double, "python", RIGHT) != first


def test_a_member_may_have_twenty_waiting(make_member, make_double):
    ann, ben, double = make_member("ann"), make_member("ben"), make_double()
    for number in range(MOST_QUEUED):
        service.submit(ann, double, "python", f"print({number})")
    with pytest.raises(SubmissionRefused, match="wait to be judged"):
        service.submit(ann, double, "python", RIGHT)
    assert service.submit(ben, double, "python", RIGHT)


def test_one_trial_at_a_time_and_six_a_minute(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    service.try_out(ann, double, "python", RIGHT, "1")
    with pytest.raises(SubmissionRefused, match="still running"):
        service.try_out(ann, double, "python", RIGHT, "2")
    run_jobs()
    for number in range(service.TRIALS_A_MINUTE - 1):
        add_trial(ann, double, number)
    with pytest.raises(SubmissionRefused, match="a minute"):
        service.try_out(ann, double, "python", RIGHT, "3")


def add_trial(member, problem, number):
    now = clock.now()
    with transaction():
        program = {"problem_id": problem.id, "language": "python", "source": str(number)}
        db.session.add(Trial(member_id=member.id, created_at=now, finished_at=now, **program))


@pytest.mark.parametrize(("own_input", "why"), [("1" * (LONGEST_INPUT_BYTES + 1), "64 kB"), ("\0", "NUL")])
def test_an_own_input_has_bounds(make_member, make_double, own_input, why):
    with pytest.raises(SubmissionRefused, match=why) as refusal:
        service.try_out(make_member("ann"), make_double(), "python", RIGHT, own_input)
    assert refusal.value.field == "own_input"


def test_without_samples_a_trial_needs_an_own_input(make_member, make_double):
    ann, double = make_member("ann"), make_double(samples=())
    with pytest.raises(SubmissionRefused, match="no samples"):
        service.try_out(ann, double, "python", RIGHT, None)
    assert service.try_out(ann, double, "python", RIGHT, "")


def test_a_draft_is_kept_once_for_each_language(make_member, make_double):
    ann, double = make_member("ann"), make_double()
    began = service.save_draft(ann, double, "python", "a").isoformat()
    service.save_draft(ann, double, "cpp", "b")
    service.save_draft(ann, double, "python", "c\r\n", began=began)
    kept = db.session.execute(select(Draft.language, Draft.source).order_by(Draft.language)).all()
    assert [tuple(row) for row in kept] == [("cpp", "b"), ("python", "c\n")]


def test_what_a_former_member_was_writing_goes_and_what_they_handed_in_stays(make_member, make_double, run_jobs):
    ann, ben, double = make_member("ann"), make_member("ben"), make_double()
    for member in (ann, ben):
        service.save_draft(member, double, "python", RIGHT)
        service.try_out(member, double, "python", RIGHT, "1")
        service.submit(member, double, "python", RIGHT)
    run_jobs()
    delete_member(ann.id, PASSWORD)
    run_jobs()
    left = [db.session.scalars(select(table.member_id)).all() for table in (Draft, Trial, Submission)]
    assert left == [[ben.id], [ben.id], [ann.id, ben.id]]


def test_members_take_turns(make_member, make_double, run_jobs):
    """Ann hands in five, then Ben and Cat one each: theirs wait for one of hers, not for five."""
    double, ann = make_double(), make_member("ann")
    hers = [service.submit(ann, double, "python", f"print({number})") for number in range(5)]
    ben, cat = (service.submit(make_member(name), double, "python", RIGHT) for name in ("ben", "cat"))
    expected = [hers[0], ben, cat, *hers[1:]]
    waiting = {number: db.session.get_one(Submission, number) for number in expected}
    places = {number: turns.ahead_of(each, turns.line_before(each)) for number, each in waiting.items()}
    assert list(places.values()) == list(range(7))
    run_jobs()
    ended = select(Job.reason).where(Job.kind == "grade").order_by(Job.finished_at, Job.id)
    judged = [int(reason.split()[1].rstrip(":")) for reason in db.session.scalars(ended)]
    assert judged == expected


def test_a_trial_comes_before_what_the_member_has_handed_in(make_member, make_double, run_jobs):
    ann, double = make_member("ann"), make_double()
    for number in range(2):
        service.submit(ann, double, "python", f"print({number})")
    service.try_out(ann, double, "python", RIGHT, "1")
    run_jobs()
    reasons = db.session.scalars(select(Job.reason).where(Job.kind == "grade").order_by(Job.id)).all()
    assert reasons == ["Tried.", "Submission 1: WA.", "Submission 2: WA."]
