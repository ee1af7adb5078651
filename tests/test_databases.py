"""What must hold on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import event, func, select, text

from app.competitions import event_queries, service, upkeep
from app.competitions.event_service import EventDetails, create_event
from app.competitions.models import Entry
from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job, enqueue
from app.core.jobs.runner import run_job
from app.core.paging import Paging
from app.extensions import db
from app.factory import create_app
from app.members.models import Member
from app.ratings import elo, history
from app.ratings.corrections import Disqualify, correct
from app.ratings.service import finalise_now
from app.submissions import leaderboard, rejudge_queries, rejudging, storing
from app.submissions.grading import Grade
from app.submissions.judges.base import Verdict
from app.submissions.models import RejudgeItem, Solve, Submission, Trial
from app.submissions.service import submit, try_out
from app.tracker import changes, fetching, imports, undoing
from app.tracker import service as tracker
from app.tracker.cohorts import CohortDetails, create_cohort, remove_cohort
from app.tracker.models import Handle, Snapshot
from app.tracker.platforms import platforms
from app.tracker.platforms.base import Verified
from app.tracker.removing import remove_participant
from tests.conftest import HIDDEN, OwnContextClient
from tests.postgresql import running_postgresql


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with running_postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, whole_app: Flask, redis_server) -> Iterator[Flask]:
    """In the place of the usual one: the application on either database, empty and migrated."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_app")
        return
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": request.getfixturevalue("postgresql"),
            "REDIS_URL": redis_server.url,
            "RATELIMIT_STORAGE_URI": "memory://",
            "JUDGE": "sandbox",
            "PASSWORD_HASH_COST": {"time_cost": 1, "memory_cost": 8},
            "WTF_CSRF_ENABLED": False,
        }
    )
    app.test_client_class = OwnContextClient
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        with transaction():
            for table in reversed(db.metadata.sorted_tables):
                db.session.execute(table.delete())
        db.session.remove()
        db.engine.dispose()


def test_models_equal_the_migrated_tables(app):
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), db.metadata)
    assert differences == []


def test_a_board_is_applied_again_and_again(app, make_member, make_competition, apply_csv):
    make_member("ann", kaggle="annk")
    titanic = make_competition(worst_score=0.0, best_score=1.0)
    apply_csv(titanic, "1,10,Ann,2026-01-01 00:00:00,0.5,3,annk")
    apply_csv(titanic, "2,10,Ann,2026-01-02 00:00:00,0.6,4,annk")
    db.session.rollback()
    entry = db.session.scalars(select(Entry).execution_options(populate_existing=True)).one()
    assert (entry.source_rank, entry.score, entry.place, entry.points) == (2, 0.6, 1, 60.0)
    assert entry.last_submitted_at.utcoffset().total_seconds() == 0


def test_one_job_of_a_kind_and_subject_is_active(app):
    with transaction():
        first = enqueue("prune_jobs", subject="x")
    with transaction():
        assert enqueue("prune_jobs", subject="x") == first
    run_job(first)
    db.session.rollback()
    assert db.session.scalars(select(Job.state)).all() == ["done"]


def test_entering_and_withdrawing(app, make_member, make_competition):
    ann, titanic = make_member("ann"), make_competition()
    service.enter(titanic.id, ann)
    service.withdraw(titanic.id, ann)
    service.enter(titanic.id, ann)
    assert db.session.scalar(select(func.count()).select_from(Entry).where(Entry.withdrawn_at.is_(None))) == 1


def test_points_of_an_event_are_summed_and_ranked(app, make_member, make_competition, apply_csv):
    night = create_event(EventDetails(title="Night"))
    for name in ("ann", "ben", "cat"):
        make_member(name, kaggle=name)
    for slug, scores in (("a", (0.1, 0.3, 0.2)), ("b", (0.2, 0.2, 0.2)), ("c", (0.3, 0.1, 0.1))):
        named = enumerate(zip(("ann", "ben", "cat"), scores, strict=True), 1)
        rows = [f"{n},{n},{n},,{score},1,{name}" for n, (name, score) in named]
        apply_csv(make_competition(slug, event_id=night.id, worst_score=0.0, best_score=1.0), *rows)
    service.enter(make_competition("d", event_id=night.id).id, make_member("dan"))
    standings = [(row.place, row.member, row.points, row.entered) for row in event_queries.all_rows(night)]
    assert standings == [(1, "Ann", 60.0, 3), (1, "Ben", 60.0, 3), (3, "Cat", 50.0, 3), (None, "Dan", None, 1)]


