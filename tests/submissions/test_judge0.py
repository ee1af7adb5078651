"""Judge0 as the judge of the site: chosen, waited for while it is away, exchanged for the sandbox and back."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import NoReturn

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import NotNow, enqueue
from app.extensions import db
from app.submissions import callbacks, checks, judge_settings, outages, queries, service
from app.submissions.check import Report, specimens_for
from app.submissions.judge import connect_judge0, current_judge
from app.submissions.judge_settings import judge_name, typed_place
from app.submissions.judges.base import JudgeFault, Limits, Offer
from app.submissions.judges.judge0 import Bell, Judge0
from app.submissions.judges.none import NoJudge
from app.submissions.judges.sandbox import Sandbox
from app.submissions.models import Submission, Trial
from tests.judge0_server import TOKEN, Judge0Server

RIGHT = "print(2 * int(input()))\n"
LIMITS = Limits(seconds=1, memory_mb=64)
BEING_CHECKED = "This Judge0 is being checked before it judges anything."


@pytest.fixture
def server(app, monkeypatch) -> Iterator[Judge0Server]:
    """A Judge0 that nobody has told the site of yet; nothing else is said of a judge."""
    monkeypatch.setitem(app.config, "JUDGE", "")
    app.extensions.pop("judge judge0", None)
    monkeypatch.setattr("app.submissions.judges.judge0.PAUSES", (0.02,))
    monkeypatch.setattr("app.submissions.judges.judge0.TROUBLE_PAUSES", (0.01,))
    with Judge0Server() as stand_in:
        yield stand_in


@pytest.fixture
def told(app, server, monkeypatch) -> Judge0Server:
    """The same, told of by the environment, and found good at its check."""
    monkeypatch.setitem(app.config, "JUDGE0_URL", server.url)
    monkeypatch.setitem(app.config, "JUDGE0_TOKEN", TOKEN)
    keep_check(checks.in_use()[1], Judge0(server.url, server.headers).fingerprint())
    server.calls.clear()
    return server


@pytest.fixture
def admin(client, make_member, log_in):
    return log_in(client, make_member("adam", role="admin"))


@pytest.fixture
def take_turns(run_jobs):
    def run() -> None:
        with transaction():
            enqueue("take_turns", subject="")
        run_jobs()

    return run


def verdict_of(number: int) -> str | None:
    db.session.rollback()
    return db.session.scalar(select(Submission.verdict).where(Submission.id == number))


def keep_check(judge: str, fingerprint: str = "as it was", **details) -> None:
    with transaction():
        checks.keep(Report(judge, fingerprint, "", "", {}, [], **details))


def test_where_the_environment_tells_of_one_it_judges(told, make_member, make_double, run_jobs):
    number = service.submit(make_member("ann"), make_double(), "python", RIGHT)
    run_jobs()
    judging = queries.counted_judging(number)
    assert (judging.verdict, judging.judge, judging.passed) == ("AC", "judge0", 2)
    assert told.ran == 2


def test_nothing_is_judged_by_one_just_connected_until_its_check_is_over(
    server, monkeypatch, make_member, make_double, run_jobs
):
    keep_check(Judge0.identity_at(server.url))  # of another one, which stood there before
    connect_judge0(typed_place(server.url, TOKEN, "", ""))
    double = make_double()
    number = service.submit(make_member("ann"), double, "python", RIGHT)
    monkeypatch.setattr("app.submissions.check_jobs.run_check", lambda *_: not_yet())
    run_jobs()
    assert verdict_of(number) is None
    assert checks.grading_off().reason == BEING_CHECKED
    report = Report(checks.in_use()[1], "as it was", "", "", {}, [])
    monkeypatch.setattr("app.submissions.check_jobs.run_check", lambda *_: report)
    with clock.standing_at(clock.now() + timedelta(minutes=5)):
        run_jobs()
    assert verdict_of(number) == "AC"


def test_a_check_and_an_outage_count_for_the_address_that_they_were_made_at(
    app, told, monkeypatch, make_member, make_double, run_jobs
):
    monkeypatch.setattr("app.submissions.check_jobs.run_check", lambda *_: not_yet())
    outages.note(checks.in_use()[1], JudgeFault("It is down.", "Start it.", is_temporary=True))
    number = service.submit(make_member("ann"), make_double(), "python", RIGHT)
    with Judge0Server() as another:
        monkeypatch.setitem(app.config, "JUDGE0_URL", another.url)
        run_jobs()
        assert (verdict_of(number), another.ran, checks.grading_off().reason) == (None, 0, BEING_CHECKED)
        keep_check(checks.in_use()[1])
        assert checks.grading_off() is None
    monkeypatch.setitem(app.config, "JUDGE0_URL", told.url)
    assert checks.grading_off().reason == "It is down."


def test_one_that_has_changed_since_its_check_waits_for_the_next(told, monkeypatch, run_jobs):
    keep_check(checks.in_use()[1], "as it was long ago")
    monkeypatch.setattr("app.submissions.check_jobs.run_check", lambda *_: not_yet())
    with transaction():
        enqueue("check_judge", subject="")
    run_jobs()
    assert checks.grading_off().reason == BEING_CHECKED


def test_who_takes_over_during_a_check_is_checked_next(app, told, admin, monkeypatch, run_jobs):
    checked = []

    def run_check(judge, *_):
        checked.append(judge.identity)
        monkeypatch.setitem(app.config, "JUDGE", "sandbox")
        return Report(judge.identity, judge.fingerprint(), "", "", {}, [])

    monkeypatch.setattr("app.submissions.check_jobs.run_check", run_check)
    checks.request_check()
    run_jobs()
    assert checked == [Judge0.identity_at(told.url), "sandbox"]


def not_yet() -> NoReturn:
    raise NotNow("The check has not come so far.")


@pytest.mark.parametrize(
    ("told_judge", "has_address", "chosen", "judge"),
    [
        ("", False, None, "sandbox"),
        ("", True, None, "judge0"),
        ("", True, "sandbox", "sandbox"),
        ("sandbox", True, None, "sandbox"),
        ("sandbox", True, "judge0", "judge0"),
        ("none", True, "judge0", "none"),
        ("judge0", True, "sandbox", "sandbox"),
    ],
)
def test_which_judge_it_is(app, server, monkeypatch, told_judge, has_address, chosen, judge):
    if has_address:
        monkeypatch.setitem(app.config, "JUDGE0_URL", server.url)
    if chosen:
        judge_settings.choose(chosen)
    monkeypatch.setitem(app.config, "JUDGE", told_judge)
    assert judge_name() == judge
    assert current_judge().name == judge


def test_one_that_was_chosen_and_whose_address_is_gone_gives_way(app, server, monkeypatch):
    connect_judge0(typed_place(server.url, TOKEN, "", ""))
    assert judge_name() == "judge0"
    judge_settings.forget_place()
    assert judge_name() == "sandbox"
    monkeypatch.setitem(app.config, "JUDGE", "judge0")
    assert isinstance(current_judge(), NoJudge)
    assert "JUDGE0_URL" in current_judge().probe()[0].fix


def test_an_administrator_types_it_in_and_no_secret_is_shown_or_recorded(server, admin):
    fields = {"url": f"{server.url}/", "token": TOKEN, "token_header": "X-Gateway-Key", "headers": "X-Plan: club\n"}
    assert "does not accept this token" in admin.post("/admin/judge/judge0", data=fields).text
    assert judge_name() == "sandbox"
    server.headers = {"X-Gateway-Key": TOKEN, "X-Plan": "club"}
    assert admin.post("/admin/judge/judge0", data=fields).location == "/admin/judge"
    assert judge_name() == "judge0"
    pages = [admin.get(page).text for page in ("/admin/judge", "/admin/judge/judge0", "/admin/tables/judge_settings/")]
    acts = json.dumps([act.after for act in db.session.scalars(select(AuditRecord))])
    stored = db.session.scalars(select(judge_settings.JudgeSettings)).one()
    assert server.url in pages[1]
    assert "X-Plan, X-Gateway-Key" in pages[1]
    assert [text for text in (*pages, acts, stored.secret) if TOKEN in text] == []


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"url": "judge0.example.org"}, "An address begins with"),
        ({"url": "ftp://judge0.example.org"}, "An address begins with"),
        ({"url": "http://ann:secret@127.0.0.1:9"}, "Leave name and password out"),
        ({"url": "http://127.0.0.1:9"}, "The judge cannot be reached."),
        ({"url": "http://127.0.0.1:9", "headers": "no header"}, "one “Name: value” a line"),
        ({"url": "http://127.0.0.1:9", "token": "a\u00e9b"}, "paste it again"),
        ({"url": "http://127.0.0.1:9", "token": "a", "token_header": "X Y"}, "paste it again"),
    ],
)
def test_what_will_not_do_is_told_beside_its_field(server, admin, fields, word):
    answer = admin.post("/admin/judge/judge0", data=fields)
    assert answer.status_code == 422
    assert word in answer.text
    assert judge_name() == "sandbox"


def test_what_the_environment_tells_is_not_typed_over(told, admin):
    answer = admin.post("/admin/judge/judge0", data={"url": told.url, "token": TOKEN})
    assert "The environment says where Judge0 is" in answer.text


def test_while_it_is_away_programs_wait_and_pages_say_since_when(
    told, admin, make_member, make_double, run_jobs, take_turns, log_in, app
):
    ann, double = make_member("ann"), make_double()
    browser = log_in(app.test_client(), ann)
    told.stop()
    began_at = clock.now().replace(microsecond=0)
    number = service.submit(ann, double, "python", RIGHT)
    service.try_out(ann, double, "python", RIGHT, "4")
    run_jobs()
    with clock.standing_at(began_at + timedelta(minutes=20)):
        take_turns()
    assert verdict_of(number) is None
    page = browser.get(f"/submissions/{number}").text
    assert "The judge cannot be reached. It has been so since <time" in page
    assert "your program waits" in page
    assert "Nothing is judged at the moment: The judge cannot be reached." in browser.get("/problems/double").text
    outage = checks.standing().outage
    assert began_at <= outage.began_at < began_at + timedelta(minutes=1)
    assert outage.tried_at >= began_at + timedelta(minutes=20)
    assert "Nothing is judged since" in admin.get("/admin/judge").text
    assert "The judge cannot be reached." in admin.get("/admin").text
    told.start()
    take_turns()
    assert verdict_of(number) == "AC"
    assert db.session.scalars(select(Trial.finished_at)).one() is not None
    assert checks.standing().outage is None


def test_many_who_wait_do_not_each_ask_a_judge_that_is_away(told, make_member, make_double, run_jobs, take_turns):
    double = make_double()
    for number in range(4):
        service.submit(make_member(f"member{number}"), double, "python", RIGHT)
    told.faults["*"] = "401"
    told.calls.clear()
    run_jobs()
    assert told.calls.total() == 1
    take_turns()
    assert told.calls.total() == 2
    told.faults.clear()
    take_turns()
    assert db.session.scalars(select(Submission.verdict)).all() == ["AC"] * 4


def test_what_goes_wrong_with_one_program_alone_is_tried_again_and_is_then_the_judges_error(
    told, make_member, make_double, run_jobs
):
    number = service.submit(make_member("ann"), make_double(), "python", RIGHT)
    told.faults["look"] = "internal error"
    for minute in range(3):
        with clock.standing_at(clock.now() + timedelta(minutes=5 * minute)):
            run_jobs()
    assert verdict_of(number) == "JE"
    assert told.calls["create"] == 3
    assert checks.grading_off() is None


def test_by_one_click_the_sandbox_takes_over_and_by_another_judge0_again(
    told, admin, make_member, make_double, run_jobs
):
    keep_check("sandbox")
    told.stop()
    number = service.submit(make_member("ann"), make_double(), "python", RIGHT)
    run_jobs()
    assert "Judge in the sandbox" in admin.get("/admin/judge").text
    page = admin.post("/admin/judge/use", data={"judge": "sandbox"}, follow_redirects=True).text
    assert "From now on programs are judged by the sandbox." in page
    run_jobs()
    assert (verdict_of(number), queries.counted_judging(number).judge) == ("AC", "sandbox")
    admin.post("/admin/judge/use", data={"judge": "judge0"})
    assert (judge_name(), checks.grading_off()) == ("judge0", None)
    run_jobs()
    assert checks.grading_off().reason == "The judge cannot be reached."
    acts = db.session.scalars(select(AuditRecord).where(AuditRecord.act == "choose judge").order_by(AuditRecord.id))
    assert [(act.actor_name, act.before["judge"], act.after["judge"]) for act in acts] == [
        ("adam", "judge0", "sandbox"),
        ("adam", "sandbox", "judge0"),
    ]


def test_there_is_no_switching_to_what_is_not_there(app, server, admin, monkeypatch):
    for name in ("judge0", "none", "", "x" * 100):
        page = admin.post("/admin/judge/use", data={"judge": name}, follow_redirects=True).text
        assert "There is no such judge to switch to." in page
    monkeypatch.setitem(app.config, "JUDGE", "none")
    page = admin.post("/admin/judge/use", data={"judge": "sandbox"}, follow_redirects=True).text
    assert "JUDGE=none stands in the environment" in page


def test_the_command_switches_too(app, told):
    found = app.test_cli_runner().invoke(args=["judge", "use", "sandbox"])
    assert (found.exit_code, found.output, judge_name()) == (
        0, "From now on programs are judged by the sandbox.\n", "sandbox",
    )  # fmt: skip


def test_the_check_of_an_absent_judge0_is_an_outage_and_no_verdict_on_it(app, told, admin, run_jobs):
    told.stop()
    admin.post("/admin/judge")
    run_jobs()
    assert checks.newest_check().report["reason"] == ""
    assert checks.grading_off().reason == "The judge cannot be reached."
    found = app.test_cli_runner().invoke(args=["judge", "check", "--json"])
    assert (found.exit_code, json.loads(found.output)["reason"]) == (1, "The judge cannot be reached.")


def test_judge0_is_given_the_programs_that_would_harm_the_club():
    titles = {each.title for each in specimens_for(Judge0("http://127.0.0.1:9", {})) if each.is_hostile}
    assert titles == {
        "Keep the compiler busy for ever",
        "Sleep for ever",
        "Run for ever, deaf to signals",
        "Use four processors for ever",
        "Write errors without end",
        "Reach another machine",
    }
    assert len(specimens_for(Sandbox())) > 4 * len(titles)


def test_languages_are_those_of_the_last_check_wherever_it_was_made(told, make_member, make_double, log_in, client):
    keep_check(checks.in_use()[1], offer=Offer({"python": "Python (3.8.1)"}))
    with transaction():
        kept = checks.newest_check().report
        checks.keep(Report.from_json({**kept, "missing": {"java": "This Judge0 has no Java: add it there."}}))
    make_double()
    page = log_in(client, make_member("ann")).get("/problems/double").text
    assert "Java (not available)" in page
    assert "Programs run with Python (3.8.1)." in page
    assert told.calls.total() == 0


def test_problems_that_allow_more_than_it_gives_are_named(told, admin, make_double):
    make_double("slow", time_limit_s=6.0)
    make_double("wide", memory_limit_mb=1000)
    make_double("plain")
    keep_check(checks.in_use()[1], offer=Offer({}, most_seconds=15.0, most_memory_mb=377))
    page = admin.get("/admin/judge").text
    named = page.split("Problems that allow more than it gives")[1].split("</section>")[0]
    assert [name for name in ("Slow", "Wide", "Plain") if f">{name}<" in named] == ["Slow", "Wide"]


def test_a_callback_wakes_its_run_and_nothing_it_brings_is_believed(app, told, monkeypatch, client):
    monkeypatch.setitem(app.config, "JUDGE0_CALLBACK_URL", "http://site")
    monkeypatch.setattr(callbacks, "LEAST_SECONDS", 0.0)
    bell = callbacks.bells()()
    path = bell.url.removeprefix("http://site")
    wrong = {"status": {"id": 3}, "stdout": "forged", "token": "x"}
    assert client.put(path, json=wrong).status_code == 204
    bell.wait(60)  # it rang before: the test would take a minute otherwise
    assert client.put(f"{path}x", json=wrong).status_code == 404
    assert client.get(path).status_code == 405


def test_the_address_of_the_callback_goes_with_each_program_where_callbacks_are_taken(told):
    judge = Judge0(told.url, told.headers, bell=lambda: Bell("http://127.0.0.1:9/done/x", lambda _seconds: None))
    list(judge.run("python", RIGHT.encode(), LIMITS, [b"1"]))
    told.config["enable_callbacks"] = False
    list(Judge0(told.url, told.headers).run("python", RIGHT.encode(), LIMITS, [b"1"]))
    assert [kept.asked.get("callback_url") for kept in told.kept.values()] == ["http://127.0.0.1:9/done/x", None]
