"""The tests of problems: given one by one or as a ZIP, and hidden from everybody but organisers."""

import io
import stat
import zipfile

import pytest
from sqlalchemy import select

from app.core.audit import AuditRecord
from app.extensions import db
from app.problems import case_service, queries
from app.problems.case_service import MOST_SAMPLE_BYTES, MOST_TESTS, add_test, put_tests
from app.problems.models import Problem, TestCase, TestUpload
from app.problems.pairs import Pair
from app.problems.service import ProblemRefused, retire_problem
from tests.conftest import HIDDEN, zip_of
from tests.forms import form_at, forms_of
from tests.routes import all_requests, rows_stored

TESTS = "/problems/two-sum/tests"


def stored(problem):
    db.session.rollback()
    return [(test.name, test.is_sample) for test in queries.tests_of(problem.id)]


def change(organiser, test_id, **fields):
    address = f"{TESTS}/{test_id}"
    return organiser.post(address, data=form_at(organiser, address, "name") | fields)


def data_of(problem, name):
    db.session.rollback()
    query = select(TestCase.input, TestCase.answer).where(TestCase.problem_id == problem.id, TestCase.name == name)
    return tuple(db.session.execute(query).one())


def test_hidden_data_reaches_nobody_but_organisers(app, club, log_in):
    seen = []
    for visitor in (app.test_client(), log_in(app.test_client(), club.member)):
        for _, method, address in all_requests(app, club):
            answer = visitor.open(address, method=method)
            if HIDDEN in answer.get_data(as_text=True):
                seen.append(f"{method} {address}")
    assert seen == []


def test_an_organiser_adds_a_test_as_text_and_as_files(organiser, make_problem):
    problem = make_problem()
    organiser.post(TESTS, data={"input": "1 2\r\n3", "answer": "", "is_sample": "y"})
    files = {"input_file": (io.BytesIO(b"\xff\r\n"), "a.in"), "answer_file": (io.BytesIO(b"7"), "a.ans")}
    organiser.post(TESTS, data={"name": "by file", "input": "not this", **files})
    assert stored(problem) == [("1", True), ("3", True), ("2", False), ("by file", False)]
    assert (data_of(problem, "3"), data_of(problem, "by file")) == ((b"1 2\n3\n", b""), (b"\xff\r\n", b"7"))


def test_a_test_is_changed_and_what_is_not_entered_stays(organiser, make_problem):
    problem = make_problem()
    test_id = queries.tests_of(problem.id)[1].id
    assert HIDDEN in organiser.get(f"{TESTS}/{test_id}").text
    change(organiser, test_id, name="big", answer="5", explanation="*So.*")
    assert data_of(problem, "big") == (f"{HIDDEN}\n".encode(), b"5\n")
    assert change(organiser, test_id, name="1", is_sample="y").status_code == 422
    assert stored(problem) == [("1", True), ("big", False)]


def test_a_test_is_not_changed_over_a_change_that_its_form_did_not_show(organiser, make_problem):
    problem = make_problem()
    address = f"{TESTS}/{queries.tests_of(problem.id)[1].id}"
    shown = form_at(organiser, address, "name")
    assert organiser.post(address, data=shown | {"answer": "5"}).status_code == 302
    answer = organiser.post(address, data=shown | {"name": "mine", "input": "8"})
    assert (answer.status_code, data_of(problem, "2")[1]) == (409, b"5\n")
    assert "olga changed tests of this problem" in answer.text
    (again,) = [form.fields for form in forms_of(answer.text, address) if "name" in form.fields]
    assert organiser.post(address, data=again).status_code == 302
    assert data_of(problem, "mine") == (b"8\n", b"5\n")


def test_tests_are_moved_among_their_kind(organiser, make_problem):
    problem = make_problem(pairs=[Pair(name, name == "s", b"1", b"1") for name in "sabc"])
    number = {test.name: test.id for test in queries.tests_of(problem.id)}
    organiser.post(f"{TESTS}/{number['c']}/move", data={"direction": "up"})
    organiser.post(f"{TESTS}/{number['a']}/move", data={"direction": "up"})
    organiser.post(f"{TESTS}/{number['b']}/move", data={"direction": "down"})
    assert [name for name, _ in stored(problem)] == ["s", "a", "c", "b"]


def test_a_test_is_deleted_after_a_question_but_not_the_last_one(organiser, make_problem):
    problem = make_problem()
    first, second = (test.id for test in queries.tests_of(problem.id))
    assert "gone for good" in organiser.get(f"{TESTS}/{second}/delete").text
    organiser.post(f"{TESTS}/{second}/delete")
    organiser.post(f"{TESTS}/{first}/delete")
    assert stored(problem) == [("1", True)]
    retire_problem(problem.id)
    organiser.post(f"{TESTS}/{first}/delete")
    assert stored(problem) == []


