"""Problems: made, changed, published and retired by organisers, and read by everybody."""

import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from app.core.audit import AuditRecord
from app.extensions import db
from app.problems.languages import LANGUAGES
from app.problems.models import LanguageLimit, Problem, ProblemTag, StarterCode, TestCase
from app.problems.pairs import Pair
from app.problems.service import (
    LimitDetails,
    ProblemDetails,
    ProblemRefused,
    create_problem,
    delete_draft,
    edit_problem,
    publish_problem,
    retire_problem,
)
from tests.forms import form_at, forms_of
from tests.routes import rows_stored
from tests.test_databases import statements_of

FORM = {
    "title": "Two Sum", "statement": "Find $a+b$.", "difficulty": "medium", "category": "Arrays", "points": "20",
    "tags": "arrays, Hashing,", "hints-0": "Sort them.", "hints-1": " ", "time_limit_s": "0.5",
    "memory_limit_mb": "128", "comparison": "floats", "absolute_tolerance": "1e-6", "python_starter": "a = 1",
    "java_factor": "3.5", "java_memory_mb": "512",
}  # fmt: skip
EDIT = "/problems/two-sum/edit"
REFUSED = {
    "no title": ("title", {"title": " "}),
    "a title that nobody sees": ("title", {"title": " \u200b\u2800", "slug": "unseen"}),
    "a long title": ("title", {"title": "x" * 121}),
    "an address that is a page": ("slug", {"slug": "random"}),
    "an address that is none": ("slug", {"slug": "Two Sum"}),
    "a title without Latin letters": ("slug", {"title": "夜"}),
    "a long statement": ("statement", {"statement": "x" * 50_001}),
    "long constraints": ("constraints", {"constraints": "x" * 5_001}),
    "a long hint": ("hints", {"hints": ("x" * 2_001,)}),
    "many hints": ("hints", {"hints": tuple("abcdefghi")}),
    "a long category": ("category", {"category": "x" * 61}),
    "a long author": ("author", {"author": "x" * 121}),
    "a long tag": ("tags", {"tags": ("x" * 41,)}),
    "many tags": ("tags", {"tags": tuple("abcdefghijk")}),
    "an unknown difficulty": ("difficulty", {"difficulty": "deadly"}),
    "an unknown comparison": ("comparison", {"comparison": "by eye"}),
    "points below 0": ("points", {"points": -1}),
    "too many points": ("points", {"points": 1_001}),
    "no time": ("time_limit_s", {"time_limit_s": 0.0}),
    "no number of seconds": ("time_limit_s", {"time_limit_s": float("nan")}),
    "endless time": ("time_limit_s", {"time_limit_s": float("inf")}),
    "little memory": ("memory_limit_mb", {"memory_limit_mb": 15}),
    "much memory": ("memory_limit_mb", {"memory_limit_mb": 4096}),
    "no tolerance": ("absolute_tolerance", {"comparison": "floats"}),
    "a tolerance of everything": ("relative_tolerance", {"comparison": "floats", "relative_tolerance": 1.0}),
    "a tolerance that is no number": (
        "absolute_tolerance",
        {"comparison": "floats", "absolute_tolerance": float("nan")},
    ),
    "a factor too much": ("java_factor", {"time_limit_s": 10, "limits": {"java": LimitDetails(time_factor=18.5)}}),
    "a factor of 0": ("java_factor", {"limits": {"java": LimitDetails(time_factor=0.0)}}),
    "a language's little memory": ("cpp_memory_mb", {"limits": {"cpp": LimitDetails(memory_mb=1)}}),
    "long starter code": ("python_starter", {"starters": {"python": "x" * 20_001}}),
}


@pytest.mark.parametrize(("field", "wrong"), REFUSED.values(), ids=REFUSED)
def test_what_will_not_do_is_refused_beside_its_field(app, field, wrong):
    with pytest.raises(ProblemRefused) as refusal:
        create_problem(ProblemDetails(**{"title": "Two Sum", **wrong}))
    assert (refusal.value.field, rows_stored()["problems"]) == (field, 0)


