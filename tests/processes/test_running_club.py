"""One club with demo members, kept running while its parts are killed."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.processes.club import Club
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    folder = tmp_path_factory.mktemp("club")
    club = Club(folder / "instance", folder / "screen.txt")
    yield club.wait_until_it_runs()
    club.end()


def test_the_address_and_the_demo_logins_are_on_the_screen(club: Club) -> None:
    logins = (club.instance / "demo-logins.txt").read_text().strip()
    assert f"http://127.0.0.1:{club.port}/" in club.screen()
    assert logins
    assert logins in club.screen()


def test_nobody_else_on_the_machine_can_read_the_instance(club: Club) -> None:
    private = (club.instance, *club.instance.glob("*"), *(club.instance / "logs").glob("*"))
    assert [path for path in private if path.stat().st_mode & 0o077] == []


def test_all_parts_are_well(club: Club) -> None:
    status, report = club.health()
    assert status == 200
    assert report["down"] == []
    assert all(report[part]["ok"] for part in ("database", "redis", "worker", "scheduler"))


def test_a_second_start_says_that_the_club_is_running(club: Club) -> None:
    second = Club(club.instance, club.instance.parent / "second.txt")
    assert second.process.wait(timeout=60) == 1
    assert f"already running: http://127.0.0.1:{club.port}/" in second.screen()


def test_a_port_in_use_is_a_clear_sentence(club: Club) -> None:
    other = Club(club.instance.parent / "other", club.instance.parent / "other.txt", port=club.port)
    assert other.process.wait(timeout=60) == 1
    assert f"Port {club.port} is in use" in other.screen()


def test_a_hanging_redis_is_named_and_holds_up_no_answer(club: Club) -> None:
    redis = club.pid("redis")
    os.kill(redis, signal.SIGSTOP)
    try:
        report = wait_for(lambda: club.health()[0] == 503 and club.health()[1], "a 503")
    finally:
        os.kill(redis, signal.SIGCONT)
    assert "redis" in report["down"]
    assert report["database"]["ok"]
    wait_for(lambda: club.health()[0] == 200, "Redis to be well again")


@pytest.mark.parametrize("program", ["redis", "scheduler", "worker", "web"])
def test_a_killed_program_comes_back_again_and_again(club: Club, program: str) -> None:
    for _ in range(3):
        killed = club.pid(program)
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda killed=killed: club.pid(program) != killed, f"{program} to be started again")
    wait_for(lambda: club.health()[0] == 200, f"everything to be well after {program} was killed")
