"""Syncing with Kaggle: when, what it brings, and whatever Kaggle answers."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.competitions import boards, queries, service, syncing
from app.competitions.models import BoardFile, Competition, Entry, SyncState
from app.competitions.service import Draft
from app.competitions.sources import kaggle as kaggle_source
from app.core import clock
from app.core.audit import AuditRecord
from app.core.db import transaction
from app.core.jobs import Job
from app.core.jobs.queries import latest_job
from app.extensions import db
from tests.routes import rows_stored

ROWS = ["1,10,Ann,2026-01-01 00:00:00,0.9,3,annk", "2,11,Bob,2026-01-01 00:00:00,0.8,1,bobk"]
BETTER = ["1,11,Bob,2026-01-02 00:00:00,0.95,2,bobk", "2,10,Ann,2026-01-01 00:00:00,0.9,3,annk"]

# What Kaggle does, what the page says, and whether another try is made before the usual back-off.
FAULTS = {
    "401": ("login", "connect the account again"),
    "403": ("rules", "https://www.kaggle.com/competitions/titanic/rules"),
    "404": ("unknown", "knows no competition “titanic”"),
    "429": ("busy", "left alone for a while"),
    "429 retry": ("busy", "left alone for 120 seconds"),
    "429 date": ("busy", "asks to be left alone for"),
    "429 nested": ("busy", "left alone for a while"),
    "error in 200": ("rules", "accepted the rules"),
    "401 without a word": ("login", "connect the account again"),
    "429 inside a 200": ("busy", "left alone for a while"),
    "429 at the end of time": ("busy", "left alone"),
    "too deep": ("garbled", "could not be understood"),
    "500": ("down", "error 500"),
    "503": ("down", "error 503"),
    "hang": ("slow", "within 1 seconds"),
    "drip": ("slow", "within 1 seconds"),
    "html": ("garbled", "a web page"),
    "truncated zip": ("garbled", "damaged or cut short"),
    "short body": ("unreachable", "broke its answer off"),
    "empty zip": ("garbled", "no CSV file"),
    "two csvs": ("garbled", "2 CSV files"),
    "bomb": ("garbled", "larger than 1 MB unpacked"),
    "reset": ("unreachable", "could not be reached"),
    "redirect elsewhere": ("unreachable", "could not be reached"),
    "huge": ("too large", "larger than the site takes"),
}


@pytest.fixture
def titanic(connected, make_member, make_competition, run_jobs):
    """A competition synced once, ann first."""
    make_member("ann", kaggle="annk")
    make_member("bob", kaggle="bobk")
    connected.add("titanic", rows=ROWS)
    competition = make_competition("titanic", kaggle_slug="titanic")
    run_jobs()
    return competition


def places(competition: Competition) -> list[str]:
    db.session.rollback()
    found = db.session.get_one(Competition, competition.id, populate_existing=True)
    return [row.username or "" for row in queries.all_rows(found)]


def state(competition: Competition) -> SyncState:
    return db.session.get_one(SyncState, competition.id, populate_existing=True)


def sync_now(competition: Competition, run_jobs) -> str:
    """Press the button and wait; the job's reason."""
    syncing.request_sync(competition)
    run_jobs()
    job = latest_job("sync_competition", f"competition:{competition.id}")
    assert job is not None
    return f"{job.state}: {job.reason}"


def test_a_competition_is_synced_as_soon_as_it_is_made(titanic):
    assert places(titanic) == ["ann", "bob"]
    assert state(titanic).last_synced_at is not None


def test_a_wish_for_a_sync_is_on_record_with_when_the_last_one_was(titanic):
    synced_at, job_id = state(titanic).last_synced_at, syncing.request_sync(titanic)
    (act,) = db.session.scalars(select(AuditRecord).where(AuditRecord.act == "sync"))
    assert (act.before, act.after) == ({"last_synced_at": synced_at.isoformat()}, {"job": job_id})


