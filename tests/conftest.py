"""What most tests stand on: the real application on a real SQLite file and a real Redis, anew for each test."""

import contextvars
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import flask_migrate
import pytest
from flask import Flask
from flask.globals import (
    _cv_app,
)  # private, but the only way to let a request have its own application context
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse
from xdist.scheduler import LoadFileScheduling

from app.competitions import boards, service
from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Competition
from app.competitions.planning import Plan
from app.competitions.service import Draft
from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job
from app.core.jobs.runner import run_job
from app.extensions import db, limiter, redis_client
from app.factory import create_app
from app.members.administration import open_dispute
from app.members.models import Member
from app.members.service import make_reset_token, register_member
from app.packages.service import examine
from app.packages.uploads import keep_report, package_of, receive_archive
from app.problems.case_service import put_tests, receive_zip
from app.problems.models import Problem, ProblemImage, TestCase
from app.problems.pairs import Pair
from app.problems.service import ProblemDetails, create_problem, publish_problem
from app.ratings.service import finalise_now
from app.submissions import storing
from app.submissions.grading import Grade
from app.submissions.judges.base import Verdict
from app.submissions.models import RejudgeItem, Submission
from app.submissions.rejudging import rejudge_submission
from app.submissions.service import submit
from app.tracker import imports
from app.tracker.cohorts import CohortDetails, create_cohort
from app.tracker.linking import make_invitation
from app.tracker.service import add_participant, set_handle
from tests.core.jobs.shop import Shop
from tests.packages.make import GOOD as PACKAGE
from tests.packages.make import zipped
from tests.redis_server import RedisProcess
from tests.routes import SampleClub

PASSWORD = "correct horse battery"
Row = TypeVar("Row")
FAILED_SAMPLE = Grade(
    total=2,
    verdict=Verdict.WA,
    results=[{"number": 1, "is_sample": True, "verdict": "WA", "cpu_ms": 12, "memory_kb": 9000}],
    failed_number=1,
    sample_input="1\n",
    sample_answer="2\n",
    sample_output="1\n",
)
HIDDEN = "90210"  # stands in the hidden test of every problem that tests make, and may never be shown
PAIRS = (
    Pair("1", True, b"1\n", b"2\n", "Twice one is **two**."),
    Pair("2", False, f"{HIDDEN}\n".encode(), f"{HIDDEN}0\n".encode(), HIDDEN),
)

# Whole clubs of tests would check their judge at every start, for 20 seconds; those that need one say so.
os.environ["JUDGE"] = "none"
HEADER = "Rank,TeamId,TeamName,LastSubmissionDate,Score,SubmissionCount,TeamMemberUserNames"


class OneProcessForAFile(LoadFileScheduling):
    """Side by side, the tests of one file share a process, and those of the browser one demo club.

    The longest file is shared out by its tests, or one process would end a minute after the others.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "browser"
        return nodeid if nodeid.startswith("tests/test_bad_input.py") else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProcessForAFile:
    """How tests are shared out among processes."""
    return OneProcessForAFile(config, log)


class OwnContextClient(FlaskClient):
    """A client whose requests do not share the test's application context, as real ones do not."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.remove()
        context = contextvars.copy_context()
        context.run(_cv_app.set, None)
        return context.run(super().open, *args, **kwargs)


