import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from app.core import health
from app.core.jobs.registry import queues
from app.extensions import db
from tests.redis_server import RedisProcess


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisProcess]:
    with tempfile.TemporaryDirectory() as folder:
        server = RedisProcess(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def connection(redis: RedisProcess) -> Iterator[Redis]:
    client = Redis.from_url(redis.url)
    client.flushall()
    yield client
    client.close()


def site(redis_url: str, database_url: str = "sqlite://") -> Flask:
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=database_url, REDIS_URL=redis_url)
    db.init_app(app)
    health.init_app(app)
    return app


@pytest.fixture
def client(redis: RedisProcess, connection: Redis) -> FlaskClient:
    return site(redis.url).test_client()


def seen(connection: Redis, worker_seconds_ago: float, scheduler_seconds_ago: float) -> None:
    connection.mset({f"mlbattle:seen:worker:{name}": str(time.time() - worker_seconds_ago) for name in queues()})
    connection.set("mlbattle:seen:scheduler", str(time.time() - scheduler_seconds_ago))


def test_all_is_well_when_every_part_answers(client: FlaskClient, connection: Redis) -> None:
    seen(connection, 3, 3)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert [name for name, part in answer.json.items() if isinstance(part, dict) and part["ok"]] == [
        "database",
        "redis",
        "scheduler",
        "worker",
    ]


def test_a_worker_not_seen_lately_is_named_with_the_moment(client: FlaskClient, connection: Redis) -> None:
    seen(connection, 60, 3)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["down"]) == (503, ["worker"])
    assert "was last seen at" in answer.json["worker"]["detail"]


def test_a_scheduler_never_seen_is_named(client: FlaskClient, connection: Redis) -> None:
    seen(connection, 3, 3)
    connection.delete("mlbattle:seen:scheduler")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["down"]) == (503, ["scheduler"])


def test_queues_that_no_worker_takes_from_are_named(client: FlaskClient, connection: Redis) -> None:
    seen(connection, 3, 3)
    connection.set("mlbattle:seen:worker:judging", str(time.time() - 60))
    connection.delete("mlbattle:seen:worker:tracker")
    answer = client.get("/healthz").json
    assert (answer["down"], answer["worker"]["detail"]) == (["worker"], "It has not been seen yet (judging, tracker).")
    with client.application.app_context():
        assert health.degradations() == [
            "Background jobs are waiting (judging, tracker): the worker has not been seen yet."
        ]


def test_redis_away_is_named_and_the_banner_says_what_follows(tmp_path: Path) -> None:
    app = site(f"unix://{tmp_path}/nobody.sock")
    assert app.test_client().get("/healthz").json["down"] == ["redis", "worker", "scheduler"]
    with app.app_context():
        assert health.degradations() == [health.CONSEQUENCES["redis"]]


def test_a_database_away_is_named(redis: RedisProcess, connection: Redis, tmp_path: Path) -> None:
    seen(connection, 3, 3)
    app = site(redis.url, f"sqlite:///{tmp_path}/no/folder/club.db")
    assert app.test_client().get("/healthz").json["down"] == ["database"]


def test_the_banner_is_empty_when_all_is_well(client: FlaskClient, connection: Redis) -> None:
    seen(connection, 3, 3)
    with client.application.app_context():
        assert health.degradations() == []


def test_while_one_request_waits_for_a_hanging_part_others_get_the_last_report(
    client: FlaskClient, connection: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(connection, 3, 3)
    assert client.get("/healthz").status_code == 200
    measuring, may_go_on = threading.Event(), threading.Event()

    def hang() -> health.Report:
        measuring.set()
        may_go_on.wait(30)
        return health.check_redis()

    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(health, "ANSWER_SECONDS", 30.0)
    monkeypatch.setitem(health.CHECKS, "redis", hang)
    first = threading.Thread(target=lambda: client.application.test_client().get("/healthz"))
    first.start()
    assert measuring.wait(30)
    assert client.get("/healthz").status_code == 200
    may_go_on.set()
    first.join(30)


def test_a_part_that_hangs_is_called_away(redis: RedisProcess, client: FlaskClient, connection: Redis) -> None:
    seen(connection, 3, 3)
    redis.signal(signal.SIGSTOP)
    try:
        assert "redis" in client.get("/healthz").json["down"]
    finally:
        redis.signal(signal.SIGCONT)