def test_the_next_sync_brings_what_is_new(titanic, connected, run_jobs):
    connected.competitions["titanic"].board = BETTER
    assert sync_now(titanic, run_jobs).startswith("done: 2 rows read, 2 matched, 2 updated")
    assert places(titanic) == ["bob", "ann"]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_kaggle_answers_the_last_good_board_stands(
    app, titanic, connected, make_competition, run_jobs, monkeypatch, fault
):
    kind, sentence = FAULTS[fault]
    monkeypatch.setitem(app.config, "BOARD_MAX_MB", 1)
    monkeypatch.setitem(app.config, "KAGGLE_SECONDS", 1 if fault in ("hang", "drip") else 20)
    connected.competitions["titanic"].board = BETTER
    connected.faults["titanic"] = fault
    told = sync_now(titanic, run_jobs)
    assert (told.startswith("failed: "), sentence in told) == (True, True), told
    assert places(titanic) == ["ann", "bob"]
    found = state(titanic)
    assert (found.problem_kind, found.failures, found.problem in told) == (kind, 1, True)
    assert found.due_at >= clock.now() + syncing.EVERY - timedelta(minutes=1)
    connected.add("next-one", rows=ROWS)
    other = make_competition("next-one", kaggle_slug="next-one")
    run_jobs()
    assert places(other) == ["ann", "bob"]


@pytest.mark.parametrize("fault", ["no length", "path in name"])
def test_what_looks_odd_and_is_whole_is_taken(titanic, connected, run_jobs, fault):
    connected.competitions["titanic"].board = BETTER
    connected.faults["titanic"] = fault
    assert sync_now(titanic, run_jobs).startswith("done")
    assert places(titanic) == ["bob", "ann"]


def test_a_refused_connection_is_a_fault_like_others(titanic, connected, run_jobs):
    connected.stop()
    assert "could not be reached" in sync_now(titanic, run_jobs)
    connected.start()
    assert sync_now(titanic, run_jobs).startswith("done")
    assert (state(titanic).failing_since, state(titanic).problem) == (None, "")


def test_kaggle_is_asked_again_when_it_said_it_may_be(titanic, connected, run_jobs):
    connected.faults["titanic"] = "429 retry"
    before = clock.now()
    sync_now(titanic, run_jobs)
    assert before + syncing.EVERY <= state(titanic).due_at <= clock.now() + syncing.EVERY


def test_who_fails_on_is_asked_less_and_less_often(titanic, connected, run_jobs):
    connected.faults["titanic"] = "500"
    waits = []
    for _ in range(5):
        sync_now(titanic, run_jobs)
        waits.append(round((state(titanic).due_at - clock.now()) / timedelta(minutes=1)))
    assert waits == [5, 10, 20, 40, 40]


def test_half_a_board_waits_for_an_organiser_once(titanic, connected, run_jobs):
    connected.competitions["titanic"].board = ROWS + [f"{n},{n},T{n},,0.1,1,x{n}" for n in range(20, 30)]
    sync_now(titanic, run_jobs)
    connected.competitions["titanic"].board = BETTER
    assert "waits among the board files" in sync_now(titanic, run_jobs)
    sync_now(titanic, run_jobs)
    waiting = db.session.scalars(select(BoardFile).where(BoardFile.state == "waiting")).all()
    assert (len(waiting), places(titanic)[:2]) == (1, ["ann", "bob"])
    boards.request_apply(waiting[0].id, is_confirmed=True)
    run_jobs()
    assert places(titanic) == ["bob", "ann"]
    assert sync_now(titanic, run_jobs).startswith("done: The same 2 rows")


def test_a_day_in_which_nothing_changes_writes_next_to_nothing(titanic, connected, run_jobs):
    entries = db.session.execute(select(Entry.__table__)).all()
    before, start = rows_stored(), clock.now()
    for number in range(1, 289):
        with clock.standing_at(start + number * (syncing.EVERY + timedelta(seconds=1))):
            connected.competitions["titanic"].at = clock.now()
            begin_due()
            run_jobs()
    after = rows_stored()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {"jobs": 288, "syncs": syncing.SYNCS_KEPT - 1}
    assert db.session.execute(select(Entry.__table__)).all() == entries
    found = db.session.get_one(Competition, titanic.id, populate_existing=True)
    assert (found.board_version, found.board_at > start + timedelta(hours=24)) == (1, True)


def test_a_file_handed_in_between_is_replaced_by_the_next_sync(titanic, connected, apply_csv, run_jobs):
    apply_csv(titanic, *BETTER)
    assert places(titanic) == ["bob", "ann"]
    sync_now(titanic, run_jobs)
    assert places(titanic) == ["ann", "bob"]


