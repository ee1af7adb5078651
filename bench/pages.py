"""Pages: how often they ask the database, and the leaderboard's requests a second through the shipped web server."""

import http.client
import os
import subprocess
import sys
import time

from flask import Flask

from app.extensions import db
from app.members.models import Member
from bench import ratings
from bench.boards import Field, apply, club, count_statements, make
from bench.figures import tell
from tests.processes.club import free_port
from tests.waiting import wait_for

ENTRIES = 200
REQUESTS = 300
HISTORY, FIELD = 200, 30
PAGE = f"/competitions/board-{ENTRIES}/leaderboard"


class Browser:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        self.connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = self.connection.getresponse()
        response.read()
        return response

    def rate(self, path: str, **headers: str) -> float:
        """Requests a second, one after another."""
        began = time.perf_counter()
        for _ in range(REQUESTS):
            self.get(path, **headers)
        return REQUESTS / (time.perf_counter() - began)


def statements(app: Flask, page: str) -> int:
    """How often a page, for a logged-in member, asks the database; the banner's health check is not the page's."""
    member = db.session.query(Member).order_by(Member.id).first()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = member.get_id()
    assert client.get(page).status_code == 200
    return count_statements(lambda: client.get(page), ignored=("SELECT 1",))


def main() -> None:
    """Tell the figures."""
    with club("") as app:
        apply(make(ENTRIES, ENTRIES), Field(ENTRIES, ENTRIES).content())
        tell("leaderboard_page_statements", statements(app, PAGE), "statements", goal="<= 6")
        db.session.remove()
        measure_web(app)
    with club("") as app:
        ratings.make(HISTORY, FIELD)
        ratings.replay()
        tell("profile_page_statements", statements(app, "/members/m1"), "statements", goal="<= 12")


def measure_web(app: Flask) -> None:
    """Requests a second of the page, of its fragment when unchanged, and of a constant."""
    port = free_port()
    database = app.config["SQLALCHEMY_DATABASE_URI"]
    environ = {**os.environ, "INSTANCE_PATH": app.instance_path, "DATABASE_URL": database, "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "bench.page_site:app"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            browser = wait_for(lambda: answering(port), "the web server")
            constant = browser.rate("/constant")
            etag = browser.get(PAGE, HX_Request="true").headers["ETag"]
            unchanged = {"HX_Request": "true", "If_None_Match": etag}
            tell(
                "leaderboard_page_uncached", browser.rate(PAGE), "requests/s", floor=constant, goal="beside a constant"
            )
            tell(
                "leaderboard_etag",
                browser.rate(PAGE, **unchanged),
                "requests/s",
                floor=constant,
                goal="beside a constant",
            )
        finally:
            server.terminate()


def answering(port: int) -> Browser | None:
    """A browser, once the server answers."""
    try:
        browser = Browser(port)
        browser.get("/constant")
    except OSError:
        return None
    return browser


if __name__ == "__main__":
    main()
