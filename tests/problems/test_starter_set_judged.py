"""Every program that comes with the problems in problems/, judged by the real sandbox as a member's would be."""

from pathlib import Path

import pytest

from app.extensions import db
from app.packages.service import load_folder
from app.problems.languages import LANGUAGES
from app.problems.models import Problem
from app.submissions import grading
from app.submissions.judges.sandbox import Sandbox
from ops.starter_set import PROBLEMS

FOLDERS = {"accepted": "AC", "wrong_answer": "WA", "time_limit_exceeded": "TLE"}
ENDINGS = {Path(language.file_name).suffix: key for key, language in LANGUAGES.items()}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", sorted(path.parent.name for path in PROBLEMS.glob("*/problem.yaml")))
def test_each_program_gets_the_verdict_that_its_folder_names(name: str) -> None:
    loaded = load_folder(PROBLEMS / name, is_published=True)
    programs = sorted((PROBLEMS / name / "submissions").glob("*/*"))
    wanted = {f"{path.parent.name}/{path.name}": FOLDERS[path.parent.name] for path in programs}
    found = {f"{path.parent.name}/{path.name}": verdict_of(path, loaded.id) for path in programs}
    assert found == wanted


def verdict_of(program: Path, problem_id: int) -> str:
    """What the sandbox makes of the program over all tests of the problem."""
    problem = db.session.get_one(Problem, problem_id)
    judged = grading.program_of(problem, ENDINGS[program.suffix], program.read_text())
    return grading.grade(Sandbox(), judged, grading.tests_of(problem_id), lambda _number: None).verdict.value
