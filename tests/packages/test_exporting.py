"""Problems written as packages: read again, they are the same."""

import io
import zipfile
from dataclasses import replace

from sqlalchemy import select

from app.extensions import db
from app.packages.exporting import write_package
from app.packages.reading import opened, read_archive
from app.packages.service import examine, import_package
from app.problems.case_service import add_test, delete_test, move_test
from app.problems.models import Problem, TestCase
from app.problems.pairs import Pair
from app.problems.service import details_of, edit_problem
from tests.packages.make import OURS, YAML, picture

RICH = {
    "problem.yaml": YAML + OURS,
    "problem_statement/problem.sv.md": "Det *dubbla*: ![Prick](deep/dot.svg)",
    "problem_statement/deep/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "problem_statement/dots.png": picture("JPEG"),
    "solution/solution.en.md": "Double it.",
    "starter/python.py": "n = int(input())\n",
    "data/sample/1.md": "Twice 21.",
    "data/secret/group/1.in": "7\n",
    "data/secret/group/1.ans": "14\n",
}
CUSTOM = {
    "problem.yaml": YAML + "validation: custom\nvalidator_flags: [--slack, '1 2']\n",
    "output_validators/check.cpp": '#include "a.h"\n',
    "output_validators/a.h": "int a;\n",
}


def exported(problem):
    target = io.BytesIO()
    write_package(problem, target)
    return target.getvalue()


def changes_of(content, slug="twice"):
    return examine(read_archive(opened(content), slug, "x.zip"), lambda *_: None).changes


def test_exported_and_imported_a_problem_is_the_same(without_judge, imported):
    problem = imported(RICH)
    add_test(problem.id, Pair("../odd: 50%", False, b"3\n", b"6\n"))
    last = db.session.scalars(select(TestCase).where(TestCase.name == "../odd: 50%")).one()
    move_test(last.id, is_up=True)
    content, before = exported(problem), details_of(problem)
    assert changes_of(content) == []
    copied = content.replace(b"twice/", b"thrice"[:5] + b"/")
    package = read_archive(opened(copied), "thric", "x.zip")
    again = import_package(package, examine(package, lambda *_: None), is_published=True)
    told = details_of(again)
    assert (again.slug, again.status) == ("thric", "draft")
    assert told == before.__class__(**{**before.__dict__, "slug": "thric"})
    assert changes_of(exported(problem)) == []


def test_what_only_this_site_would_say_so_comes_back_literally(without_judge, imported):
    problem = imported({"problem.yaml": YAML + OURS})
    odd = {"statement": "![Dots](dots.png)\n\n{{nextsample}}\n\nTwo.", "time_limit_s": 1.2345678}
    problem = edit_problem(problem.id, replace(details_of(problem), **odd))
    for name in ("9", "10"):
        delete_test(db.session.scalars(select(TestCase.id).where(TestCase.name == name)).one())
    package = read_archive(opened(exported(problem)), "twice", "x.zip")
    assert (package.details, changes_of(exported(problem))) == (details_of(problem), [])
    assert not [sentence for sentence in package.doubts if "counts" in sentence]


def test_a_problem_with_a_validator_of_its_own_keeps_it(without_judge, imported):
    problem = imported(CUSTOM)
    assert (problem.comparison, problem.validator.flags) == ("validator", "--slack '1 2'")
    assert changes_of(exported(problem)) == []


def test_every_way_of_comparing_comes_back(without_judge, imported):
    problem = imported()
    for comparison in ("lines", "tokens", "exact", "floats"):
        for is_case_sensitive in (True, False):
            told = details_of(db.session.scalars(select(Problem)).one())
            tolerances = {"absolute_tolerance": 1e-7, "relative_tolerance": 0.003}
            told = {**told.__dict__, **tolerances, "comparison": comparison, "is_case_sensitive": is_case_sensitive}
            problem = edit_problem(problem.id, details_of(problem).__class__(**told))
            assert changes_of(exported(problem)) == [], (comparison, is_case_sensitive)


def test_an_organiser_takes_a_problem_out_and_a_command_does_too(without_judge, app, imported, organiser, tmp_path):
    imported()
    answer = organiser.get("/problem-packages/of/twice.zip")
    assert "twice/data/secret/9.ans" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    result = app.test_cli_runner().invoke(args=["problems", "export", "twice", "--to", str(tmp_path)])
    assert result.output == "twice.zip: Twice\n"
    assert (tmp_path / "twice.zip").read_bytes() == answer.data
