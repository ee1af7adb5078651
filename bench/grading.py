"""Grading: how long a verdict takes, and whether the cores are kept busy while many wait. A whole club."""

import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import func, select

from app.config import redis_socket
from app.core.jobs import Job
from app.extensions import db
from app.factory import create_app
from app.members.models import Member
from app.members.service import register_member
from app.problems.case_service import put_tests
from app.problems.models import Problem
from app.problems.pairs import Pair
from app.problems.service import ProblemDetails, create_problem, publish_problem
from app.submissions import service
from app.submissions.models import Submission
from bench.figures import tell
from ops.test_needs import BROWSER
from tests.browser.conftest import ARGUMENTS
from tests.browser.looks import PHONE
from tests.processes.club import Club
from tests.waiting import wait_for

MEMBERS, EACH, TESTS, ROUNDS = 20, 10, 10, 15
PASSWORD = "correct horse battery"  # noqa: S105 (of members who exist for a minute)
DOUBLE = "print(2 * int(input()))\n"
# Milliseconds from the click until the result that stood there has gone and another one says that all is right.
CLICK_AND_WAIT = """() => new Promise(resolve => {
    const result = () => document.querySelector("#result [data-told]");
    const earlier = result()?.id, began = performance.now();
    new MutationObserver((_changes, observer) => {
        const now = result();
        if (!now || now.id === earlier || !now.dataset.told.startsWith("Accepted")) return;
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - began));
    }).observe(document.body, {subtree: true, childList: true, attributes: true});
    document.querySelector("button[value=submit]").click();
})"""


def main() -> None:
    """Tell the figures."""
    with running_club() as (club, app), app.app_context():
        members = [register(f"member{number}") for number in range(MEMBERS)]
        one, many = make_problem("one-test", 1), make_problem("many-tests", TESTS)
        measure_latency(club.port, members[0].username, one)
        measure_backlog(members, many)


def measure_latency(port: int, username: str, problem: Problem) -> None:
    """From the click on Submit to the verdict on the page, less what the program takes by itself."""
    whole, bare = [], []
    with page_of(port, username, problem.slug) as page:
        for number in range(ROUNDS):
            page.get_by_role("textbox", name="Program", exact=True).fill(f"{DOUBLE}# {number}\n")
            whole.append(page.evaluate(CLICK_AND_WAIT))
            began = time.perf_counter()
            subprocess.run(["/usr/bin/python3", "-c", DOUBLE], input=b"1\n", stdout=subprocess.DEVNULL, check=True)
            bare.append(1000 * (time.perf_counter() - began))
    value, floor = statistics.median(whole), statistics.median(bare)
    tell("verdict_in_browser_after_program", value - floor, "ms", goal="at most 400 ms more than the program")


def measure_backlog(members: list[Member], problem: Problem) -> None:
    """Many queued at once: how busy the cores are until none is left, and how many are judged a second."""
    for number in range(EACH):
        for member in members:
            service.submit(member, problem, "python", f"{DOUBLE}# {number}\n")
    left, began, used = waiting(), time.perf_counter(), busy_and_all()
    wait_for(lambda: waiting() == 0, "an empty queue", 600)
    seconds, busy, whole = (
        time.perf_counter() - began,
        *(after - before for after, before in zip(busy_and_all(), used, strict=True)),
    )
    tell("grading_backlog_busy", 100 * busy / whole, "% of all cores", goal=">= 85")
    tell("grading_backlog_rate", left / seconds, "submissions/s", goal="as many as the cores allow")
    tell("grading_backlog_tests", left * TESTS / seconds, "tests/s", goal="as many as the cores allow")


@contextmanager
def page_of(port: int, username: str, slug: str) -> Iterator[Page]:
    """The problem as a member has it open, with the plain field."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which(BROWSER), args=ARGUMENTS)
        page = chromium.new_page(base_url=f"http://127.0.0.1:{port}", viewport=PHONE)
        page.goto("/login")
        page.get_by_label("Username or e-mail").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        page.goto(f"/problems/{slug}")
        yield page
        chromium.close()


@contextmanager
def running_club() -> Iterator[tuple[Club, Flask]]:
    """An empty club whose judge has been checked, and an application on its database."""
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name) / "i"
        club = Club(instance, Path(name) / "screen", DEMO="0", JUDGE="sandbox", JUDGE_WORKERS="2")
        try:
            club.wait_until_it_runs()
            os.environ |= {
                "INSTANCE_PATH": str(instance),
                "REDIS_URL": f"unix://{redis_socket(instance)}",
                "JUDGE": "sandbox",
            }
            app = create_app({"RATELIMIT_STORAGE_URI": "memory://"})
            with app.app_context():
                wait_for(has_checked, "the judge check", 240)
            yield club, app
        finally:
            club.end(signal.SIGINT)


def has_checked() -> bool:
    """Whether the check of the judge that a start begins has ended."""
    db.session.rollback()
    return db.session.scalar(select(Job.state).where(Job.kind == "check_judge").order_by(Job.id.desc())) == "done"


def register(username: str) -> Member:
    """A member."""
    details = {"display_name": username, "email": f"{username}@example.org", "kaggle_username": None}
    return register_member(username=username, password=PASSWORD, role="member", **details)


def make_problem(slug: str, tests: int) -> Problem:
    """A published problem with that many tests."""
    problem = create_problem(ProblemDetails(slug=slug, title=slug, statement="Double it."))
    pairs = [Pair(f"{n:03}", n == 0, b"%d\n" % n, b"%d\n" % (2 * n)) for n in range(tests)]
    put_tests(problem.id, pairs)
    publish_problem(problem.id)
    return problem


def waiting() -> int:
    """How many have no verdict yet."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Submission).where(Submission.verdict.is_(None))) or 0


def busy_and_all() -> tuple[int, int]:
    """Ticks that the cores have worked, and all ticks, since the machine started."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


if __name__ == "__main__":
    main()
