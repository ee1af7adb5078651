"""The packages in problems/: whole, in one layout, and the same wherever they are made."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops import starter_set

PROBLEMS = sorted(path.parent for path in starter_set.PROBLEMS.glob("*/problem.yaml"))
POINTS = {"easy": 10, "medium": 20, "hard": 40}
REMAKE = "run `python -m ops.starter_set`, which makes the hidden tests"
MOST_BYTES_OF_A_TEST = 1_000_000
MOST_BYTES_OF_A_PACKAGE = 3_000_000

each_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)


def test_the_set_goes_from_easy_to_hard_over_a_dozen_categories() -> None:
    ours = [settings_of(problem)["mlbattle"] for problem in PROBLEMS]
    assert Counter(one["difficulty"] for one in ours) == {"easy": 4, "medium": 5, "hard": 3}
    assert len({one["category"] for one in ours}) == 12


def test_some_of_each_difficulty_are_solved_in_all_four_languages() -> None:
    everywhere = {"solution.py", "solution.cpp", "Main.java", "solution.js"}
    solved = [problem for problem in PROBLEMS if files_in(problem / "submissions" / "accepted") == everywhere]
    assert len(solved) >= 4
    assert {settings_of(problem)["mlbattle"]["difficulty"] for problem in solved} == POINTS.keys()


@each_problem
def test_settings_are_complete(problem: Path) -> None:
    settings = settings_of(problem)
    ours = settings.pop("mlbattle")
    flags = settings.pop("validator_flags", "float_tolerance 1e-6")
    assert settings.keys() == {"name", "author", "license", "keywords", "limits"}
    assert settings["limits"].keys() == {"time_limit", "memory"}
    assert flags == "float_tolerance 1e-6"
    assert ours.keys() == {"difficulty", "category", "points", "hints", "constraints"}
    assert ours["points"] == POINTS[ours["difficulty"]]
    assert all(isinstance(hint, str) for hint in ours["hints"])


@each_problem
def test_the_statement_tells_task_input_and_output_and_leaves_title_and_samples_to_the_page(problem: Path) -> None:
    statement = (problem / "problem_statement" / "problem.en.md").read_text()
    headings = [line for line in statement.splitlines() if line.startswith("#")]
    assert headings == ["## Input", "## Output"]
    assert not statement.startswith("#")
    assert statement.count("$") % 2 == 0


@each_problem
def test_the_editorial_says_how_and_where_it_goes_wrong(problem: Path) -> None:
    editorial = (problem / "solution" / "solution.en.md").read_text()
    assert [line for line in editorial.splitlines() if line.startswith("#")] == ["## Where it goes wrong"]
    assert 600 < len(editorial) < 4000
    assert editorial.count("$") % 2 == 0


@each_problem
def test_every_sample_is_a_pair_and_the_first_is_explained(problem: Path) -> None:
    names = {path.name for path in (problem / "data" / "sample").iterdir()}
    pairs = {name[:-3] for name in names if name.endswith(".in")}
    assert len(pairs) in {2, 3}
    assert {f"{pair}.ans" for pair in pairs} | {"1.md"} <= names


@each_problem
def test_the_solution_answers_the_samples(problem: Path) -> None:
    for asked in (problem / "data" / "sample").glob("*.in"):
        assert starter_set.answer(problem, asked) == asked.with_suffix(".ans").read_bytes(), asked.name


@each_problem
def test_solutions_and_starter_code_are_there(problem: Path) -> None:
    assert {"solution.py", "solution.cpp"} <= files_in(problem / "submissions" / "accepted")
    assert files_in(problem / "submissions" / "wrong_answer")
    assert files_in(problem / "starter") == {"python.py", "cpp.cpp", "java.java", "javascript.js"}


@each_problem
def test_hidden_tests_are_many_and_not_too_large(problem: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in (problem / "data" / "secret").glob("*")}
    inputs = {name[:-3] for name in sizes if name.endswith(".in")}
    assert 10 <= len(inputs) <= 20, REMAKE
    assert sizes.keys() == {f"{name}.{end}" for name in inputs for end in ("in", "ans")}
    assert max(sizes.values()) < MOST_BYTES_OF_A_TEST
    assert sum(sizes.values()) < MOST_BYTES_OF_A_PACKAGE


def test_made_once_more_the_hidden_tests_are_the_same(tmp_path: Path) -> None:
    # The one that draws from most containers; it was made by another process, with other hashes of strings.
    problem = starter_set.PROBLEMS / "shake-up"
    starter_set.build(problem, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(problem / "data" / "secret"), REMAKE


def test_a_generator_that_fails_leaves_the_tests_there_were(tmp_path: Path) -> None:
    secret = tmp_path / "data" / "secret"
    secret.mkdir(parents=True)
    (secret / "01-old.in").write_text("1\n")
    (tmp_path / "generators").mkdir()
    (tmp_path / "generators" / "secret.py").write_text("def tests(rng):\n    yield 'half', '1'\n    raise ValueError\n")
    (tmp_path / "submissions" / "accepted").mkdir(parents=True)
    (tmp_path / "submissions" / "accepted" / "solution.py").write_text("print(input())\n")
    with pytest.raises(ValueError):
        starter_set.renew(tmp_path)
    assert contents(tmp_path / "data") == {}
    assert contents(secret) == {"01-old.in": b"1\n"}


def settings_of(problem: Path) -> dict[str, Any]:
    """The problem.yaml."""
    settings: dict[str, Any] = yaml.safe_load((problem / "problem.yaml").read_text())
    return settings


def files_in(folder: Path) -> set[str]:
    """The names of the files, none where the folder is not there."""
    return {path.name for path in folder.glob("*")}


def contents(folder: Path) -> dict[str, bytes]:
    """Name and bytes of every file."""
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}
