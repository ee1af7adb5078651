"""Profiles, the rating leaderboard and the start page in a browser: what is drawn, uploaded and moves by itself."""

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.browser.looks import DESK

MOVES_WITHIN_MS = 90_000


def drawn_pixels(page) -> int:
    """How many pixels of the chart's canvas are not empty."""
    return page.evaluate("""() => {
        const canvas = document.querySelector("figure.chart canvas");
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return pixels.filter((value, index) => index % 4 === 3 && value > 0).length;
    }""")


def test_a_profile_draws_the_rating_and_tells_each_point(open_page):
    page = open_page("/members/gradient-greta", viewport=DESK)
    chart = page.get_by_role("img", name="From 1500.0 to")
    expect(chart).to_be_visible()
    assert drawn_pixels(page) > 10_000
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    expect(page.locator(".chart-readout")).to_have_text(re.compile(r"\d{4} · .+: \d{4}\.\d \([+−]\d+\.\d\)"))


def test_the_chart_follows_the_colours_of_the_page(open_page):
    page = open_page("/members/gradient-greta", viewport=DESK, color_scheme="light")
    picture = "() => document.querySelector('figure.chart canvas').toDataURL()"
    light = page.evaluate(picture)
    page.get_by_role("button", name="Dark").click()
    page.wait_for_function("light => document.querySelector('figure.chart canvas').toDataURL() !== light", arg=light)


def test_a_member_writes_a_few_lines_and_uploads_a_picture(open_page, tmp_path: Path):
    content = io.BytesIO()
    Image.new("RGB", (900, 500), "#2266aa").save(content, "PNG")
    (tmp_path / "me.png").write_bytes(content.getvalue())
    page = open_page("/members/gradient-greta", role="member")
    page.get_by_role("button", name="Edit your profile").click()
    page.get_by_label("About you").fill("I like **trees** of all kinds.")
    page.get_by_label("Picture").set_input_files(tmp_path / "me.png")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Your profile is saved.")).to_be_visible()
    expect(page.get_by_role("strong").filter(has_text="trees")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.profile-head .avatar').naturalWidth === 256")
    page.get_by_role("button", name="Edit your profile").click()
    page.get_by_label("Remove my picture").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".profile-head .avatar")).to_have_attribute("src", "/members/gradient-greta/avatar")


def test_names_lead_to_profiles_and_back_to_a_place_among_all(open_page):
    page = open_page("/competitions/late-trains/leaderboard", role="member")
    page.get_by_role("link", name="Kernel Kim").click()
    expect(page.get_by_role("heading", name="Kernel Kim", level=1)).to_be_visible()
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Ratings").click()
    page.get_by_role("link", name="Find me").click()
    expect(page.locator("tr.is-me")).to_contain_text("Gradient Greta")


def test_the_start_page_moves_while_it_is_looked_at(open_page):
    page = open_page("/", viewport=DESK)
    expect(page.locator("[data-live-sign]")).to_have_text("Live", timeout=20_000)
    card = page.locator(".live-card", has_text="Leaf Doctor").locator(".podium")
    before = card.inner_text()
    expect(card).not_to_have_text(before, timeout=MOVES_WITHIN_MS, use_inner_text=True)
