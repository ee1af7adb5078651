"""What `make run` says of judging."""

import pytest

from ops import run, test_needs


def test_a_club_that_cannot_judge_says_with_which_command_it_could(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_needs.shutil, "which", lambda program: None if program in {"bwrap", "javac"} else program)
    assert "apt-get install" in run.judging()
    assert "bubblewrap default-jdk-headless\n" in run.judging()


def test_a_club_that_can_judge_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_needs.shutil, "which", lambda program: program)
    assert run.judging() == ""
