"""Empty clubs, started and ended in several ways."""

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ops.processes import port_fault
from tests.processes.club import Club
from tests.waiting import wait_for

Start = Callable[..., Club]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    clubs: list[Club] = []

    def start_one(folder: str = "instance", **environ: str) -> Club:
        clubs.append(Club(tmp_path / folder, tmp_path / "screen.txt", DEMO="0", **environ))
        return clubs[-1]

    yield start_one
    for club in clubs:
        club.end()


def test_an_empty_club_in_a_deep_folder_ends_with_ctrl_c_and_leaves_nothing_behind(start: Start) -> None:
    club = start("a folder with 100 % of its name too long for a socket " + "x" * 60).wait_until_it_runs()
    session = club.supervisor()
    assert not (club.instance / "demo-logins.txt").exists()
    assert "members create" in club.screen()
    with closing(sqlite3.connect(club.instance / "mlbattle.db")) as database:
        assert database.execute("SELECT count(*) FROM members").fetchone() == (0,)
    assert club.end(signal.SIGINT) == 0
    assert club.what_is_left(session) == []
    assert port_fault("127.0.0.1", club.port) is None


def test_everything_ends_even_if_the_starter_is_killed(start: Start) -> None:
    club = start().wait_until_it_runs()
    session = club.supervisor()
    club.end(signal.SIGKILL)
    wait_for(lambda: not club.what_is_left(session), "the end of every process")


def test_a_wrong_setting_is_told_at_once(start: Start) -> None:
    club = start(DATABASE_URL="mysql://somewhere/club")
    assert club.process.wait(timeout=120) == 1
    assert "DATABASE_URL must be" in club.screen()


def test_a_program_that_cannot_start_shows_the_end_of_its_log(start: Start) -> None:
    club = start(WEB_THREADS="10", LIVE_MAX_SOCKETS="20")
    assert club.process.wait(timeout=120) == 1
    assert "The program web ended" in club.screen()
    assert "WEB_THREADS (10) must be larger" in club.screen()


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_refused(start: Start, port: str) -> None:
    club = start(PORT=port)
    assert club.process.wait(timeout=120) == 1
    assert "PORT must be" in club.screen()
