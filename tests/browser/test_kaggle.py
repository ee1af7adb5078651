"""From a search on Kaggle to a live leaderboard, in real browsers."""

import pytest
from playwright.sync_api import Page, expect

from app.demo.club import MEMBERS
from tests.kaggle_server import KaggleServer

NAMES = [name.lower().replace(" ", "") for name in MEMBERS[:3]]
FIRST_MEMBER = "#main tbody tr:first-child th"


def rows(order: list[str]) -> list[str]:
    return [f"{n},{name},{name},2026-01-01 00:00:00,{1 - n / 10},{n},{name}" for n, name in enumerate(order, 1)]


@pytest.fixture
def harbour(kaggle: KaggleServer):
    return kaggle.add("harbour-lights", title="Harbour Lights", rows=rows(NAMES))


def import_it(organiser: Page) -> None:
    organiser.get_by_text("Organise", exact=True).click()
    organiser.get_by_role("link", name="Import from Kaggle").click()
    organiser.get_by_role("searchbox").fill("harbour lights")
    organiser.get_by_role("searchbox").press("Enter")
    organiser.get_by_role("link", name="Harbour Lights").click()
    organiser.locator("#worst_score").fill("0")
    organiser.locator("#best_score").fill("1")
    expect(organiser.locator("#scale")).to_contain_text("What a score would be worth")
    organiser.get_by_role("button", name="Import it").click()
    expect(organiser.locator(".job")).to_contain_text("3 rows read, 3 matched, 3 created", timeout=30_000)
    expect(organiser.get_by_role("table")).to_contain_text("its address was set", timeout=30_000)


def test_from_search_to_a_live_board(open_page, harbour):
    organiser = open_page("/", role="organiser")
    import_it(organiser)
    member = open_page("/competitions/harbour-lights/leaderboard", role="member")
    expect(member.locator("[data-live-sign]")).to_have_text("Live")
    expect(member.locator(FIRST_MEMBER)).to_contain_text(MEMBERS[0])
    harbour.board = rows(NAMES[::-1])
    organiser.get_by_role("button", name="Sync now").click()
    expect(member.locator(FIRST_MEMBER)).to_contain_text(MEMBERS[2], timeout=30_000)
    expect(organiser.locator(".job")).to_contain_text("updated", timeout=30_000)


def test_a_refusal_of_kaggle_tells_the_organiser_what_to_do(open_page, kaggle):
    kaggle.add("orchard-lights", title="Orchard Lights", rows=rows(NAMES))
    organiser = open_page("/competitions/import/orchard-lights", role="organiser")
    organiser.get_by_role("button", name="Import it").click()
    expect(organiser.locator(".job")).to_contain_text("Done", timeout=30_000)
    kaggle.faults["orchard-lights"] = "403"
    organiser.get_by_role("button", name="Sync now").click()
    expect(organiser.locator(".job")).to_contain_text("Failed", timeout=30_000)
    organiser.reload()
    link = organiser.get_by_role("status").get_by_role("link")
    expect(link).to_have_attribute("href", "https://www.kaggle.com/competitions/orchard-lights/rules")
    member = open_page("/competitions/orchard-lights/leaderboard", role="member")
    expect(member.locator(".board-status")).to_contain_text("Not synced since")
    expect(member.locator(FIRST_MEMBER)).to_contain_text(MEMBERS[0])
    del kaggle.faults["orchard-lights"]
    organiser.get_by_role("button", name="Sync now").click()
    expect(member.locator(".board-status")).not_to_contain_text("Not synced since", timeout=30_000)