def detached(row: Row) -> Row:
    """The row as it is stored now, for a test to keep across requests."""
    db.session.refresh(row)
    db.session.expunge(row)
    return row


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder with a short name, in memory where there is such a place."""
    shared_memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared_memory if shared_memory.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def redis_server(folder: Path) -> Iterator[RedisProcess]:
    """One Redis for all tests of a run."""
    (folder / "redis").mkdir()
    server = RedisProcess(folder / "redis")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def whole_app(folder: Path, redis_server: RedisProcess) -> Flask:
    """The application, and its migrated empty database kept beside the one that tests write to."""
    os.environ["INSTANCE_PATH"] = str(folder)
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'club.db'}",
            "REDIS_URL": redis_server.url,
            "RATELIMIT_STORAGE_URI": f"redis+{redis_server.url}",
            "SECRET_KEY": "a key for tests",
            "JUDGE": "sandbox",
            "PASSWORD_HASH_COST": {"time_cost": 1, "memory_cost": 8},
            "WTF_CSRF_ENABLED": False,
            "KAGGLE_API_URL": "http://127.0.0.1:9",  # where nobody listens
        }
    )
    app.test_client_class = OwnContextClient
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    shutil.copy(folder / "club.db", folder / "empty.db")
    return app


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """The application that most tests use."""
    return sqlite_app


@pytest.fixture
def sqlite_app(whole_app: Flask, folder: Path) -> Iterator[Flask]:
    """The application on an empty database and an empty Redis, its context pushed."""
    with whole_app.app_context():
        db.engine.dispose()
        for leftover in ("club.db-wal", "club.db-shm"):
            (folder / leftover).unlink(missing_ok=True)
        shutil.copy(folder / "empty.db", folder / "club.db")
        redis_client().flushall()
        limiter.reset()  # there is one limiter for all applications; it counts where the last one made says
        yield whole_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def make_member(app: Flask) -> Callable[..., Member]:
    """make_member("ann", kaggle="annk", role="organiser")"""

    def make(username: str = "ann", *, kaggle: str | None = None, role: str = "member", **details: Any) -> Member:
        member = register_member(
            username=username,
            display_name=details.get("display_name", username.title()),
            email=details.get("email", f"{username}@example.org"),
            password=details.get("password", PASSWORD),
            kaggle_username=kaggle,
            role=role,
        )
        return detached(member)

    return make


@pytest.fixture
def log_in() -> Callable[[FlaskClient, Member], FlaskClient]:
    """log_in(client, member): the client has the member's session from now on."""

    def enter(client: FlaskClient, member: Member) -> FlaskClient:
        with client.session_transaction() as session:
            session["_user_id"] = member.get_id()
            session["_fresh"] = True
        return client

    return enter


@pytest.fixture
def make_competition(app: Flask) -> Callable[..., Competition]:
    """make_competition("titanic", is_higher_better=False, ...): ongoing, unless told otherwise."""

    def make(slug: str = "titanic", **details: Any) -> Competition:
        now = clock.now()
        draft = {
            "slug": slug,
            "title": slug.title(),
            "starts_at": now - timedelta(days=1),
            "ends_at": now + timedelta(days=5),
            **details,
        }
        return detached(service.create_competition(Draft(**draft)))

    return make


@pytest.fixture
def make_problem(app: Flask) -> Callable[..., Problem]:
    """make_problem("two-sum", is_published=False, pairs=(), ...): with one sample and one hidden test."""

    def make(
        slug: str = "two-sum", *, is_published: bool = True, pairs: Sequence[Pair] = PAIRS, **details: Any
    ) -> Problem:
        told = {"title": slug.replace("-", " ").title(), "statement": "Print **twice** $n$.", **details}
        problem = create_problem(ProblemDetails(slug=slug, **told))
        put_tests(problem.id, pairs)
        if is_published:
            publish_problem(problem.id)
        return detached(problem)

    return make


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files, content by path."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return target.getvalue()


@pytest.fixture
def apply_csv(app: Flask) -> Callable[..., Plan]:
    """apply_csv(competition, "1,10,Ann,2026-01-01 00:00:00,0.9,3,annk", ...): a board of these rows, applied."""

    def apply(competition: Competition, *rows: str, header: str = HEADER, is_confirmed: bool = False) -> Plan:
        content = ("\ufeff" + "\n".join((header, *rows)) + "\n").encode()
        received_at = clock.now()
        competition = db.session.get_one(Competition, competition.id, populate_existing=True)
        standings = boards.read(competition, content, "board.csv", received_at)
        with transaction():
            board = boards.keep(competition, content, "board.csv", "test", received_at)
            board.is_confirmed = is_confirmed
            return boards.apply_board(board, standings)

    return apply


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], None]:
    """Run every queued job in this process, as a worker would, until none is left."""

    def run() -> None:
        while True:
            db.session.rollback()
            queued = db.session.scalars(
                select(Job.id).where(Job.state == "queued", Job.due_at <= clock.now()).order_by(Job.id)
            ).all()
            if not queued:
                return
            for job_id in queued:
                run_job(job_id)

    return run