def test_pressed_twice_it_syncs_once(titanic, connected, run_jobs):
    first, second = syncing.request_sync(titanic), syncing.request_sync(titanic)
    before = connected.count("DownloadLeaderboard")
    run_jobs()
    assert (first, connected.count("DownloadLeaderboard")) == (second, before + 1)


def begin_due() -> int:
    with transaction():
        return syncing.enqueue_due()


def due_at(moment) -> int:
    """How many syncs the clock would begin at that moment."""
    with clock.standing_at(moment):
        number = begin_due()
    with transaction():
        db.session.execute(delete(Job).where(Job.state == "queued"))
    return number


def test_it_is_synced_every_five_minutes_while_it_is_ongoing(titanic):
    synced_at = state(titanic).last_synced_at
    assert due_at(synced_at + timedelta(minutes=4)) == 0
    assert due_at(synced_at + timedelta(minutes=5, seconds=1)) == 1


def test_it_is_synced_at_its_start(connected, make_competition, run_jobs):
    connected.add("titanic", rows=ROWS)
    now = clock.now()
    competition = make_competition(
        "titanic", kaggle_slug="titanic", starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=3)
    )
    run_jobs()
    assert state(competition).due_at == competition.starts_at
    assert due_at(competition.starts_at - timedelta(seconds=1)) == 0
    assert due_at(competition.starts_at) == 1


def test_it_is_synced_a_last_time_after_its_end(titanic, connected, run_jobs):
    with clock.standing_at(titanic.ends_at - timedelta(minutes=2)):
        connected.competitions["titanic"].at = clock.now()
        sync_now(titanic, run_jobs)
    assert state(titanic).due_at == titanic.ends_at
    with clock.standing_at(titanic.ends_at + timedelta(minutes=1)):
        sync_now(titanic, run_jobs)
        assert state(titanic).due_at == clock.now() + syncing.EVERY  # that board was still from before the end
        connected.competitions["titanic"].at = clock.now()
        sync_now(titanic, run_jobs)
    assert state(titanic).due_at is None


def test_a_paused_competition_is_left_alone_until_it_goes_on(titanic):
    syncing.set_paused(titanic.id, is_paused=True)
    assert due_at(clock.now() + timedelta(hours=1)) == 0
    syncing.set_paused(titanic.id, is_paused=False)
    assert due_at(clock.now()) == 1


def edit(titanic: Competition, kaggle_slug: str | None) -> None:
    dates = {"starts_at": titanic.starts_at, "ends_at": titanic.ends_at}
    service.edit_competition(titanic.id, Draft(slug="titanic", title="Titanic", kaggle_slug=kaggle_slug, **dates))


@pytest.fixture
def in_the_middle(connected, monkeypatch):
    """in_the_middle(act): the act happens while the next leaderboard is downloaded."""

    def arrange(act: Callable[[], None]) -> None:
        leaderboard = kaggle_source.Kaggle.leaderboard

        def interrupted(kaggle: kaggle_source.Kaggle, slug: str) -> bytes:
            monkeypatch.setattr(kaggle_source.Kaggle, "leaderboard", leaderboard)
            act()
            return leaderboard(kaggle, slug)

        monkeypatch.setattr(kaggle_source.Kaggle, "leaderboard", interrupted)

    return arrange


@pytest.mark.parametrize("fault", [None, "404"])
@pytest.mark.parametrize("is_paused", [False, True])
def test_a_slug_corrected_in_mid_sync_is_synced_at_once(titanic, connected, run_jobs, in_the_middle, fault, is_paused):
    connected.add("spaceship", rows=BETTER)
    if fault:
        connected.faults["titanic"] = fault
    syncing.set_paused(titanic.id, is_paused=is_paused)
    in_the_middle(lambda: edit(titanic, "spaceship"))
    sync_now(titanic, run_jobs)
    assert places(titanic) == ["bob", "ann"]
    assert (state(titanic).problem, state(titanic).failures) == ("", 0)


def test_a_slug_removed_in_mid_sync_ends_all_syncing(titanic, connected, run_jobs, in_the_middle):
    in_the_middle(lambda: edit(titanic, None))
    assert sync_now(titanic, run_jobs).startswith("done: Its address on Kaggle was changed")
    assert (state(titanic).due_at, due_at(clock.now() + timedelta(hours=1))) == (None, 0)