def test_places_fade(app, make_member, make_competition, apply_csv):
    make_member("ann", kaggle="annk")
    titanic = make_competition()
    apply_csv(titanic, "1,10,Ann,2026-01-01 00:00:00,0.5,3,annk")
    with transaction():
        upkeep.age_places(titanic.id)
    db.session.rollback()
    assert db.session.scalars(select(Entry.place_before)).one() == 1


def test_a_program_is_judged_and_its_member_ranked(app, make_member, make_problem, run_jobs):
    ann, problem = make_member("ann"), make_problem()
    for source in ("print(1 / 0)", "print(1)", f"n = input()\nprint(2 if n == '1' else {HIDDEN}0)"):
        submit(ann, problem, "python", source)
    try_out(ann, problem, "python", "print('a\\0b', '\udfff')", None)
    run_jobs()
    db.session.rollback()
    assert db.session.scalars(select(Submission.verdict).order_by(Submission.id)).all() == ["RTE", "WA", "AC"]
    assert db.session.scalars(select(Trial)).one().results[0]["output"] == "a\ufffdb ?\n"
    [row] = leaderboard.rows(leaderboard.Span("month", "", "solved"), Paging(1, 1))
    assert (row.username, row.place, row.solved) == ("ann", 1, 1)


def test_what_is_handed_in_while_a_turn_ends_gets_the_next_turn(app, make_member, make_problem, run_jobs):
    ann, problem = make_member("ann"), make_problem()
    with transaction():
        turn = enqueue("grade", subject=f"member:{ann.id}", member_id=ann.id)
    is_handed_in, has_ended = Event(), Event()

    def end_the_turn() -> None:
        with app.app_context():
            is_handed_in.wait(10)
            run_job(turn)
            has_ended.set()

    with ThreadPoolExecutor() as pool:
        ending = pool.submit(end_the_turn)
        with transaction():
            submit(ann, problem, "python", "print(1)")
            is_handed_in.set()
            has_ended.wait(0.5)  # it cannot, while what was handed in does not stand yet
        ending.result()
    run_jobs()
    db.session.rollback()
    assert db.session.scalars(select(Submission.verdict)).all() == ["WA"]


def test_every_page_opens(app, club, log_in):
    client = log_in(app.test_client(), club.admin)
    for path in (
        "/",
        "/competitions?q=t&status=ongoing",
        "/competitions/titanic/leaderboard?sort=change",
        "/events/neural-night",
    ):
        assert client.get(path).status_code == 200, path
    for path in (
        "/problems?tag=arrays&q=two",
        "/problems/two-sum",
        "/problems/two-sum/tests",
        "/problems/two-sum/tests/zip",
    ):
        assert client.get(path).status_code == 200, path
    for path in ("/admin/jobs", "/admin/members?q=ann", "/organise/kaggle-usernames", "/competitions/titanic/boards"):
        assert client.get(path).status_code == 200, path


def test_handles_are_looked_up_and_their_history_kept(app, make_member, run_jobs, monkeypatch):
    codeforces = platforms()["codeforces"]
    monkeypatch.setattr(codeforces, "fetch", lambda handles, _ask: ((name, Verified(rating=1.0)) for name in handles))
    people = [tracker.own_participant(make_member(name).id) for name in ("ann", "ben")]
    for person in people:
        tracker.set_handle(person.id, "codeforces", f"coder-{person.id}")
    for _ in range(2):
        fetching.request_platform("codeforces")
        run_jobs()
    assert db.session.scalars(select(Handle.state)).all() == ["verified", "verified"]
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 2
    remove_participant(people[0].id)
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 1


