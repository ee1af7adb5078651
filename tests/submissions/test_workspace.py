"""The workspace beside a problem, without a script; tests/browser/test_workspace.py has it with one."""

import re

import pytest
from sqlalchemy import event, select

from app.core import clock, security
from app.core.db import transaction
from app.extensions import db
from app.submissions.models import Draft, Judging, Submission, Trial

PROGRAMS = "/problems/double/programs"
RIGHT = "print(2 * int(input()))\n"
WRONG = "print(7)\n"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def ann(make_member, make_double, client, log_in):
    make_double()
    return log_in(client, make_member("ann"))


def form(source=RIGHT, act="submit", **more):
    return {"language": "python", "source": source, "act": act, **more}


def test_a_program_handed_in_without_a_script_is_shown_with_its_verdict(ann, run_jobs):
    answer = ann.post(PROGRAMS, data=form(WRONG), follow_redirects=True)
    assert answer.request.path == "/problems/double"
    assert "Queued" in answer.text
    run_jobs()
    page = ann.get(answer.request.full_path).text
    assert "Wrong answer" in page
    assert "0 of 2" in page
    assert "/submissions/1" in page


def test_a_run_is_shown_with_each_example_or_with_ones_own_input(ann, run_jobs):
    on_samples = ann.post(PROGRAMS, data=form(act="run")).headers["Location"]
    run_jobs()
    assert "Accepted" in ann.get(on_samples, follow_redirects=True).text
    on_own = ann.post(PROGRAMS, data=form(act="run", run_on="own", own_input="8")).headers["Location"]
    run_jobs()
    page = ann.get(on_own, follow_redirects=True).text
    assert "16" in page
    assert re.search(r'aria-label="Your input">8</pre>', page)
    assert re.search(r'name="own_input"[^>]*>\n8</textarea>', page)
    assert re.search(r'value="own" checked', page)
    assert db.session.scalars(select(Trial.own_input).order_by(Trial.id)).all() == [None, "8"]
    assert db.session.scalars(select(Submission)).all() == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"source": " \n"}, "Write something first"),
        ({"language": "cobol"}, "Choose one of the languages"),
        ({"source": "x" * 300_000}, "256 kB"),
        ({"source": "a\0b"}, "NUL"),
        ({"act": "run", "run_on": "own", "own_input": "x" * 70_000}, "64 kB"),
    ],
)
def test_what_is_refused_can_be_mended_and_nothing_is_lost(ann, wrong, sentence):
    sent = form(source="print('mine')\n") | wrong
    page = ann.post(PROGRAMS, data=sent, content_type="multipart/form-data")
    assert page.status_code == 422
    assert sentence in page.text
    assert sent["source"].split("\0")[0].replace("'", "&#39;") in page.text
    fragment = ann.post(PROGRAMS, data=sent, content_type="multipart/form-data", headers=FRAGMENT)
    assert fragment.status_code == 422
    assert fragment.headers["HX-Retarget"] == "#refusal"
    assert sentence in fragment.text
    assert "<html" not in fragment.text


def test_a_draft_is_kept_and_found_again_and_shown_to_nobody_else(ann, make_member, log_in, app):
    answer = ann.post("/problems/double/draft", data={"language": "cpp", "source": "// mine"})
    assert answer.json["savedAt"] == db.session.scalars(select(Draft)).one().saved_at.isoformat()
    assert "// mine</textarea>" in ann.get("/problems/double").text
    bob = log_in(app.test_client(), make_member("bob"))
    assert "// mine" not in bob.get("/problems/double").text


def test_a_draft_gives_way_only_to_one_that_began_from_it(ann):
    def save(source, began):
        return ann.post("/problems/double/draft", data={"language": "cpp", "source": source, "began": began})

    first = save("// first", "").json["savedAt"]
    second = save("// first, and more", first).json["savedAt"]
    for began in (first, "", "null"):
        refused = save("x", began)
        assert (refused.status_code, refused.json) == (409, {"source": "// first, and more", "savedAt": second})
    assert save("// first, and more", first).status_code == 200
    assert db.session.scalars(select(Draft.source)).all() == ["// first, and more"]


def test_a_draft_that_is_too_long_is_refused_with_the_reason(ann):
    answer = ann.post("/problems/double/draft", data={"language": "cpp", "source": "x" * 300_000})
    assert answer.status_code == 422
    assert "256 kB" in answer.json["fault"]