def test_a_taken_address_is_refused_by_a_new_problem_and_by_an_old_one(make_problem):
    make_problem("two-sum")
    other = make_problem("three-sum")
    with pytest.raises(ProblemRefused, match="Another problem has this address"):
        create_problem(ProblemDetails(title="Two Sum"))
    with pytest.raises(ProblemRefused, match="Another problem has this address"):
        edit_problem(other.id, ProblemDetails(title="Three Sum", slug="two-sum", statement="x"))


def test_an_organiser_makes_a_draft(organiser):
    assert organiser.post("/problems/new", data=FORM).headers["Location"] == "/problems/two-sum/tests"
    made = db.session.scalars(select(Problem)).one()
    assert (made.status, made.points, made.time_limit_s, made.absolute_tolerance) == ("draft", 20, 0.5, 1e-6)
    assert (made.hints_source, made.hints_html) == (["Sort them."], ["<p>Sort them.</p>\n"])
    assert [tag.tag for tag in made.tags] == ["arrays", "hashing"]
    assert "<math" in made.statement_html
    assert [(code.language, code.source) for code in made.starter_codes] == [("python", "a = 1")]
    assert [(limit.language, limit.time_factor, limit.memory_mb) for limit in made.language_limits] == [
        ("java", 3.5, 512)
    ]
    assert db.session.scalars(select(AuditRecord.act)).all() == ["create problem"]


def test_a_form_that_was_opened_and_sent_back_changes_nothing(organiser):
    organiser.post("/problems/new", data=FORM)
    before = rows_stored()
    assert organiser.post(EDIT, data=form_at(organiser, EDIT, "title")).status_code == 302
    told = db.session.execute(select(AuditRecord.before, AuditRecord.after).order_by(AuditRecord.id.desc())).first()
    assert told.before == told.after
    assert {**rows_stored(), "audit_records": 1} == before


def test_a_save_over_what_somebody_saved_meanwhile_is_refused_until_it_knows(
    app, organiser, make_problem, make_member, log_in
):
    make_problem("two-sum")
    ben = log_in(app.test_client(), make_member("ben", role="organiser"))
    mine, his = form_at(organiser, EDIT, "title"), form_at(ben, EDIT, "title")
    assert ben.post(EDIT, data=his | {"statement": "His words."}).status_code == 302
    answer = organiser.post(EDIT, data=mine | {"time_limit_s": "7.5", "statement": "Mine."})
    assert answer.status_code == 409
    for part in ("ben changed this problem", "in Statement, Time limit in seconds.", 'value="7.5"', "Mine.</textarea>"):
        assert part in answer.text
    assert "His words." in organiser.get("/problems/two-sum").text
    (again,) = [form.fields for form in forms_of(answer.text, EDIT) if "title" in form.fields]
    assert organiser.post(EDIT, data=again).status_code == 302
    assert "Mine." in organiser.get("/problems/two-sum").text


def test_tests_that_came_meanwhile_are_no_reason_to_refuse_an_edit(organiser, make_problem):
    make_problem("two-sum")
    form = form_at(organiser, EDIT, "title")
    organiser.post("/problems/two-sum/tests", data={"input": "1", "answer": "2"})
    assert organiser.post(EDIT, data=form | {"points": "11"}).status_code == 302


def test_starter_code_keeps_the_white_space_around_it(organiser, make_problem):
    make_problem("two-sum")
    code = "    # indented\n    x = 1\n"
    form = form_at(organiser, EDIT, "title") | {"python_starter": code.replace("\n", "\r\n"), "cpp_starter": " \n"}
    organiser.post(EDIT, data=form)
    assert [one.source for one in db.session.scalars(select(StarterCode))] == [code]
    assert f"\n{code}</textarea>" in organiser.get(EDIT).text.replace("\r\n", "\n")


