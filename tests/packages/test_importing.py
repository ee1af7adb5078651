"""Importing packages: judged, told, and stored as a whole or not at all."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.packages import cli, reports, service
from app.problems.models import Problem, ReferenceSolution, TestCase
from app.problems.references import told_of
from app.problems.service import ProblemRefused
from app.submissions.judges.sandbox import Sandbox
from tests.packages.make import GOOD, OURS, RIGHT, STATEMENT, WRONG, YAML, changed, zipped
from tests.routes import rows_stored

SLOW = b"while True: pass\n"
JAVA = b"""import java.util.Scanner;
public class Twice {
    public static void main(String[] args) { System.out.println(2 * new Scanner(System.in).nextInt()); }
}
"""
ANY_EVEN = b"""import sys
said = sys.stdin.read().split()
asked, answer, feedback, flag = sys.argv[1:]
assert int(open(answer).read()) == 2 * int(open(asked).read()) and flag == "even"
open(feedback + "judgemessage.txt", "w").write("seen")
sys.exit(42 if len(said) == 1 and int(said[0]) % 2 == 0 else 43)
"""


def test_solutions_are_judged_and_hold_what_their_folders_say(imported):
    more = {"submissions/accepted/Twice.java": JAVA, "submissions/time_limit_exceeded/slow.py": SLOW}
    problem = imported({**more, "problem.yaml": "name: Twice\nlimits: {time_limit: 0.4}\n"})
    assert (problem.status, problem.import_note) == ("published", "")
    found = db.session.scalars(select(ReferenceSolution).order_by(ReferenceSolution.name)).all()
    assert [(one.name, one.wanted, one.found) for one in found] == [
        ("accepted/Twice.java", "AC", "AC"),
        ("accepted/right.py", "AC", "AC"),
        ("time_limit_exceeded/slow.py", "TLE", "TLE"),
        ("wrong_answer/wrong.py", "WA", "WA"),
    ]
    assert all(one.cpu_ms is not None and one.judged_at for one in found)
    assert "/problems/twice/images/dots.png" in problem.statement_html


CONTRADICTIONS = {
    "an accepted one that is wrong": ({"submissions/accepted/wrong.py": WRONG}, "accepted/wrong.py should be accepted"),
    "a wrong one that is right": ({"submissions/wrong_answer/a.py": RIGHT}, "wrong_answer/a.py should be rejected"),
    "a missing answer": ({"data/secret/9.ans": None}, "data/secret/9.in has no answer"),
}


@pytest.mark.parametrize(("changes", "reason"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_package_that_contradicts_itself_stays_a_draft_with_the_reason(imported, changes, reason):
    problem = imported(changes)
    assert problem.status == "draft"
    assert reason in " ".join([problem.import_note, *told_of(problem.id).contradictions])


def test_a_program_whose_compiler_is_not_there_contradicts_nothing(imported, monkeypatch):
    monkeypatch.setattr(service, "current_judge", lambda: Sandbox(path="/nowhere"))
    problem = imported({})
    assert (problem.status, problem.import_note) == ("draft", "")
    assert "2 reference solutions were not judged yet: " in told_of(problem.id).doubts[0]


def test_a_limit_that_nobody_states_is_measured_from_the_accepted_solutions(examined):
    _, report = examined({"problem.yaml": "name: Twice\nlimits: {time_multiplier: 2}"})
    assert report.time_limit_s == 1
    assert any("2 × " in origin for what, _, origin in report.rows if what == "Time limit")


def test_a_validator_of_its_own_decides_in_a_box_that_holds_one_test(imported, examined):
    custom = {
        "problem.yaml": YAML + "validation: custom\nvalidator_flags: even\n",
        "output_validators/even/check.py": ANY_EVEN,
        "submissions/accepted/other.py": b"print(1000)\n",
    }
    problem = imported(custom)
    assert (problem.status, problem.comparison) == ("published", "validator")
    found = dict(db.session.execute(select(ReferenceSolution.name, ReferenceSolution.found)).tuples().all())
    assert found == {"accepted/other.py": "AC", "accepted/right.py": "AC", "wrong_answer/wrong.py": "WA"}


BAD_VALIDATORS = {
    "ends like any program": (b"import sys\nsys.exit(0)\n", "ended with 0, which is neither 42 nor 43"),
    "breaks": (b"1 / 0\n", "ZeroDivisionError"),
    "looks for other tests": (
        b"import os\nassert not [name for name in os.listdir('/case') if name not in ('input', 'answer')]\n"
        b"open('/case/input', 'w')\n",
        "Read-only file system",
    ),
}


@pytest.mark.parametrize(("source", "reason"), BAD_VALIDATORS.values(), ids=BAD_VALIDATORS)
def test_a_validator_that_fails_is_the_judges_error_and_never_a_wrong_answer(examined, source, reason):
    custom = {"problem.yaml": YAML + "validation: custom\n", "output_validators/check.py": source}
    _, report = examined(custom)
    assert {one.found for one in report.references} == {"JE"}
    assert any(reason in one.note for one in report.references)
    names = ("accepted/right.py", "wrong_answer/wrong.py")
    for name, contradiction in zip(names, report.contradictions, strict=True):
        assert contradiction.startswith(f"submissions/{name} could not be judged: The output validator")


def test_a_validator_that_fails_on_a_wrong_program_keeps_the_problem_a_draft(imported):
    fails_on_22 = b"import sys\nsys.exit({42: 42, 22: 1}.get(int(sys.stdin.read()), 42))\n"
    problem = imported({"problem.yaml": YAML + "validation: custom\n", "output_validators/check.py": fails_on_22})
    assert problem.status == "draft"
    told = told_of(problem.id).contradictions
    assert told[0].startswith("submissions/wrong_answer/wrong.py could not be judged: The output validator")


def test_a_validator_in_c_plus_plus_is_compiled_with_its_headers(examined):
    custom = {
        "problem.yaml": YAML + "validation: custom\n",
        "output_validators/v/check.cpp": '#include "codes.h"\nint main() { return RIGHT; }\n',
        "output_validators/v/codes.h": "const int RIGHT = 42;\n",
    }
    _, report = examined(custom)
    assert [one.found for one in report.references] == ["AC", "AC"]


def test_imported_again_a_package_updates_its_problem_and_tells_the_difference_first(without_judge, examined):
    package, report = examined()
    first = service.import_package(package, report, is_published=True)
    assert first.status == "draft"  # nobody knows yet what its solutions come to
    service.publish_problem(first.id)
    first.hints_source, first.points = ["Think."], 77
    db.session.commit()
    assert examined()[1].changes == []
    package, report = examined(
        {
            "data/secret/9.ans": "17\n",
            "data/secret/11.in": "1",
            "data/secret/11.ans": "2",
            "data/secret/10.in": None,
            "data/secret/10.ans": None,
            ".timelimit": "3",
        }
    )
    assert report.changes == [
        ("time limit in seconds", "1.5", "3.0"),
        ("tests", "3", "1 added (11); 1 changed (9); 1 gone (10)"),
    ]
    again = service.import_package(package, report, is_published=False)
    assert (again.id, again.time_limit_s, again.points, again.hints_source) == (first.id, 3.0, 77, ["Think."])
    names = db.session.scalars(select(TestCase.name).order_by(TestCase.position)).all()
    assert (list(names), again.status) == (["1", "9", "11"], "published")


def test_of_a_changed_text_the_lines_that_differ_are_told(without_judge, app, examined, imported, tmp_path):
    imported()
    more = {
        "problem_statement/problem.tex": STATEMENT.replace("10^9", "10^4"),
        "submissions/accepted/right.py": "".join(f"# {number}\n" for number in range(300)),
        "submissions/accepted/new.py": RIGHT,
    }
    stored = examined(more)[1].as_json()
    report = service.Report.from_json(stored)
    del stored["texts"]  # as those have it that waited when the site learned to compare texts
    assert service.Report.from_json(stored).texts == []
    assert [row for row in report.changes if row[0].startswith("solution")] == [
        ("solution accepted/right.py", "1 line", "300 lines"),
        ("solution accepted/new.py", "", "1 line"),
    ]
    statement, right, new = report.texts
    assert [line for line in statement.lines() if line[:1] in "+-"] == [
        "-One number $n$ ($1 \\leq n \\leq 10^9$).",
        "+One number $n$ ($1 \\leq n \\leq 10^4$).",
    ]
    assert (len(right.lines()), right.lines()[-1]) == (202, "(101 more lines are not shown.)")
    assert new.lines() == ["@@ -0 +1 @@", "+print(2 * int(input()))"]
    (tmp_path / "twice.zip").write_bytes(zipped(changed(more)))
    told = app.test_cli_runner().invoke(args=["problems", "import", str(tmp_path / "twice.zip")], input="n\n").output
    assert "  statement:\n    @@ -" in told
    assert "    +One number" in told


def test_what_changed_meanwhile_is_not_overwritten(without_judge, examined, imported):
    imported()
    package, report = examined({".timelimit": "3"})
    db.session.scalars(select(Problem)).one().tests_version += 1
    db.session.commit()
    with pytest.raises(ProblemRefused, match="has changed since"):
        service.import_package(package, report, is_published=True)


def test_a_published_problem_is_not_replaced_by_what_contradicts_itself(without_judge, examined, imported):
    imported()
    package, report = examined({"data/secret/9.ans": None})
    with pytest.raises(ProblemRefused, match="contradicts itself"):
        service.import_package(package, report, is_published=True)


def test_all_of_a_package_is_stored_or_nothing(without_judge, examined, monkeypatch):
    package, report = examined()
    before = rows_stored()
    broken = package.tests[-1].__class__("x" * 81, False, 1, 1, lambda: b"1", lambda: b"1", str)
    object.__setattr__(package, "tests", (*package.tests, broken))
    with pytest.raises(ProblemRefused, match="needs a name"):
        service.import_package(package, report, is_published=True)
    assert rows_stored() == before


def test_the_command_shows_a_table_and_imports(without_judge, app, tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(changed({"problem.yaml": YAML + OURS})))
    result = app.test_cli_runner().invoke(args=["problems", "import", str(tmp_path / "a.zip")], input="n\n")
    assert "Time limit    1.5 s  (problem.yaml)" in result.output
    assert "Nothing has changed." in result.output
    result = app.test_cli_runner().invoke(args=["problems", "import", "--yes", "--publish", str(tmp_path / "a.zip")])
    assert (result.exit_code, result.output.splitlines()[-2:]) == (0, ["twice: Twice, draft", reports.UNJUDGED])


def test_the_command_says_once_what_it_waits_for(capsys):
    tell = cli.telling()
    for sentence in ("slow.py, test 1 of 5", "slow.py, test 1 of 5", "slow.py, test 2 of 5"):
        tell(sentence, 1.0)
    assert capsys.readouterr().err == "  slow.py, test 1 of 5\n  slow.py, test 2 of 5\n"


def test_the_command_asks_which_of_several_is_meant(without_judge, app, tmp_path):
    files = {f"{name}/{path}": content for name in ("one", "two") for path, content in GOOD.items()}
    (tmp_path / "a.zip").write_bytes(zipped(files, folder=""))
    result = app.test_cli_runner().invoke(args=["problems", "import", "--yes", str(tmp_path / "a.zip")])
    assert (result.exit_code, "choose by --problem:\n  one\n  two" in result.output) == (1, True)
    options = ["--yes", "--problem", "two", str(tmp_path / "a.zip")]
    result = app.test_cli_runner().invoke(args=["problems", "import", *options])
    assert result.output.splitlines()[-1] == "two: Twice, draft"


def test_the_command_loads_folders_as_they_are(app, tmp_path):
    for path, content in changed({"problem.yaml": YAML + OURS}).items():
        target = tmp_path / "twice" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    result = app.test_cli_runner().invoke(args=["problems", "load", "--publish", str(tmp_path / "twice")])
    assert (result.exit_code, result.output) == (0, "twice: Twice, published\n")
    found = db.session.scalars(select(ReferenceSolution)).all()
    assert {(one.name, one.found) for one in found} == {("accepted/right.py", None), ("wrong_answer/wrong.py", None)}


def test_a_statement_is_shown_in_every_language_that_there_is(without_judge, imported, client):
    imported({"problem_statement/problem.sv.tex": r"\problemname{Dubbelt} S\"ag det dubbla."})
    page = client.get("/problems/twice").text
    assert "Say <em>twice</em>" in page
    assert 'href="/problems/twice?language=sv" hreflang="sv"' in page
    page = client.get("/problems/twice?language=sv").text
    assert "Säg det dubbla" in page
    assert ">Dubbelt</h1>" in page


def test_languages_are_told_apart_and_shown_in_their_own_direction(without_judge, imported, client):
    tags = {f"problem_statement/problem.{tag}.md": "2x" for tag in ("pt", "pt-BR", "ar")}
    imported(tags)
    page = client.get("/problems/twice?language=ar").text
    assert 'aria-label="Statement" lang="ar" dir="rtl"' in page
    assert [f">{name}</a>" in page for name in ("Português", "Português (BR)", "العربية", "English")] == [True] * 4


def test_pictures_are_for_those_who_may_see_the_problem(without_judge, imported, client):
    problem = imported(is_published=False)
    assert client.get("/problems/twice/images/dots.png").status_code == 404
    service.publish_problem(problem.id)
    answer = client.get("/problems/twice/images/dots.png")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get("/problems/twice/images/other.png").status_code == 404
