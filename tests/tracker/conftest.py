"""Platforms to ask on loopback, quicker than real ones may be, and a cohort."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job
from app.extensions import db
from app.tracker import asking, fetching, pace, service
from app.tracker.cohorts import CohortDetails, create_cohort
from app.tracker.models import Cohort, Handle
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Pace
from tests.competitions.conftest import told  # noqa: F401
from tests.platform_server import PlatformServer


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlatformServer]:
    """The stand-in for every platform, each with a pace and a patience that tests need not wait for."""
    with PlatformServer() as server:
        for name, value in server.settings().items():
            monkeypatch.setitem(app.config, name, value)
        for platform in platforms().values():
            monkeypatch.setattr(type(platform), "pace", Pace(10_000, 1))
        monkeypatch.setattr(asking, "CALL_SECONDS", 5.0)
        monkeypatch.setattr(pace, "BACK_OFF_SECONDS", (0,))
        yield server


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return create_cohort(CohortDetails("Example College", "2027"))


@pytest.fixture
def add_handle(cohort: Cohort) -> Callable[..., Handle]:
    """add_handle("codeforces", "foo", rating=1500): of a new participant; with a rating it was verified a day ago."""

    def add(key: str, handle: str = "", rating: float | None = None, cohort_id: int = cohort.id) -> Handle:
        participant = service.add_participant(cohort_id)
        service.set_handle(participant.id, key, handle or platforms()[key].example_handle)
        with transaction():
            row = db.session.scalars(select(Handle).where(Handle.participant_id == participant.id)).one()
            row.asked_at = None
            if rating is not None:
                row.state, row.rating = "verified", rating
                row.known_at = row.checked_at = clock.now() - timedelta(days=1)
        return row

    return add


@pytest.fixture
def fetch(run_jobs: Callable[[], None]) -> Callable[[], None]:
    """Have all that is due fetched by the jobs that do it, until nothing is left that may be asked."""

    def run() -> None:
        with transaction():
            db.session.execute(update(Job).where(Job.kind == "fetch_handles").values(due_at=clock.now()))
            fetching.enqueue_due()
        run_jobs()
        db.session.rollback()

    return run


def stored(row: Handle) -> Handle:
    """The handle as it is now."""
    return db.session.get_one(Handle, row.id, populate_existing=True)
