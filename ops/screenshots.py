"""Make the pictures of the README: start the demo club in a folder of its own and look at it with Chromium."""

import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from ops.run import HOST, Site, prepare_database, supervised, wait_until_ready
from ops.supervision import ROOT
from ops.test_needs import BROWSER

FOLDER = ROOT / "docs" / "screenshots"
LOGIN = "gradient-greta"
LIVE_MS = 15_000


@dataclass(frozen=True)
class Shot:
    """One picture; `width` and `height` in CSS pixels."""

    name: str
    path: str
    scheme: str
    width: int = 1200
    height: int = 800


SHOTS = (
    *(
        Shot(f"{name}-{scheme}", path, scheme)
        for scheme in ("light", "dark")
        for name, path in (
            ("home", "/"),
            ("board", "/competitions/leaf-doctor/leaderboard"),
            ("competition", "/competitions/leaf-doctor"),
            ("profile", f"/members/{LOGIN}"),
        )
    ),
    Shot("board-phone", "/competitions/leaf-doctor/leaderboard", "light", 390, 780),
)


def main() -> None:
    """Start, take every picture, stop; docs/screenshots/ holds the result."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(instance=Path(folder), port=free_port(), wants_demo=True, redis_url="")
        site.logs.mkdir()
        prepare_database(site)
        with supervised(site) as supervisor:
            wait_until_ready(site, supervisor)
            take_all(site)
    print(f"The pictures are in {FOLDER.relative_to(ROOT)}/.")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def take_all(site: Site) -> None:
    """Take every picture as the demo member sees the page."""
    logins = dict(line.split() for line in (site.instance / "demo-logins.txt").read_text().splitlines())
    with sync_playwright() as playwright:
        # Without its sandbox, because root may run no other Chromium, and these pages are our own.
        browser = playwright.chromium.launch(executable_path=shutil.which(BROWSER), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = log_in(browser, site.url, scheme, logins[LOGIN])
            for shot in SHOTS:
                if shot.scheme == scheme:
                    take(page, site.url, shot)
        browser.close()


def log_in(browser: Browser, url: str, scheme: str, password: str) -> Page:
    """A page of the demo member in the given colours."""
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", timezone_id="UTC")
    page = context.new_page()
    page.goto(f"{url}login")
    page.get_by_label("Username or e-mail").fill(LOGIN)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_text("Log out").wait_for(state="attached")
    return page


def take(page: Page, url: str, shot: Shot) -> None:
    """Take one picture, once the page says that it is live where it says anything of the kind."""
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.goto(url.rstrip("/") + shot.path)
    if page.locator("[data-live-sign]").count():
        page.get_by_text("Live", exact=True).wait_for(timeout=LIVE_MS)
    page.screenshot(path=FOLDER / f"{shot.name}.png")


if __name__ == "__main__":
    main()