def test_another_slug_with_a_smaller_board_is_not_doubted(titanic, connected, run_jobs):
    connected.add("spaceship", rows=BETTER[:1])
    edit(titanic, "spaceship")
    run_jobs()
    assert (places(titanic)[0], state(titanic).problem) == ("bob", "")


def test_who_joins_while_a_board_is_read_is_found_all_the_same(
    titanic, connected, make_member, run_jobs, in_the_middle, monkeypatch
):
    connected.competitions["titanic"].board = [*BETTER, "3,12,Cleo,2026-01-02 00:00:00,0.7,2,cleok"]
    read = syncing.read

    def joining(competition_id: int, download: syncing.Download) -> syncing.Reading | None:
        reading = read(competition_id, download)
        make_member("cleo", kaggle="cleok")
        return reading

    monkeypatch.setattr(syncing, "read", joining)
    sync_now(titanic, run_jobs)
    assert places(titanic) == ["bob", "ann", "cleo"]


def test_a_sync_that_ends_in_a_way_nobody_foresaw_is_a_failed_one(titanic, run_jobs, monkeypatch):
    def explode(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(syncing, "read", explode)
    syncing.request_sync(titanic)
    for seconds in (0, 60, 120):
        with clock.standing_at(clock.now() + timedelta(seconds=seconds)):
            run_jobs()
    found = state(titanic)
    assert (found.failures, "unexpected" in found.problem, found.due_at > clock.now()) == (1, True, True)
    assert "unexpected" in queries.last_syncs(titanic.id)[0].outcome


def many() -> list[str]:
    return ROWS + [f"{n},{n},T{n},,0.1,1,x{n}" for n in range(20, 30)]


def test_one_yes_is_for_one_board(titanic, connected, run_jobs):
    board = connected.competitions["titanic"]
    for rows, is_taken in ((many(), True), (BETTER, False)):
        board.board = rows
        assert sync_now(titanic, run_jobs).startswith("done") is is_taken
    boards.request_apply(queries.waiting_boards()[0].id, is_confirmed=True)
    run_jobs()
    for rows, is_taken in ((many(), True), (BETTER, False)):
        board.board = rows
        assert sync_now(titanic, run_jobs).startswith("done") is is_taken


def test_a_waiting_board_is_let_go_when_a_better_one_comes_or_the_slug_changes(titanic, connected, run_jobs):
    board = connected.competitions["titanic"]
    for rows, waiting in ((many(), 0), (BETTER, 1), (many(), 0), (BETTER, 1)):
        board.board = rows
        sync_now(titanic, run_jobs)
        assert len(queries.waiting_boards()) == waiting
    edit(titanic, None)
    assert queries.waiting_boards() == []


def test_another_slug_is_synced_at_once(titanic, connected, run_jobs):
    connected.add("spaceship", rows=BETTER)
    edit(titanic, "spaceship")
    run_jobs()
    assert places(titanic) == ["bob", "ann"]


def test_without_an_account_nothing_is_asked(app, kaggle, make_competition, run_jobs):
    competition = make_competition("titanic", kaggle_slug="titanic")
    run_jobs()
    assert (kaggle.count("DownloadLeaderboard"), state(competition).problem) == (0, "")
    with pytest.raises(syncing.SyncRefused, match="No Kaggle account"):
        syncing.request_sync(competition)


def test_the_hosts_own_kaggle_configuration_is_neither_read_nor_written(tmp_path, monkeypatch, connected, titanic):
    (tmp_path / ".kaggle").mkdir()
    (tmp_path / ".kaggle" / "access_token").write_text("KGAT_of_somebody_else")
    for name, value in {"HOME": str(tmp_path), "KAGGLE_API_TOKEN": "KGAT_of_the_host"}.items():
        monkeypatch.setenv(name, value)
    kaggle_source.load_client.cache_clear()
    client = kaggle_source.Kaggle(
        connected.url, kaggle_source.Credentials("secret-key", "ann-organiser"), seconds=20, max_bytes=10**6
    )
    assert zipfile.is_zipfile(io.BytesIO(client.leaderboard("titanic")))
    assert {call.authorization for call in connected.calls} == {"Basic YW5uLW9yZ2FuaXNlcjpzZWNyZXQta2V5"}
    assert [path.name for path in tmp_path.rglob("*")] == [".kaggle", "access_token"]
