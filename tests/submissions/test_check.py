"""The judge check: with the real sandbox, and with one that cannot or does not hold."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import transaction
from app.core.jobs import Job, scheduler
from app.core.jobs.models import PeriodicJob
from app.extensions import db
from app.submissions import checks
from app.submissions.check import Finding, Report, run_check, trouble
from app.submissions.judges.sandbox import Sandbox
from app.submissions.specimens import FOLDER, HOSTILE, ORDINARY


@pytest.fixture
def admin(client, make_member, log_in):
    return log_in(client, make_member("adam", role="admin"))


@pytest.fixture
def without_bubblewrap(app, tmp_path, monkeypatch) -> Iterator[None]:
    """A process that has not probed yet, on a machine without bubblewrap."""
    monkeypatch.setitem(app.extensions, "judge sandbox", Sandbox())
    monkeypatch.setenv("PATH", str(tmp_path))
    return


def report(**details) -> Report:
    found = Finding("Fork without end", "python", True, ["AC"], "AC", 8, 8000, "")
    return replace(Report("sandbox", Sandbox().fingerprint(), "", "", {}, [found]), **details)


def store(stored: Report) -> None:
    with transaction():
        checks.keep(stored)


def newest_job() -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.kind == "check_judge").order_by(Job.id.desc())).first()


def test_the_sandbox_gives_every_verdict_and_holds_every_attack(app, tmp_path):
    secret = tmp_path / "secret_key"
    secret.write_text("a secret")
    told = []
    found = run_check(Sandbox(), [str(secret), *checks.secrets()], lambda done, total: told.append((done, total)))
    assert [finding for finding in found.findings if not finding.is_good] == []
    assert (found.reason, found.fix, found.missing) == ("", "", {})
    assert told[-1] == (len(found.findings), len(HOSTILE) + len(ORDINARY))
    assert all(finding.cpu_ms < 1000 and finding.memory_kb < 300_000 for finding in found.findings)


def test_every_program_in_the_folder_is_tried():
    files = {str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*.*")}
    assert files == {specimen.file for specimen in (*HOSTILE, *ORDINARY)}


def test_an_attack_that_gets_out_turns_grading_off():
    escaped = Finding("Leave a process behind", "python", True, ["AC"], "WA", 8, 8000, "it could leave a daemon")
    reason, fix = trouble([*report().findings, escaped])
    assert reason == "“Leave a process behind” (Python 3) ended as Wrong answer, not as Accepted."
    assert fix == "it could leave a daemon"


def test_a_judge_with_no_language_to_try_attacks_in_is_not_relied_on():
    found = run_check(Sandbox(path="/nowhere"), [], lambda _done, _total: None)
    assert not found.is_good
    assert found.missing["java"] == "javac is not installed: apt-get install default-jdk-headless"


def test_a_check_that_fails_ends_its_job_with_the_fix_and_says_so_to_administrators(
    admin, run_jobs, without_bubblewrap
):
    admin.post("/admin/judge")
    run_jobs()
    assert (newest_job().state, newest_job().reason) == (
        "failed",
        "bwrap is not installed. apt-get install bubblewrap",
    )
    assert checks.grading_off() == ("bwrap is not installed.", "apt-get install bubblewrap", None)
    page = admin.get("/admin/judge").text
    assert "Grading is off:" in page
    assert "apt-get install bubblewrap" in page
    assert "grading is off." in admin.get("/admin").text


def test_the_page_shows_what_each_program_used_and_what_went_wrong(admin):
    wrong = Finding("TLE", "java", False, ["TLE"], "RTE", 1234, 51_200, "It was ended by SIGABRT.")
    store(report(findings=[*report().findings, wrong], missing={"cpp": "g++ is not installed: apt-get install g++"}))
    page = admin.get("/admin/judge").text
    assert all(text in page for text in ("Fork without end", "1,234 ms", "50 MB", "It was ended by SIGABRT."))
    assert "apt-get install g++" in page


def test_before_the_first_check_the_page_says_so_and_grading_is_not_off(admin):
    assert "Not checked yet" in admin.get("/admin/judge").text
    assert checks.grading_off() is None


def test_what_was_checked_already_is_not_checked_again_by_itself(app, run_jobs, without_bubblewrap):
    store(report())
    scheduler.reconcile()
    scheduler.start_due()
    run_jobs()
    assert newest_job().state == "done"
    assert checks.newest_check().report["reason"] == ""


def test_a_judge_that_was_not_well_is_checked_by_itself_until_it_is(app, run_jobs, without_bubblewrap):
    store(report(reason="No namespaces.", fix="Allow them."))
    scheduler.reconcile()
    scheduler.start_due()
    run_jobs()
    assert "bwrap is not installed" in checks.newest_check().report["reason"]


def test_another_kernel_compiler_or_bubblewrap_is_checked_by_itself(app, run_jobs, without_bubblewrap):
    store(report(fingerprint="another"))
    scheduler.reconcile()
    scheduler.start_due()
    run_jobs()
    assert newest_job().state == "failed"


def test_the_check_is_due_whenever_the_site_starts(app):
    scheduler.reconcile()
    with transaction():
        for slot in db.session.scalars(select(PeriodicJob)):
            slot.next_due_at = clock.now() + timedelta(hours=1)
    scheduler.reconcile()
    due = db.session.scalars(select(PeriodicJob.kind).where(PeriodicJob.next_due_at <= clock.now())).all()
    assert "check_judge" in due


def test_a_club_without_a_judge_says_how_to_have_one(app, admin, run_jobs, monkeypatch):
    monkeypatch.setitem(app.config, "JUDGE", "none")
    admin.post("/admin/judge")
    run_jobs()
    assert "Set JUDGE=sandbox" in admin.get("/admin/judge").text


def test_the_command_prints_json_and_its_exit_status_tells(app, without_bubblewrap):
    found = app.test_cli_runner().invoke(args=["judge", "check", "--json"])
    assert found.exit_code == 1
    assert json.loads(found.output)["fix"] == "apt-get install bubblewrap"


def test_the_command_prints_a_line_for_each_program_and_ends_well(app, monkeypatch):
    monkeypatch.setattr("app.submissions.check_cli.run_check", lambda *_: report())
    found = app.test_cli_runner().invoke(args=["judge", "check"])
    assert (found.exit_code, "Fork without end" in found.output) == (0, True)
    assert "The judge can be relied on." in found.output
