"""Syncing by real workers: side by side, and each competition strictly one at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.competitions import service, syncing
from app.competitions.models import Competition
from app.competitions.service import Draft
from app.core import clock
from app.core.jobs import Job
from app.extensions import db
from tests.kaggle_server import KEY, USERNAME, KaggleServer
from tests.waiting import wait_for


@pytest.fixture
def club(kaggle, monkeypatch, request):
    """The stand-in, named by the environment of two workers and two schedulers."""
    for name, value in {"KAGGLE_API_URL": kaggle.url, "KAGGLE_USERNAME": USERNAME, "KAGGLE_KEY": KEY}.items():
        monkeypatch.setenv(name, value)
    shop = request.getfixturevalue("shop")
    for _ in range(2):
        shop.start("worker")
    return shop


def make(slug: str) -> Competition:
    now = clock.now()
    draft = Draft(slug=slug, title=slug, starts_at=now, ends_at=now + timedelta(days=1), kaggle_slug=slug)
    return service.create_competition(draft)


def ended() -> bool:
    db.session.rollback()
    states = db.session.scalars(select(Job.state).where(Job.kind == "sync_competition")).all()
    return bool(states) and set(states) <= {"done", "failed"}


def test_two_workers_and_a_button_pressed_in_the_middle(club, kaggle: KaggleServer):
    gates = {slug: kaggle.gate(slug) for slug in ("titanic", "harbour-tides")}
    titanic, other = make("titanic"), make("harbour-tides")
    wait_for(lambda: all(kaggle.count("DownloadLeaderboard", slug) for slug in gates), "both downloads, side by side")
    pressed = {syncing.request_sync(titanic) for _ in range(5)}
    for gate in gates.values():
        gate.set()
    wait_for(ended, "the syncs to end")
    assert len(pressed) == 1
    assert (kaggle.count("DownloadLeaderboard", "titanic"), kaggle.most_at_once("titanic")) == (1, 1)
    db.session.rollback()
    for competition in (titanic, other):
        assert db.session.get_one(Competition, competition.id, populate_existing=True).board_rows == 3
    jobs = db.session.scalars(select(Job).where(Job.kind == "sync_competition")).all()
    assert [(job.state, job.attempt) for job in jobs] == [("done", 1)] * 2


def test_a_sync_whose_worker_is_killed_is_done_all_the_same(club, kaggle: KaggleServer):
    gate = kaggle.gate("titanic")
    titanic = make("titanic")
    wait_for(lambda: kaggle.count("DownloadLeaderboard", "titanic"), "the download")
    for worker in club.processes[2:]:
        worker.kill()
    club.start("worker")
    gate.set()
    wait_for(ended, "the sync to end")
    db.session.rollback()
    assert db.session.get_one(Competition, titanic.id, populate_existing=True).board_rows == 3
