"""A board on a wall that is left alone for a night."""

import os
import signal

import pytest
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner
from playwright.sync_api import Page, expect

from app.core.live.tickets import LIFETIME_SECONDS
from tests.browser.conftest import Site
from tests.browser.looks import DESK
from tests.browser.test_live_board import LIVE, USERNAMES, hand_in, make_competition
from tests.waiting import wait_for

WALL = "/competitions/bicycle-rush/projector"  # everybody of the demo club is on it: three slides
FIRST_LINE = "#slide tbody tr:first-child"
TURN = 14_000


@pytest.fixture
def wall(open_page):
    """wall("/events/.../projector"): a projector whose clock the test moves."""

    def start(path: str = WALL) -> Page:
        page = open_page("/", viewport=DESK)
        page.clock.install()
        page.goto(path)
        return page

    return start


def places(page: Page) -> str:
    return page.locator("#slide caption").inner_text().split("rows ")[1]


def turn(page: Page, expected: str) -> None:
    """A second at a time, each answer awaited: the test's clock and the slide's would drift apart otherwise."""
    for _ in range(TURN // 1_000):
        page.clock.run_for(1_000)
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        if places(page) == expected:
            return
    expect(page.locator("#slide caption")).to_contain_text(f"rows {expected}")


@pytest.mark.parametrize("path", [WALL, "/events/neural-night/projector"])
def test_it_turns_its_pages_and_begins_again(wall, path):
    page = wall(path)
    total = int(places(page).split()[-1])  # whoever entered in other tests is on it too
    for first in (11, 21, 1):
        turn(page, f"{first} to {min(first + 9, total)} of {total}")


def test_ten_lines_fit_the_wall(wall):
    page = wall()
    for size in ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}, {"width": 1024, "height": 768}):
        page.set_viewport_size(size)
        last = page.locator("#slide tbody tr").last.bounding_box()
        assert last["y"] + last["height"] < size["height"]


def test_paused_it_stays_where_it_is(wall):
    page = wall()
    page.get_by_role("button", name="Pause updates").click()
    page.clock.run_for(3 * TURN)
    assert places(page) == "1 to 10 of 24"
    page.get_by_role("button", name="Resume updates").click()
    turn(page, "11 to 20 of 24")


def test_a_new_board_is_on_the_wall_at_once(open_page):
    organiser = open_page("/", role="organiser")
    make_competition(organiser, "on-the-wall")
    hand_in(organiser, "on-the-wall", USERNAMES)
    page = open_page("/competitions/on-the-wall/projector")
    page.wait_for_function(LIVE)
    hand_in(organiser, "on-the-wall", USERNAMES[::-1])
    expect(page.locator(f"{FIRST_LINE} td.num")).to_have_text("0.9900", timeout=10_000)
    expect(page.locator(f"{FIRST_LINE} th")).to_contain_text("Stacking Stan", timeout=10_000)


class YesterdaysSigner(TimestampSigner):
    """Signs as if a ticket's lifetime had gone by since."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - LIFETIME_SECONDS - 60


def old_ticket(site: Site, *topics: str) -> str:
    secret = (site.club.instance / "secret_key").read_text().strip()
    return URLSafeTimedSerializer(secret, salt="live-ticket", signer=YesterdaysSigner).dumps(topics)


def test_a_ticket_that_ran_out_in_the_night_is_renewed(open_page, site):
    number = site.value("SELECT id FROM competitions WHERE slug = 'bicycle-rush'")
    address = f"/live?ticket={old_ticket(site, f'board:{number}:hint')}"
    page, sockets = open_page("/login"), []  # a page without a socket of its own
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.add_init_script(
        f"""document.addEventListener("DOMContentLoaded", () => {{
            document.getElementById("live-socket").setAttribute("ws-connect", "{address}");
        }})"""
    )
    page.goto(WALL)
    page.wait_for_function(LIVE)
    assert sockets[0].endswith(address)
    assert len(sockets) > 1
    assert not any(socket.endswith(address) for socket in sockets[1:])


def test_it_lives_through_a_restart_and_says_how_old_it_is_meanwhile(open_page, site, complaints):
    page = open_page("/", viewport=DESK)
    page.clock.install()
    page.goto(WALL)
    page.evaluate("() => { window.isTheSame = true; }")
    page.clock.run_for(1_000)
    before = site.club.pid("web")
    page.context.set_offline(True)
    os.kill(before, signal.SIGTERM)
    page.clock.run_for(75_000)
    expect(page.locator("[data-stale]")).to_contain_text("Not heard from the club since")
    wait_for(lambda: site.club.pid("web") != before and site.club.health()[0] == 200, "web to be back")
    page.context.set_offline(False)
    page.clock.run_for(2 * TURN)
    expect(page.locator("[data-stale]")).to_be_hidden()
    page.clock.resume()
    page.wait_for_function(LIVE, timeout=60_000)
    assert page.evaluate("() => window.isTheSame")
    # While it was away, browsers rightly complained that they could not connect, and htmx that it could not fetch.
    rightly = ("WebSocket", "ERR_", "[object Event]", "htmx.min.js: htmx:")
    complaints[:] = [text for text in complaints if not any(word in text for word in rightly)]


def test_a_night_leaves_nothing_behind(wall):
    """Nodes, listeners and the heap after 30 turns are what they were after 9, three slides each time around."""
    page = wall()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    for _ in range(3):
        go_round(page)
    before = measures(devtools)
    for _ in range(7):
        go_round(page)
    # A collection may come before the page let go of its last slide; what stays for ever is a leak.
    wait_for(lambda: has_let_go(before, measures(devtools)), f"nodes, listeners and heap to be as before: {before}", 20)


def has_let_go(before: dict[str, float], after: dict[str, float]) -> bool:
    grown = {name: after[name] - before[name] for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")}
    return grown["Nodes"] <= 20 and grown["JSEventListeners"] <= 2 and grown["JSHeapUsedSize"] <= 300_000


def go_round(page: Page) -> None:
    for expected in ("11 to 20 of 24", "21 to 24 of 24", "1 to 10 of 24"):
        turn(page, expected)


def measures(devtools) -> dict[str, float]:
    for _ in range(2):
        devtools.send("HeapProfiler.collectGarbage")
    return {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