@pytest.fixture
def club(
    make_member: Callable[..., Member],
    make_competition: Callable[..., Competition],
    make_problem: Callable[..., Problem],
    apply_csv: Callable[..., Plan],
) -> SampleClub:
    """A club in which every page has something to show."""
    member = make_member("ann", kaggle="annk")
    organiser = make_member("olga", kaggle="olgak", role="organiser")
    admin = make_member("adam", role="admin")
    event = create_event(EventDetails(title="Neural Night", slug="neural-night"))
    competition = make_competition("titanic", event_id=event.id, worst_score=0.0, best_score=1.0, kaggle_slug="titanic")
    apply_csv(competition, "1,10,Ann,2026-01-01 00:00:00,0.9,3,annk")
    now = clock.now()
    over = make_competition("spring", starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=2))
    apply_csv(
        over,
        "1,20,Ann,2026-01-01 00:00:00,0.9,3,annk",
        "2,21,Olga,2026-01-01 00:00:00,0.8,3,olgak",
    )
    finalise_now(over.id)
    waiting = boards.receive_board(competition, f"{HEADER}\n".encode(), "waiting.csv", "olga")
    open_dispute(organiser.id, "annk")
    with transaction():
        failed = Job(
            kind="prune_jobs", subject="x", args={}, state="failed", reason="It broke.", created_at=clock.now(),
            due_at=clock.now(), finished_at=clock.now(),
        )  # fmt: skip
        db.session.add(failed)
    problem = make_problem("two-sum", hints=("Sort them.",), tags=("arrays",))
    receive_zip(problem.id, "more.zip", zip_of({"3.in": b"3\n", "3.ans": b"6\n"}))
    program = submit(member, problem, "python", "print(1)\n")
    with transaction():
        storing.begin(program, "sandbox", problem.tests_version, total=2)
        storing.finish(program, problem.tests_version, FAILED_SAMPLE)
    rejudge = rejudge_submission(db.session.get_one(Submission, program))
    with transaction():
        item = db.session.scalars(select(RejudgeItem)).one()
        storing.finish_beside(item, "sandbox", problem.tests_version, clock.now(), Grade(total=2, passed=2))
    upload_id = receive_archive("twice.zip", zipped(PACKAGE))
    with transaction():
        db.session.add(
            ProblemImage(problem_id=problem.id, name="dots.png", original=b"", shown=b"", mimetype="image/webp")
        )
        keep_report(upload_id, "twice", examine(package_of(upload_id), lambda *_: None))
    cohort = create_cohort(CohortDetails("Example College", "2027", visibility="members"))
    person = add_participant(cohort.id, name="Ann Example", roll_number="E-1", email="ann@college.example")
    set_handle(person.id, "codeforces", "ann")
    add_participant(cohort.id, name="Ann", member_id=member.id)
    imports.import_rows(cohort.id, "old.csv", [(1, ["Roll"]), (2, ["E-2"])], {"roll_number": 0})
    imports.receive(cohort.id, "new.csv", b"Roll,Name,Codeforces\nE-3,Ben,ben\nE-4,,not a handle\n")
    arguments = {
        "cohort_slug": cohort.slug,
        "participant_id": person.id,
        "invitation": make_invitation(person.id),
        "submission_id": program,
        "rejudge_id": rejudge,
        "problem_slug": problem.slug,
        "test_id": db.session.scalars(select(TestCase.id).where(TestCase.is_sample.is_(False))).one(),
        "slug": competition.slug,
        "event_slug": event.slug,
        "board_id": waiting,
        "job_id": failed.id,
        "member_id": member.id,
        "dispute_id": 1,
        "username": member.username,
        "rated_slug": "spring",
        "rated_member_id": member.id,
        "kaggle_slug": "house-prices",
        "platform_key": "codechef",
        "picture_name": "dots.png",
        "upload_id": upload_id,
        "export_type": "csv",
        "token": make_reset_token(member),
    }
    return SampleClub(member, organiser, admin, arguments)


@pytest.fixture
def shop(still_shop: Shop) -> Shop:
    """With two schedulers."""
    for _ in range(2):
        still_shop.start("schedule")
    return still_shop


@pytest.fixture
def still_shop(bare_shop: Shop, folder: Path) -> Shop:
    """With all tables, in which nothing runs yet."""
    shutil.copy(folder / "empty.db", bare_shop.folder / "mlbattle.db")
    return bare_shop


@pytest.fixture
def bare_shop(whole_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Without a table."""
    with tempfile.TemporaryDirectory() as name:
        monkeypatch.setenv("INSTANCE_PATH", name)
        monkeypatch.setenv("REDIS_URL", f"unix://{name}/redis.sock")
        app = create_app({"RATELIMIT_STORAGE_URI": "memory://"})
        with app.app_context():
            place = Shop(Path(name))
            yield place
            place.close()
            db.session.remove()
            db.engine.dispose()
            redis_client().close()