REFUSED = {
    "a name that is taken": ("name", Pair("2", False, b"1", b"")),
    "a long name": ("name", Pair("x" * 81, False, b"", b"")),
    "a long explanation": ("explanation", Pair("3", False, b"", b"", "x" * 5_001)),
    "nothing to read and nothing to print": ("input", Pair("3", False, b"", b"")),
    "a sample that fills the page": ("is_sample", Pair("3", True, b"x" * (MOST_SAMPLE_BYTES + 1), b"")),
}


@pytest.mark.parametrize(("field", "pair"), REFUSED.values(), ids=REFUSED)
def test_what_will_not_do_is_refused_beside_its_field(make_problem, field, pair):
    problem = make_problem()
    with pytest.raises(ProblemRefused) as refusal:
        add_test(problem.id, pair)
    assert (refusal.value.field, len(stored(problem))) == (field, 2)


def test_there_is_an_end_to_tests_and_to_their_size(make_problem, monkeypatch):
    problem = make_problem()
    with pytest.raises(ProblemRefused, match="at most 500 tests"):
        put_tests(problem.id, [Pair(str(number), False, b"1", b"") for number in range(MOST_TESTS + 1)])
    with pytest.raises(ProblemRefused, match="At most 20 samples"):
        put_tests(problem.id, [Pair(str(number), True, b"1", b"") for number in range(21)])
    monkeypatch.setattr(case_service, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(ProblemRefused, match="at most 1 MB"):
        put_tests(problem.id, [Pair("2", False, b"x" * 1024 * 1024, b"1")])
    put_tests(problem.id, [Pair("2", False, b"x" * 1024 * 1000, b"1")])


def test_every_change_counts_as_a_version_and_is_recorded_without_data(organiser, make_problem):
    problem = make_problem()
    test_id = queries.tests_of(problem.id)[1].id
    for address, fields in (
        (TESTS, {"name": "3", "input": HIDDEN}),
        (f"{TESTS}/{test_id}", {"name": "2", "input": HIDDEN, "seen": str(problem.tests_version + 1)}),
        (f"{TESTS}/{test_id}/move", {"direction": "down"}),
        (f"{TESTS}/{test_id}/delete", {}),
    ):
        organiser.post(address, data=fields)
    db.session.rollback()
    records = db.session.scalars(select(AuditRecord).where(AuditRecord.actor_name == "olga")).all()
    assert [record.act for record in records] == ["put tests", "change test", "delete test"]
    assert f'"{HIDDEN}' not in str([(record.before, record.after) for record in records])
    assert db.session.get_one(Problem, problem.id).tests_version == 5


def upload(organiser, content, name="tests.zip"):
    return organiser.post(f"{TESTS}/zip", data={"file": (io.BytesIO(content), name)})


def test_a_zip_shows_what_it_would_do_and_does_it_after_a_yes(organiser, make_problem):
    problem = make_problem()
    files = {
        "all/sample/1.in": b"5\n", "all/sample/1.ans": b"10\n", "all/sample/1.md": b"Five *twice*.",
        "all/10.in": b"a", "all/10.out": b"b", "all/9.in": b"c", "all/9.ans": b"d", "all/secret/big/1.in": b"e",
        "all/secret/big/1.ans": b"f", "__MACOSX/all/._9.in": b"litter", "all/.DS_Store": b"litter",
    }  # fmt: skip
    assert upload(organiser, zip_of(files)).headers["Location"] == f"{TESTS}/zip"
    assert stored(problem) == [("1", True), ("2", False)]
    page = organiser.get(f"{TESTS}/zip").text
    assert ("3 of 4 tests would be added" in page, "now 2 B in, 2 B out" in page) == (True, True)
    organiser.post(f"{TESTS}/zip/apply", data={"seen": seen_on(page)})
    assert stored(problem) == [("1", True), ("2", False), ("9", False), ("10", False), ("big/1", False)]
    assert (data_of(problem, "1"), data_of(problem, "10")) == ((b"5\n", b"10\n"), (b"a", b"b"))
    assert "Five <em>twice</em>" in organiser.get("/problems/two-sum").text
    assert db.session.scalars(select(TestUpload)).all() == []


def seen_on(page):
    return page.split('name="seen" value="')[1].split('"')[0]


def test_a_yes_to_what_has_changed_since_does_nothing(organiser, make_problem):
    problem = make_problem()
    upload(organiser, zip_of({"3.in": b"", "3.ans": b"1"}))
    seen = seen_on(organiser.get(f"{TESTS}/zip").text)
    upload(organiser, zip_of({"4.in": b"", "4.ans": b"1"}))
    for stale in (seen, "", "0 x"):
        answer = organiser.post(f"{TESTS}/zip/apply", data={"seen": stale}, follow_redirects=True)
        assert "Something has changed since this was shown" in answer.text
    assert len(stored(problem)) == 2
    organiser.post(f"{TESTS}/zip/drop")
    assert "No ZIP waits" in organiser.get(f"{TESTS}/zip", follow_redirects=True).text


def with_link():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("1.in")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return target.getvalue()


def damaged():
    content = bytearray(zip_of({"1.in": b"x" * 100, "1.ans": b"1"}))
    content[40:60] = bytes(20)
    return bytes(content)


def locked():
    content = bytearray(zip_of({"1.in": b"x", "1.ans": b"1"}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + offset] |= 1
    return bytes(content)


BAD_ZIPS = {
    "no ZIP": (b"1 2 3", "no ZIP file that can be read"),
    "nothing": (b"", "no ZIP file that can be read"),
    "half a ZIP": (zip_of({"1.in": b"x", "1.ans": b"y"})[:60], "no ZIP file that can be read"),
    "damaged": (damaged(), "is damaged"),
    "locked": (locked(), "“1.in” is locked"),
    "empty": (zip_of({}), "There is no test in it"),
    "only litter": (zip_of({"__MACOSX/1.in": b"", ".DS_Store": b""}), "There is no test in it"),
    "nothing in a pair": (zip_of({"1.in": b"", "1.ans": b""}), "“1”: an input may be empty only"),
    "an input alone": (zip_of({"1.in": b"", "2.in": b"", "2.ans": b""}), "“1.ans” is missing"),
    "an answer alone": (zip_of({"1.in": b"", "1.ans": b"", "sample/2.out": b""}), "“sample/2.in” is missing"),
    "an explanation alone": (zip_of({"1.in": b"", "1.ans": b"", "2.md": b""}), "“2.in” is missing"),
    "two answers": (zip_of({"1.in": b"", "1.ans": b"", "1.out": b""}), "answers to the same input"),
    "something else": (zip_of({"1.in": b"", "1.ans": b"", "solution.py": b""}), "“solution.py” is neither"),
    "the same name twice": (
        zip_of({"a/1.in": b"", "a/1.ans": b"", "a/secret/1.in": b"", "a/secret/1.ans": b""}),
        "“a/1.in” and “a/secret/1.in” would both be the test “1”",
    ),
    "one name by its white space": (
        zip_of({"a b.in": b"1", "a b.ans": b"", "a  b.in": b"2", "a  b.ans": b""}),
        "“a  b.in” and “a b.in” would both be the test “a b”",
    ),
    "a way out": (zip_of({"../1.in": b"", "../1.ans": b""}), "“../1.in” is no path"),
    "the root": (zip_of({"/etc/1.in": b"", "/etc/1.ans": b""}), "“/etc/1.in” is no path"),
    "a drive": (zip_of({"C:1.in": b"", "C:1.ans": b""}), "“C:1.in” is no path"),
    "a control character": (zip_of({"a\n1.in": b"", "a\n1.ans": b""}), "is no path"),
    "a link": (with_link(), "“1.in” is a link"),
    "a long name": (zip_of({f"{'x' * 90}.in": b"", f"{'x' * 90}.ans": b""}), "too long a name"),
    "words in another coding": (zip_of({"1.in": b"", "1.ans": b"", "1.md": b"\xff"}), "“1.md” is not written in UTF-8"),
    "a sample that fills the page": (
        zip_of({"sample/1.in": b"x" * 40_000, "sample/1.ans": b""}),
        "too large for a sample",
    ),
    "a bomb": (zip_of({"1.in": bytes(101 * 1024 * 1024), "1.ans": b""}), "too large unpacked"),
    "many files": (zip_of({f"{number}.in": b"" for number in range(1501)}), "1,501 files"),
}


@pytest.mark.parametrize(("content", "sentence"), BAD_ZIPS.values(), ids=BAD_ZIPS)
def test_a_zip_that_will_not_do_is_refused_with_the_file_at_fault(organiser, make_problem, content, sentence):
    make_problem()
    before = rows_stored()
    answer = upload(organiser, content)
    assert (answer.status_code, rows_stored()) == (422, before)
    assert sentence in answer.text
