"""Every program that comes with the problems in problems/, judged by the real sandbox as a member's would be.

Some in Python of a few problems are judged by Judge0 too; `python -m bench.judge0 --starter-set` has it judge all.
"""

import time
from pathlib import Path

import pytest

from app.extensions import db
from app.packages.service import load_folder
from app.problems.languages import LANGUAGES
from app.problems.models import Problem
from app.submissions import grading
from app.submissions.judges.base import Judge
from app.submissions.judges.judge0 import Bell, Judge0
from app.submissions.judges.sandbox import Sandbox
from ops.starter_set import PROBLEMS
from tests.judge0_server import TOKEN, Judge0Server

FOLDERS = {"accepted": "AC", "wrong_answer": "WA", "time_limit_exceeded": "TLE"}
ENDINGS = {Path(language.file_name).suffix: key for key, language in LANGUAGES.items()}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", sorted(path.parent.name for path in PROBLEMS.glob("*/problem.yaml")))
def test_each_program_gets_the_verdict_that_its_folder_names(name: str) -> None:
    loaded = load_folder(PROBLEMS / name, is_published=True)
    programs = sorted((PROBLEMS / name / "submissions").glob("*/*"))
    wanted = {f"{path.parent.name}/{path.name}": FOLDERS[path.parent.name] for path in programs}
    found = {f"{path.parent.name}/{path.name}": verdict_of(Sandbox(), path, loaded.id) for path in programs}
    assert found == wanted


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", ["cluster-fence", "sign-up-sheet"])
def test_judge0_gives_programs_in_python_the_same_verdicts(name: str) -> None:
    loaded = load_folder(PROBLEMS / name, is_published=True)
    # Those that are too slow would take as long; the check of each judge has its own.
    programs = [
        path for kind in ("accepted", "wrong_answer") for path in (PROBLEMS / name).glob(f"submissions/{kind}/*.py")
    ]
    wanted = {path.name: FOLDERS[path.parent.name] for path in programs}
    with Judge0Server() as server:
        judge = Judge0(server.url, {"X-Auth-Token": TOKEN}, bell=lambda: Bell("", lambda _seconds: time.sleep(0.02)))
        found = {path.name: verdict_of(judge, path, loaded.id) for path in programs}
    assert found == wanted
    assert server.ran > len(programs)


def verdict_of(judge: Judge, program: Path, problem_id: int) -> str:
    """What the judge makes of the program over all tests of the problem."""
    problem = db.session.get_one(Problem, problem_id)
    judged = grading.program_of(problem, ENDINGS[program.suffix], program.read_text())
    return grading.grade(judge, judged, grading.tests_of(problem_id), lambda _number: None).verdict.value
