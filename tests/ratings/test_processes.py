"""Ratings move once, and whole or not at all: real processes on one database."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, update

from app.competitions.models import Competition
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import Job
from app.extensions import db
from app.members.models import Member
from app.ratings import history
from app.ratings.models import RatingEvent
from tests.core.jobs.shop import Shop
from tests.ratings.conftest import ratings
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


@pytest.fixture
def app(still_shop: Shop) -> Flask:
    """In the place of the usual one: an application whose instance folder and Redis other processes share."""
    return cast(Flask, current_app)


@contextmanager
def running(*commands: list[str]) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def finalized() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Competition.finalized_at.is_not(None))) or 0


def test_two_commands_finalise_at_once_and_one_does(
    people: dict[str, Member], make_over: Callable[..., Competition]
) -> None:
    make_over("spring", "annk", "benk")
    db.session.remove()
    command = ["flask", "--app", "wsgi", "competitions", "finalize", "spring"]
    with running(command, command, command) as processes:
        told = sorted(process.communicate(timeout=SECONDS)[0].strip() for process in processes)
    assert told == ["ratings=moved", "ratings=unchanged", "ratings=unchanged"]
    assert ratings()["ann"] == 1504
    acts = select(func.count()).where(AuditRecord.act == "finalise competition")
    assert db.session.scalar(acts) == 1


def test_two_schedulers_finalise_at_once_and_ratings_move_once(
    people: dict[str, Member], make_over: Callable[..., Competition]
) -> None:
    make_over("spring", "annk", "benk", days_ago=3)
    make_over("summer", "benk", "annk", "carak")
    db.session.remove()
    scheduler, worker = ["flask", "--app", "wsgi", "jobs", "schedule"], ["worker"]
    with running(scheduler, scheduler, worker, worker):
        wait_for(lambda: finalized() == 2, "both to be finalised")
        done = select(func.count()).where(Job.kind == "finalize_competitions", Job.state == "done")
        wait_for(lambda: (db.session.rollback(), db.session.scalar(done))[1], "the job to end")
    events = select(RatingEvent.member_id, RatingEvent.competition_id)
    assert len(db.session.execute(events).all()) == 5
    assert history.differences() == []


def test_a_replay_that_is_killed_leaves_the_old_numbers(
    people: dict[str, Member], make_rated: Callable[..., Competition], tmp_path: Path
) -> None:
    make_rated("spring", "annk", "benk")
    before = ratings()
    with transaction():
        db.session.execute(update(Competition).values(weight=3.0))
    db.session.remove()
    with running(["tests.ratings.stage", str(tmp_path / "written")]) as (process,):
        wait_for((tmp_path / "written").exists, "the replay to write")
        process.kill()
        process.wait(timeout=SECONDS)
    assert ratings() == before
    assert db.session.scalar(select(func.count()).select_from(RatingEvent)) == 2
    with running(["flask", "--app", "wsgi", "ratings", "replay"]) as (process,):
        assert process.communicate(timeout=SECONDS)[0].strip() == "events=2"
    assert ratings()["ann"] == 1512
