"""The demo club, started as a person starts it, and a real Chromium to look at it."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, sync_playwright

from ops.test_needs import BROWSER
from tests.kaggle_server import KEY, USERNAME, KaggleServer
from tests.processes.club import Club

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROLES = {"member": "gradient-greta", "organiser": "demo-organiser", "admin": "demo-admin"}


class Site:
    """The running demo club."""

    def __init__(self, club: Club) -> None:
        self.club = club
        self.base = f"http://127.0.0.1:{club.port}"
        lines = (club.instance / "demo-logins.txt").read_text().splitlines()
        self.passwords = dict(line.split() for line in lines)

    def value(self, query: str) -> int:
        """One number from the database, which the statement may also write."""
        with closing(sqlite3.connect(self.club.instance / "mlbattle.db")) as connection, connection:
            return int(connection.execute(query).fetchone()[0])


@pytest.fixture(scope="package")
def kaggle() -> Iterator[KaggleServer]:
    """The Kaggle that the demo club's account is on."""
    with KaggleServer() as server:
        yield server


@pytest.fixture(scope="package")
def site(kaggle: KaggleServer) -> Iterator[Site]:
    account = {"KAGGLE_API_URL": kaggle.url, "KAGGLE_USERNAME": USERNAME, "KAGGLE_KEY": KEY}
    with tempfile.TemporaryDirectory() as name:
        club = Club(Path(name) / "club", Path(name) / "screen", JUDGE="sandbox", **account).wait_until_it_runs()
        yield Site(club)
        club.end()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which(BROWSER), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers wrote to their consoles: nothing, when all is well."""
    told: list[str] = []
    yield told
    assert told == []


@pytest.fixture(scope="package")
def cookies() -> dict[str, StorageState]:
    """What browsers hold once they are logged in, by role."""
    return {"": {}}


@pytest.fixture
def open_page(
    browser: Browser, site: Site, complaints: list[str], cookies: dict[str, StorageState]
) -> Iterator[Callable[..., Page]]:
    """open_page("/", role="member"): a page in a browser of its own, logged in as one of the demo club."""
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.location['url']}: {message.text}")

    def start(path: str = "/", *, role: str = "", **options: object) -> Page:
        context = browser.new_context(base_url=site.base, storage_state=cookies.get(role), **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role not in cookies:
            page.goto("/login")
            page.get_by_label("Username or e-mail").fill(ROLES[role])
            page.get_by_label("Password").fill(site.passwords[ROLES[role]])
            page.get_by_role("main").get_by_role("button", name="Log in").click()
            page.wait_for_url(f"{site.base}/")
            cookies[role] = context.storage_state()
        page.goto(path)
        return page

    yield start
    for context in contexts:
        context.close()
