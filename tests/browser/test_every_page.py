"""Every page, found from the URL map, as everybody: accessible in light and dark, and no wider than a phone."""

from pathlib import Path

import pytest

from tests.browser.conftest import ROLES
from tests.routes import SampleClub, addresses

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
NOT_PAGES = ("/healthz", ".csv")
WHAT_IS_WRONG = """options => axe.run(document, options).then(result =>
    result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).join(', ')}`))"""


@pytest.fixture
def pages(whole_app, site):
    arguments = {
        "slug": "leaf-doctor",
        "event_slug": "neural-night",
        "board_id": site.value(
            "SELECT max(id) FROM board_files"
            " WHERE competition_id = (SELECT id FROM competitions WHERE slug = 'leaf-doctor')"
        ),
        "job_id": 1,
        "member_id": 1,
        "dispute_id": 1,
        "token": "no-such-token",
    }
    club = SampleClub(None, None, None, arguments)
    return [address for address in addresses(whole_app, club) if not address.endswith(NOT_PAGES)]


@pytest.mark.parametrize("role", ["", *ROLES], ids=["visitor", *ROLES])
def test_every_page_is_accessible_and_fits(open_page, pages, role, complaints):
    # Without motion: colours in mid-change have no contrast to measure.
    page = open_page("/", role=role, reduced_motion="reduce")
    script, wrong, seen = AXE.read_text(), [], 0
    for address in [*pages, "/nothing-here"]:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        page.goto(address)
        seen += 1
        page.evaluate(script)
        found = page.evaluate(WHAT_IS_WRONG, {"runOnly": TAGS})
        page.emulate_media(color_scheme="dark")
        found += [f"dark {one}" for one in page.evaluate(WHAT_IS_WRONG, {"runOnly": ["color-contrast"]})]
        page.set_viewport_size(PHONE)
        if page.evaluate("() => document.documentElement.scrollWidth") > PHONE["width"]:
            found.append("wider than a phone")
        wrong += [f"{address} {one}" for one in found]
    # Pages that are not this role's answer 403, a bad link 404: the browser writes that down, and rightly.
    complaints[:] = [text for text in complaints if "status of 403" not in text and "status of 404" not in text]
    assert wrong == []
    assert seen > 15
