"""What is kept of people in files and moves goes with them."""

import pytest
from redis import Redis
from sqlalchemy import select, text

from app.core.audit import AuditRecord
from app.core.db import transaction
from app.extensions import db, redis_client
from app.members.service import delete_member
from app.tracker import export, imports, kept, service, undoing
from app.tracker.cohorts import CohortDetails, create_cohort, remove_cohort
from app.tracker.linking import link_member
from app.tracker.movers import movers
from app.tracker.removing import remove_participant
from tests.conftest import PASSWORD, detached

KEPT = "mlbattle:[wm]o[rv][ke]*"  # workbooks, what announces them, movers


@pytest.fixture
def cohort(cohort):
    return detached(cohort)


@pytest.fixture
def olga(client, log_in, make_member):
    olga = make_member("olga", role="organiser")
    log_in(client, olga)
    return olga


@pytest.fixture
def make_kept(client, olga, cohort, run_jobs):
    """make_kept(): olga has the cohort's workbook made, and its moves are seen."""

    def make():
        client.post(f"/cohorts/{cohort.slug}/export")
        run_jobs()
        movers(olga)
        db.session.rollback()

    return make


def take_import_back(cohort, _person):
    rows, mapped, _ = imports.read_rows(b"Roll,Name\nE-1,Ben\n")
    imports.import_rows(cohort.id, "roster.csv", rows, mapped)
    undoing.undo(cohort.id)


def forget_the_member(_cohort, person):
    with transaction():
        service.forget_member(db.session.merge(person).member_id)


@pytest.mark.parametrize(
    "remove",
    [
        lambda _cohort, person: remove_participant(person.id),
        lambda cohort, _person: remove_cohort(cohort.id),
        take_import_back,
        forget_the_member,
    ],
)
def test_files_and_moves_go_with_the_people_in_them(cohort, make_kept, make_member, remove):
    person = detached(service.add_participant(cohort.id, name="Ann", member_id=make_member("ann").id))
    others = kept.movers_key(create_cohort(CohortDetails("Other College", "2027")).id)
    make_kept()
    assert len(redis_client().keys(KEPT)) == 4
    remove(cohort, person)
    assert redis_client().keys(KEPT) == [others.encode()]


def test_a_workbook_under_way_while_somebody_is_removed_is_made_anew(client, olga, cohort, run_jobs, monkeypatch):
    gone = service.add_participant(cohort.id, name="Gone").id
    made = []

    def write(found, _tell):
        made.append([line.standing.person.name for line in found.lines])
        if len(made) == 1:
            remove_participant(gone)
        return b"a workbook"

    monkeypatch.setattr("app.tracker.exporting.workbook_of", write)
    client.post(f"/cohorts/{cohort.slug}/export")
    run_jobs()
    assert made[0] == ["Gone"]
    assert client.get(f"/cohorts/{cohort.slug}/export/leaderboard.xlsx").status_code == 302


def test_without_redis_people_go_all_the_same_and_the_log_says_what_stays(cohort, monkeypatch, caplog):
    person = service.add_participant(cohort.id, name="Ann")
    monkeypatch.setattr(kept, "redis_client", lambda: Redis.from_url("unix:///nowhere/redis.sock"))
    remove_participant(person.id)
    assert "until they expire" in caplog.text
    assert export.extract(cohort, is_for_organisers=True).lines == []


def test_no_record_names_the_account_of_a_former_member(cohort, make_member, run_jobs):
    member = make_member("stan7b")
    person = service.add_participant(cohort.id, name="Stan")
    link_member(person.id, "stan7b")
    delete_member(member.id, PASSWORD)
    run_jobs()
    records = [str((act.actor_name, act.before, act.after)) for act in db.session.scalars(select(AuditRecord))]
    assert not [record for record in records if "stan7b" in record]


def test_tables_whose_numbers_are_not_given_anew_are_those_that_models_name(app):
    named = {table.name for table in db.metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]}
    migrated = db.session.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
    assert set(migrated) == named == {"cohorts", "participants"}
