"""The main job in real browsers: an organiser hands in a board, and every open page shows it."""

import os
import signal

import pytest
from playwright.sync_api import Page, expect

from app.demo.club import MEMBERS
from tests.conftest import HEADER
from tests.waiting import wait_for

USERNAMES = [name.lower().replace(" ", "") for name in MEMBERS]
LIVE = "() => document.querySelector('[data-live-sign]').textContent === 'Live'"
FIRST_MEMBER = "#main tbody tr:first-child th"


def board(order: list[str]) -> bytes:
    rows = [f"{n},{name},{name},2026-01-01 00:00:00,{1 - n / 100:.4f},{n},{name}" for n, name in enumerate(order, 1)]
    return "\n".join((HEADER, *rows)).encode()


def hand_in(organiser: Page, slug: str, order: list[str]) -> None:
    organiser.goto(f"/competitions/{slug}/boards")
    file = {"name": "board.csv", "mimeType": "text/csv", "buffer": board(order)}
    organiser.get_by_label("Leaderboard file").set_input_files([file])
    organiser.get_by_role("button", name="Preview").click()
    expect(organiser.get_by_text("by username").first).to_be_visible()
    organiser.get_by_role("button", name="Apply it").click()
    expect(organiser.locator(".job")).to_contain_text("Done", timeout=30_000)


@pytest.fixture(scope="module")
def slugs():
    return iter(f"battle-{number}" for number in range(100))


@pytest.fixture
def organiser(open_page):
    return open_page("/", role="organiser")


def make_competition(organiser: Page, slug: str) -> None:
    """By the form."""
    organiser.goto("/competitions/new")
    organiser.get_by_label("Title").fill("Battle")
    organiser.get_by_label("Address").fill(slug)
    organiser.get_by_label("Starts (UTC)").fill("2026-01-01T00:00")
    organiser.get_by_label("Ends (UTC)").fill("2099-01-01T00:00")
    organiser.get_by_role("button", name="Make the competition").click()
    organiser.wait_for_url(f"**/competitions/{slug}")


@pytest.fixture
def slug(organiser, slugs):
    """A competition with a board on which everybody of the demo club stands."""
    slug = next(slugs)
    make_competition(organiser, slug)
    hand_in(organiser, slug, USERNAMES)
    return slug


def test_two_other_browsers_show_new_standings_at_once(open_page, organiser, slug):
    watchers = [open_page(f"/competitions/{slug}/leaderboard", viewport={"width": 1000, "height": 500}) for _ in "ab"]
    for watcher in watchers:
        watcher.wait_for_function(LIVE)
        watcher.get_by_role("link", name="Submissions").focus()
        watcher.evaluate("() => { window.isTheSame = true; window.scrollTo(0, 300); }")
    hand_in(organiser, slug, USERNAMES[::-1])
    for watcher in watchers:
        expect(watcher.locator(FIRST_MEMBER)).to_contain_text(MEMBERS[-1], timeout=30_000)
        state = watcher.evaluate(
            "() => [window.isTheSame, Math.round(window.scrollY), document.activeElement.textContent]"
        )
        assert state == [True, 300, "Submissions"]


def test_my_row_stays_marked_when_it_moves(open_page, organiser, slug):
    mine = open_page(f"/competitions/{slug}/leaderboard", role="member")
    mine.wait_for_function(LIVE)
    hand_in(organiser, slug, [*USERNAMES[1:], USERNAMES[0]])
    expect(mine.locator("tr.is-me td").first).to_have_text(str(len(USERNAMES)), timeout=30_000)
    expect(mine.locator("tr.is-me th")).to_contain_text(MEMBERS[0])


def test_a_board_that_enters_me_also_tells_the_head_of_my_page(open_page, organiser, slugs):
    slug = next(slugs)
    make_competition(organiser, slug)
    mine = open_page(f"/competitions/{slug}/leaderboard", role="member")
    mine.wait_for_function(LIVE)
    expect(mine.get_by_role("button", name="Enter")).to_be_visible()
    hand_in(organiser, slug, USERNAMES)
    expect(mine.get_by_role("button", name="Withdraw")).to_be_visible(timeout=30_000)
    expect(mine.locator(".lede")).to_contain_text(f"{len(USERNAMES)} have entered")


def test_a_page_sorted_otherwise_fetches_itself(open_page, organiser, slug):
    watcher = open_page(f"/competitions/{slug}/leaderboard?sort=member")
    watcher.wait_for_function(LIVE)
    hand_in(organiser, slug, USERNAMES[::-1])
    row = watcher.locator("#main tbody tr", has_text=MEMBERS[-1])
    expect(row.locator("td").first).to_have_text("1", timeout=30_000)
    names = watcher.locator("#main tbody th").all_inner_texts()
    assert [name.lower() for name in names] == sorted(name.lower() for name in names)


def test_without_sockets_the_page_polls_and_says_so(open_page, organiser, slug):
    watcher = open_page("/")
    watcher.context.route_web_socket("**/live**", lambda socket: socket.close(code=1013))
    watcher.clock.install()
    watcher.goto(f"/competitions/{slug}/leaderboard")
    watcher.clock.fast_forward("00:06")
    expect(watcher.locator("[data-live-sign]")).to_have_text("Updates every 15 s", timeout=30_000)
    expect(watcher.locator("#status")).to_contain_text("updates every 15 seconds")
    hand_in(organiser, slug, USERNAMES[::-1])
    watcher.clock.fast_forward("00:15")
    expect(watcher.locator(FIRST_MEMBER)).to_contain_text(MEMBERS[-1], timeout=60_000)


def test_a_restart_of_web_brings_every_open_page_back(open_page, organiser, slug, site, complaints):
    watchers = [open_page(f"/competitions/{slug}/leaderboard") for _ in "ab"]
    for watcher in watchers:
        watcher.wait_for_function(LIVE)
        watcher.evaluate("() => { window.isTheSame = true; }")
    before = site.club.pid("web")
    os.kill(before, signal.SIGTERM)
    for watcher in watchers:
        watcher.wait_for_function("() => document.querySelector('[data-live-sign]').textContent !== 'Live'")
    wait_for(lambda: site.club.pid("web") != before and site.club.health()[0] == 200, "web to be back")
    for watcher in watchers:
        watcher.wait_for_function(LIVE)
    hand_in(organiser, slug, USERNAMES[::-1])
    for watcher in watchers:
        expect(watcher.locator(FIRST_MEMBER)).to_contain_text(MEMBERS[-1], timeout=30_000)
        assert watcher.evaluate("() => window.isTheSame")
    # While it was away, browsers rightly complained that they could not connect.
    complaints[:] = [
        text for text in complaints if not any(word in text for word in ("WebSocket", "ERR_", "[object Event]"))
    ]