def test_a_roster_is_imported_changed_and_taken_back(app):
    cohort = create_cohort(CohortDetails("Example College", "2027"))
    for handle in ("foo", "bar"):
        rows, mapped, _ = imports.read_rows(f"Roll,Name,CF\nE-1,Ann,{handle}\n".encode())
        imports.import_rows(cohort.id, "roster.csv", rows, mapped)
        if handle == "foo":
            with transaction():
                row = db.session.scalars(select(Handle)).one()
                db.session.add(Snapshot(handle_id=row.id, day=clock.now().date(), rating=1500.0))
    assert undoing.undo(cohort.id).restored == 1
    assert db.session.scalars(select(Handle.handle).join(Handle.snapshots)).all() == ["foo"]
    remove_cohort(cohort.id)
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 0


def test_the_number_of_who_was_removed_is_never_given_anew(app):
    numbers = []
    for _ in range(2):
        cohort = create_cohort(CohortDetails("Example College", "2027"))
        numbers.append((cohort.id, tracker.add_participant(cohort.id, name="Ann").id))
        remove_cohort(cohort.id)
    assert all(first != second for first, second in zip(*numbers, strict=True))


def test_migrating_keeps_rosters_with_all_that_hangs_on_them(app):
    cohort = create_cohort(CohortDetails("Example College", "2027"))
    rows, mapped, _ = imports.read_rows(b"Roll,Name,CF\nE-1,Ann,foo\n")
    imports.import_rows(cohort.id, "roster.csv", rows, mapped)
    imports.receive(cohort.id, "next.csv", b"Roll,Name\nE-1,Ann\n")
    with transaction():
        row = db.session.scalars(select(Handle)).one()
        db.session.add(Snapshot(handle_id=row.id, day=clock.now().date(), rating=1500.0))
    tables = ("cohorts", "participants", "handles", "snapshots", "roster_uploads", "roster_imports")

    def everything():
        return {name: db.session.execute(text(f"SELECT * FROM {name}")).all() for name in tables}

    before = everything()
    flask_migrate.downgrade(revision="0016")
    flask_migrate.upgrade()
    assert everything() == before
    assert all(before.values())


def test_a_cohorts_leaderboard_and_its_people_are_shown(app, make_member, log_in):
    client = log_in(app.test_client(), make_member(role="organiser"))
    cohort = create_cohort(CohortDetails("Example College", "2027"))
    people = [tracker.add_participant(cohort.id, name=name).id for name in ("Ann", "Ben")]
    for person, rating in zip(people, (1500.5, 1200.0), strict=True):
        tracker.set_handle(person, "codeforces", f"coder-{person}")
        with transaction():
            row = db.session.scalars(select(Handle).where(Handle.participant_id == person)).one()
            row.state, row.rating, row.checked_at, row.known_at = "verified", rating, clock.now(), clock.now()
            day = clock.now().date() - timedelta(days=8)
            db.session.add(Snapshot(handle_id=row.id, day=day, rating=1400.25))
    assert changes.changes(cohort.id) == {people[0]: (100.25, None), people[1]: (-200.25, None)}
    address = f"/cohorts/{cohort.slug}"
    for query in ("", "?sort=month&order=desc", "?sort=codeforces", "?move=up", "?q=an&platform=codeforces"):
        assert "up 100" in client.get(address + query).text, query
    for path in ("/me", *(f"/people/{person}" for person in people)):
        assert client.get(address + path, follow_redirects=True).status_code == 200, path


LISTS = (
    "/",
    "/competitions",
    "/competitions/titanic/leaderboard",
    "/admin/members",
    "/admin/jobs",
    "/events/neural-night",
    "/ratings",
    "/members/ann",
)
MOST_STATEMENTS = {"/": 12, "/competitions/titanic/leaderboard": 6}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_as_often_whatever_its_length(app, club, log_in, make_member, apply_csv, make_competition, path):
    client = log_in(app.test_client(), club.admin)
    few = statements_of(client, path)
    rows = []
    for number in range(60):
        make_member(f"m{number:02}", kaggle=f"k{number}")
        rows.append(f"{number + 2},{number + 20},T{number},2026-01-01 00:00:00,0.4,1,k{number}")
    titanic = db.session.scalars(select(Entry)).first().competition
    apply_csv(titanic, "1,10,Ann,2026-01-01 00:00:00,0.9,3,annk", *rows)
    many = statements_of(client, path)
    assert many <= max(few, MOST_STATEMENTS.get(path, few))