def test_what_is_refused_stands_in_the_form_again(organiser):
    answer = organiser.post("/problems/new", data=FORM | {"java_factor": "99", "hints-0": "x" * 2_001})
    assert answer.status_code == 422
    assert ("At most 2,000 characters" in answer.text, "Arrays" in answer.text) == (True, True)
    answer = organiser.post("/problems/new", data=FORM | {"time_limit_s": "1,5", "points": "ten", "category": "x" * 61})
    wanted = ("Give a number, such as 1.5.", "Give a whole number, such as 10.", "At most 60 characters.")
    assert [text for text in wanted if text not in answer.text] == []


def test_limits_of_a_language_are_its_own_or_follow_from_its_factor(app, make_problem):

    problem = make_problem(
        time_limit_s=0.5,
        memory_limit_mb=128,
        limits={"java": LimitDetails(5.0, 512), "cpp": LimitDetails(memory_mb=64)},
    )
    problem = db.session.get_one(Problem, problem.id)
    limits = {key: (problem.seconds_for(one), problem.mb_for(one)) for key, one in LANGUAGES.items()}
    assert limits == {"python": (1.5, 128), "cpp": (0.5, 64), "java": (2.5, 512), "javascript": (1.0, 128)}


@pytest.mark.parametrize(
    ("details", "pairs", "sentence"),
    [({"statement": ""}, None, "no statement"), ({}, (), "no test")],
)
def test_what_is_not_whole_is_not_published(make_problem, details, pairs, sentence):
    told = {"pairs": pairs} if pairs is not None else {}
    problem = make_problem(is_published=False, **details, **told)
    with pytest.raises(ProblemRefused, match=sentence):
        publish_problem(problem.id)


def test_a_published_problem_keeps_a_statement_and_cannot_be_deleted(make_problem):
    problem = make_problem()
    with pytest.raises(ProblemRefused, match="keeps a statement"):
        edit_problem(problem.id, ProblemDetails(title="Two Sum"))
    with pytest.raises(ProblemRefused, match="retire it"):
        delete_draft(problem.id)


def test_only_what_is_published_can_be_retired(make_problem):
    problem = make_problem(is_published=False)
    with pytest.raises(ProblemRefused):
        retire_problem(problem.id)


def test_a_deleted_draft_leaves_nothing(organiser, make_problem):
    before = rows_stored()
    make_problem(is_published=False, tags=("a",), starters={"cpp": "x"}, limits={"cpp": LimitDetails(2.0)})
    assert "gone for good" in organiser.get("/problems/two-sum/delete").text
    organiser.post("/problems/two-sum/delete")
    tables = {table.__tablename__ for table in (Problem, ProblemTag, LanguageLimit, TestCase)}
    after = rows_stored()
    assert {name: after[name] for name in tables} == {name: before[name] for name in tables}


def test_a_draft_is_there_for_organisers_only(app, organiser, make_problem):
    make_problem(is_published=False)
    seen = [
        (visitor.get("/problems/two-sum").status_code, "Two Sum" in visitor.get("/problems?status=draft").text)
        for visitor in (app.test_client(), organiser)
    ]
    assert seen == [(404, False), (200, True)]


def test_publishing_and_retiring_by_their_buttons(app, organiser, make_problem):
    make_problem(is_published=False)
    reader = app.test_client()
    organiser.post("/problems/two-sum/publish")
    assert "Two Sum" in reader.get("/problems").text
    organiser.post("/problems/two-sum/retire")
    assert "Two Sum" not in reader.get("/problems").text
    assert "takes no more solutions" in reader.get("/problems/two-sum").text
    assert "Two Sum" in reader.get("/problems?status=retired").text
    organiser.post("/problems/two-sum/publish")
    assert "Two Sum" in reader.get("/problems").text


