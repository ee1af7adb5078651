"""Problem packages, read from folders into what the forms would have said."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.extensions import db
from app.problems.models import Problem, TestCase
from app.problems.packages import PackageRefused, files_of, read_package
from tests.routes import rows_stored

YAML = """
name: Two Sum
author: The club
keywords: arrays, hashing
limits: {time_limit: 1.5, memory: 128}
validator_flags: float_tolerance 1e-6
mlbattle: {difficulty: hard, category: Arrays, points: 40, hints: [Sort., Hash.], constraints: "$n < 9$"}
"""
GOOD = {
    "problem.yaml": YAML.encode(),
    "problem_statement/problem.en.md": b"Find them.",
    "data/sample/1.in": b"1\n",
    "data/sample/1.ans": b"2\n",
    "data/sample/1.md": b"Why.",
    "data/secret/01-big.in": b"3\n",
    "data/secret/01-big.ans": b"6\n",
    "starter/python.py": b"n = int(input())\n",
}


@pytest.fixture
def write(tmp_path):
    """write(files): the folder of a package that holds them."""

    def put(files, name="two-sum"):
        for path, content in files.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return tmp_path / name

    return put


def test_a_package_becomes_a_problem(app, write):
    result = app.test_cli_runner().invoke(args=["problems", "load", "--publish", str(write(GOOD))])
    assert (result.exit_code, result.output) == (0, "two-sum: Two Sum, published\n")
    made = db.session.scalars(select(Problem)).one()
    assert (made.difficulty, made.category, made.points, made.author) == ("hard", "Arrays", 40, "The club")
    assert (made.time_limit_s, made.memory_limit_mb, made.comparison) == (1.5, 128, "floats")
    assert (made.absolute_tolerance, made.relative_tolerance) == (1e-6, 1e-6)
    assert ([tag.tag for tag in made.tags], made.hints_source) == (["arrays", "hashing"], ["Sort.", "Hash."])
    assert made.starter_codes[0].source == "n = int(input())"
    tests = db.session.execute(select(TestCase.name, TestCase.is_sample, TestCase.input, TestCase.explanation_source))
    assert sorted(map(tuple, tests)) == [("01-big", False, b"3\n", ""), ("1", True, b"1\n", "Why.")]


def test_all_of_a_package_is_stored_or_nothing(app, write):
    before = rows_stored()
    large = GOOD | {"data/sample/2.in": b"x" * 50_000, "data/sample/2.ans": b""}
    result = app.test_cli_runner().invoke(args=["problems", "load", str(write(large))])
    assert (result.exit_code, "too large for a sample" in result.output) == (1, True)
    assert rows_stored() == before


def test_a_link_out_of_the_package_is_not_followed(app, write, tmp_path):
    (tmp_path / "secret").write_text("a password")
    folder = write(GOOD)
    (folder / "data/secret/2.in").symlink_to(tmp_path / "secret")
    result = app.test_cli_runner().invoke(args=["problems", "load", str(folder)])
    assert "data/secret/2.in leads out of the package" in result.output


def yaml_with(text):
    return {"problem.yaml": text.encode()}


REFUSED = {
    "no problem.yaml": ({"problem.yaml": None}, "problem.yaml is missing"),
    "a problem.yaml that is none": (yaml_with("a: [1"), "problem.yaml cannot be read"),
    "a problem.yaml with no keys": (yaml_with("- a"), "holds no keys"),
    "code in problem.yaml": (yaml_with("name: !!python/object/apply:os.getcwd []"), "cannot be read"),
    "a name that is a number": (yaml_with("name: 5"), "name is 5"),
    "limits that are none": (yaml_with("name: a\nlimits: fast"), "limits is 'fast'"),
    "a limit that is yes": (yaml_with("name: a\nlimits: {time_limit: yes}"), "time_limit is True"),
    "unknown flags": (yaml_with("name: a\nvalidator_flags: by_eye"), "“by_eye”, which is not known"),
    "a flag without a number": (
        yaml_with("name: a\nvalidator_flags: float_tolerance"),
        "no number after float_tol",
    ),
    "no statement": ({"problem_statement/problem.en.md": None}, "problem.en.md is missing"),
    "a statement in another coding": ({"problem_statement/problem.en.md": b"\xff"}, "not written in UTF-8"),
    "no hidden tests": ({"data/secret/01-big.in": None, "data/secret/01-big.ans": None}, "data/secret holds no test"),
    "a test without an answer": ({"data/secret/01-big.ans": None}, "“data/secret/01-big.ans” is missing"),
}


@pytest.mark.parametrize(("changes", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_problem_is_refused_with_the_file_at_fault(changes, sentence):
    files = {path: content for path, content in (GOOD | changes).items() if content is not None}
    with pytest.raises(PackageRefused, match=sentence):
        read_package("two-sum", files)


def test_the_starter_set_is_in_this_layout():

    folders = [path.parent for path in Path(__file__).parents[2].glob("problems/*/problem.yaml")]
    packages = [read_package(folder.name, files_of(folder)) for folder in folders]
    assert len(packages) == 12
    assert [one.details.slug for one in packages if len(one.details.starters) < 4 or len(one.tests) < 10] == []