def test_what_others_handed_in_or_ran_is_not_shown(ann, make_member, log_in, app, run_jobs):
    ann.post(PROGRAMS, data=form("print('a secret of ann')"))
    ann.post(PROGRAMS, data=form("print('a secret of ann')", act="run"))
    run_jobs()
    bob = log_in(app.test_client(), make_member("bob", role="organiser"))
    for asked in ("submission=1", "trial=1"):
        for address in (f"/problems/double?{asked}", f"/problems/double/result?{asked}"):
            assert "secret" not in bob.get(address, headers=FRAGMENT).text
    assert bob.get("/problems/double/compare?old=1&new=1").status_code == 404


def test_two_programs_are_compared_with_the_newer_one_last(ann, run_jobs):
    for source in ("a = 1\nprint(7)\n", "a = 2\nprint(7)\n"):
        ann.post(PROGRAMS, data=form(source))
        run_jobs()
    page = ann.get("/problems/double/compare").text
    assert "<del>a = 1</del>" in page
    assert "<ins>a = 2</ins>" in page
    assert "<ins>a = 1</ins>" in ann.get("/problems/double/compare?old=2&new=1").text


def test_a_fragment_for_whoever_is_not_logged_in_is_no_page_to_log_in_on(ann, app):
    assert app.test_client().get("/problems/double/result", headers=FRAGMENT).status_code == 401


def test_the_fragment_of_a_new_program_listens_to_it_and_names_its_address(ann):
    sent = ann.post(PROGRAMS, data=form(), headers=FRAGMENT)
    assert sent.status_code == 303
    answer = ann.get(sent.headers["Location"], headers=FRAGMENT)
    assert answer.headers["HX-Replace-Url"] == "/problems/double?submission=1"
    for part in ('id="result"', 'id="live-socket"', 'id="submission-1"', 'id="history"'):
        assert answer.text.count(part) == 1


@pytest.mark.parametrize("role", ["visitor", "draft", "retired"])
def test_where_nothing_can_be_handed_in_the_page_says_why(client, make_double, make_member, log_in, role):
    make_double(is_published=role != "draft")
    if role != "visitor":
        log_in(client, make_member("olga", role="organiser"))
    if role == "retired":
        client.post("/problems/double/retire")
    page = client.get("/problems/double").text
    assert {"visitor": "Log in", "draft": "As soon as it is published", "retired": "takes no more programs"}[
        role
    ] in page
    assert "<textarea" not in page


def test_a_retired_problem_still_shows_what_one_handed_in_and_nothing_of_a_verdict_that_is_not_there(
    ann, make_member, log_in, app
):
    ann.post(PROGRAMS, data=form())
    judging = Judging(submission_id=1, is_counted=True, judge="none", tests_version=1, started_at=clock.now(), total=18)
    with transaction():
        db.session.add(judging)
    log_in(app.test_client(), make_member("olga", role="organiser")).post("/problems/double/retire")
    for address in ("/problems/double", "/submissions"):
        page = ann.get(address).text
        assert ("/submissions/1" in page, "not judged yet" in page) == (True, True)
        assert ("of 18" in page, "0 ms" in page) == (False, False)


def test_programs_of_one_minute_are_told_apart_where_two_are_chosen(ann, run_jobs):
    for source in ("a", "b"):
        ann.post(PROGRAMS, data=form(source))
    options = re.findall(r"<option[^>]*>([^<]+)</option>", ann.get("/problems/double/compare").text)
    assert len(set(options)) == 2


def test_the_page_of_a_refusal_has_no_relaxed_style_rule(ann):
    answer = ann.post(PROGRAMS, data=form(source=""))
    assert answer.headers["Content-Security-Policy"] == security.CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(("query", "most"), [("", 11), ("?submission=2", 13)], ids=["plain", "with a verdict"])
def test_the_page_asks_the_database_few_times(ann, run_jobs, query, most):
    for number in range(3):
        ann.post(PROGRAMS, data=form(f"print({number})"))
    run_jobs()
    ann.post("/problems/double/draft", data={"language": "python", "source": "x"})
    asked = []
    listen = lambda _c, _cur, statement, *_: asked.append(statement)  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    ann.get(f"/problems/double{query}")
    event.remove(db.engine, "before_cursor_execute", listen)
    assert len([statement for statement in asked if statement not in ("BEGIN", "SELECT 1")]) <= most, asked