def test_a_page_tells_what_a_solver_needs(client, make_problem):
    make_problem(
        constraints="- $n \\le 10^5$", hints=("Sort.", "Hash."), tags=("arrays",), category="Arrays", author="The club",
        comparison="floats", absolute_tolerance=1e-6,
    )  # fmt: skip
    page = client.get("/problems/two-sum").text
    wanted = (
        "<strong>twice</strong>",
        "Constraints",
        "Hint 2",
        "Twice one is <strong>two</strong>",
        ">1\n</pre>",
        "by The club",
        "0.000001",
        "3 s",
    )
    assert [text for text in wanted if text not in page] == []


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Abc", "Two Sum", "Three Sum"]),
        ("q=sum", ["Two Sum", "Three Sum"]),
        ("difficulty=hard", ["Three Sum"]),
        ("category=Arrays", ["Two Sum"]),
        ("tag=hashing", ["Two Sum", "Three Sum"]),
        ("tag=hashing&q=three", ["Three Sum"]),
        ("q=%25", []),
        ("status=everything", ["Abc", "Two Sum", "Three Sum"]),
    ],
)
def test_a_list_is_narrowed(client, make_problem, query, titles):
    make_problem("two-sum", category="Arrays", tags=("hashing", "arrays"))
    make_problem("three-sum", difficulty="hard", tags=("hashing",))
    make_problem("abc")
    page = client.get(f"/problems?{query}").text
    assert re.findall(r'class="list-title"[^>]*>([^<]+)', page) == titles


@pytest.mark.parametrize(("path", "most"), [("/problems", 8), ("/problems/two-sum", 6)])
def test_a_page_asks_as_often_however_much_there_is(app, client, make_problem, path, most):
    make_problem("two-sum", tags=("a", "b"), starters={"cpp": "x"})
    few = statements_of(client, path)
    for number in range(8):
        pairs = [Pair(str(one), True, b"1", b"2") for one in range(number + 1)]
        make_problem(f"sum-{number}", tags=("a", str(number)), pairs=pairs)
    assert statements_of(client, path) == few <= most


def test_any_problem_is_one_of_those_that_the_list_would_show(client, make_problem):
    make_problem("two-sum")
    make_problem("three-sum", difficulty="hard")
    assert client.get("/problems/random?difficulty=hard").headers["Location"] == "/problems/three-sum"
    assert client.get("/problems/random?tag=none").headers["Location"] == "/problems"


def test_a_preview_stores_nothing_and_shows_mathematics(organiser):
    before = rows_stored()
    fields = {"statement": "Find $x$.", "constraints": "# Small"}
    part = organiser.post("/problems/preview", data=fields, headers={"HX-Request": "true"}).text
    whole = organiser.post("/problems/preview", data=fields).text
    assert ("<math" in part, "<h3>Small</h3>" in part, "<html" in part, "<html" in whole) == (True, True, False, True)
    assert organiser.post("/problems/preview", data={"statement": "x" * 50_001}).status_code == 422
    assert rows_stored() == before


def test_an_editorial_is_previewed_and_kept_and_is_not_on_the_page_of_the_problem(organiser, make_problem):
    make_problem("two-sum")
    told = {"editorial": "Sort, then *walk*."}
    shown = organiser.post("/problems/preview", data=told, headers={"HX-Request": "true"}).text
    assert organiser.post(EDIT, data=form_at(organiser, EDIT, "title") | told).status_code == 302
    assert "<em>walk</em>" in shown
    assert "Sort, then *walk*." in organiser.get(EDIT).text
    assert "Sort, then" not in organiser.get("/problems/two-sum").text


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) $\\text{<script>}$"


class Harm(HTMLParser):
    """Finds what would run, or fetch a picture that is not ours."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        runs = tag == "script" or any(name.startswith("on") for name in given)
        leads_on = given.get("href", "").startswith("javascript:") or not given.get("src", "/").startswith("/")
        if runs or leads_on:
            self.found.append((tag, attrs))


def test_nothing_that_is_written_does_harm(client, make_problem):
    make_problem(
        title=f"T{EVIL[:60]}", statement=EVIL, constraints=EVIL, hints=(EVIL,), author=EVIL[:60], category=EVIL[:50],
        tags=(EVIL[:30],), pairs=(Pair("1", True, EVIL.encode(), b"</pre><script>\xff\0", EVIL),),
    )  # fmt: skip
    for address in ("/problems/two-sum", "/problems"):
        looked_at = Harm()
        looked_at.feed(client.get(address).text.split("</head>")[1])
        assert looked_at.found == []