def test_who_solves_a_problem_while_a_rejudge_takes_it_away_keeps_it(app, make_member, make_problem):
    ann, problem = make_member("ann"), make_problem("two-sum")
    grades = {"AC": Grade(total=2, passed=2), "WA": Grade(total=2, verdict=Verdict.WA)}

    def judge(source, verdict):
        with transaction():
            number = submit(ann, problem, "python", source)
            storing.begin(number, "sandbox", problem.tests_version, total=2)
            storing.finish(number, problem.tests_version, grades[verdict])
        return number

    def apply():
        with app.app_context():
            return rejudging.apply_rejudge(rejudge)

    first = judge("1", "AC")
    rejudge = rejudging.rejudge_problem(problem)
    with transaction():
        item = db.session.scalars(select(RejudgeItem)).one()
        storing.finish_beside(item, "sandbox", problem.tests_version, clock.now(), grades["WA"])
    with ThreadPoolExecutor(1) as pool:
        with transaction():
            second = judge("2", "AC")
            applying = pool.submit(apply)
            with pytest.raises(TimeoutError):
                applying.result(timeout=0.2)
        assert applying.result(timeout=10).changed == 1
    db.session.rollback()
    assert db.session.scalars(select(Submission.verdict).order_by(Submission.id)).all() == ["WA", "AC"]
    assert [solve.submission_id for solve in db.session.scalars(select(Solve))] == [second]
    assert [row.after for row in rejudge_queries.rejudgings_of(first)] == ["WA"]


def statements_of(client, path):
    statements = []
    listen = lambda _c, _cur, statement, *_: statements.append(statement)  # noqa: E731
    db.session.remove()
    event.listen(db.engine, "before_cursor_execute", listen)
    assert client.get(path).status_code == 200
    event.remove(db.engine, "before_cursor_execute", listen)
    # The health check of the banner, every two seconds, is not the page's.
    return len([statement for statement in statements if statement not in ("BEGIN", "SELECT 1")])


def test_ratings_are_the_same_to_the_last_bit(app, make_member, make_competition, apply_csv):
    names = [f"mem{number}" for number in range(7)]
    orders = [names[number:] + names[:number] for number in range(4)]
    members = {make_member(name, kaggle=f"{name}k").id: name for name in names}
    now, competitions = clock.now(), []
    for number, order in enumerate(orders):
        ends_at = now - timedelta(days=9 - number)
        competition = make_competition(f"c{number}", starts_at=now - timedelta(days=50), ends_at=ends_at, weight=1.3)
        apply_csv(competition, *(f"{n},{n},T,2026-01-01 00:00:00,0.{n},3,{name}k" for n, name in enumerate(order, 1)))
        finalise_now(competition.id)
        competitions.append(competition.id)
    second = select(Entry.id).where(Entry.competition_id == competitions[1], Entry.place == 2)
    correct(competitions[1], Disqualify(db.session.scalars(second).one(), "Shared code."))
    orders[1].pop(1)
    ratings = dict.fromkeys(names, 1500.0)
    for order in orders:
        ratings.update(zip(order, elo.rate(range(len(order)), [ratings[n] for n in order], 1.3).after, strict=True))
    stored = db.session.execute(select(Member.id, Member.rating)).all()
    assert {members[member_id]: rating for member_id, rating in stored} == ratings
    assert history.differences() == []


def test_who_finalises_at_once_writes_one_history(app, make_member, make_competition, apply_csv):
    names = [f"mem{number}" for number in range(5)]
    for name in names:
        make_member(name, kaggle=f"{name}k")
    now, numbers = clock.now(), []
    for number in range(6):
        ends_at = now - timedelta(days=9 - number)
        competition = make_competition(f"c{number}", starts_at=now - timedelta(days=50), ends_at=ends_at)
        order = names[number % 5 :] + names[: number % 5]
        apply_csv(competition, *(f"{n},{n},T,2026-01-01 00:00:00,0.{n},3,{name}k" for n, name in enumerate(order, 1)))
        numbers.append(competition.id)
    db.session.remove()

    def finalise(competition_id: int) -> bool:
        with app.app_context():
            return finalise_now(competition_id)

    with ThreadPoolExecutor(6) as threads:
        moved = list(threads.map(finalise, [*reversed(numbers), *numbers]))
    assert moved.count(True) == len(numbers)
    assert history.differences() == []
