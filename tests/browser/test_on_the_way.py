"""What no address leads to: open menus, refused forms, a preview, a link for a new password."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import faults_of

FORMS = {
    "": ["/register", "/login"],
    "admin": [
        "/account", "/account/login", "/account/delete", "/competitions/new", "/competitions/leaf-doctor/edit",
        "/competitions/leaf-doctor/boards", "/events/new", "/events/neural-night/edit", "/organise/kaggle-usernames",
    ],
}  # fmt: skip
SEND_NOTHING = """() => {
    const form = document.querySelector("main form[novalidate]");
    for (const field of form.querySelectorAll("input:not([type=hidden]):not([type=radio]), textarea")) field.value = "";
    form.requestSubmit();
}"""
OLDER_HEADER = "TeamId,TeamName,SubmissionDate,Score"


def zipped(*rows: str) -> dict[str, object]:
    """A leaderboard as Kaggle packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("echoes-publicleaderboard.csv", "\ufeff" + "\n".join((OLDER_HEADER, *rows)))
    return {"name": "echoes.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


def preview(organiser: Page, file: dict[str, object]) -> None:
    organiser.get_by_role("link", name="Board files").click()
    organiser.get_by_label("Leaderboard file").set_input_files([file])
    organiser.get_by_role("button", name="Preview").click()


@pytest.mark.parametrize("name", ["Organise", "Demo Administrator"])
def test_an_open_menu_is_accessible_and_escape_closes_it(open_page, name):
    page = open_page("/", role="admin", reduced_motion="reduce")
    menu = page.locator("summary", has_text=name)
    menu.click()
    expect(page.locator("details.menu[open]")).to_have_count(1)
    assert faults_of(page, "header") == []  # an open menu may cover half of what lies below
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    expect(menu).to_be_focused()


@pytest.mark.parametrize("role", FORMS, ids=["visitor", "admin"])
def test_a_refused_form_is_accessible_and_says_what_is_wrong(open_page, complaints, role):
    page, faults = open_page("/", role=role, reduced_motion="reduce"), []
    for address in FORMS[role]:
        page.goto(address)
        with page.expect_navigation():
            page.evaluate(SEND_NOTHING)
        expect(page.locator("main [aria-invalid=true]").first).to_have_accessible_description(re.compile(r"\w"))
        faults += faults_of(page)
    complaints[:] = [text for text in complaints if "status of 422" not in text]
    assert faults == []


def test_a_link_for_a_new_password_leads_to_its_form(open_page):
    admin = open_page("/admin/members?q=greta", role="admin", reduced_motion="reduce")
    admin.get_by_role("button", name="Link for a new password").click()
    link = admin.get_by_label("Link").input_value()
    assert faults_of(admin) == []
    member = open_page(link, reduced_motion="reduce")
    expect(member.get_by_text("for Gradient Greta")).to_be_visible()
    assert faults_of(member) == []


def test_an_organiser_makes_an_event_and_a_battle_and_hands_in_a_packed_board(open_page):
    page = open_page("/events/new", role="organiser", reduced_motion="reduce")
    page.get_by_label("Title").fill("Echo Days")
    page.get_by_role("button", name="Make the event").click()
    expect(page.get_by_role("heading", name="Echo Days", level=1)).to_be_visible()
    page.goto("/competitions/new")
    page.get_by_label("Title").fill("Echo Sprint")
    page.get_by_label("Address").fill("echo-sprint")
    page.get_by_label("Event").select_option("Echo Days")
    page.get_by_label("Starts (UTC)").fill("2026-01-01T00:00")
    page.get_by_label("Ends (UTC)").fill("2099-01-01T00:00")
    page.get_by_label("Lower").check()
    page.get_by_role("button", name="Make the competition").click()

    preview(
        page, zipped("1,gradientgreta,2026-01-02 10:00:00,0.5", "2,overfitotto,2026-01-02 11:00:00,0.25", "3,X,,none")
    )
    expect(page.get_by_text("Matched").locator("+ dd")).to_have_text("2 members")
    expect(page.get_by_role("table", name="Rows of the file")).to_contain_text("X")
    assert faults_of(page) == []
    page.get_by_role("button", name="Apply it").click()
    expect(page.locator(".job")).to_contain_text("Done", timeout=30_000)
    page.get_by_role("button", name="To the leaderboard").click()
    expect(page.locator("#main tbody th")).to_contain_text(["Overfit Otto", "Gradient Greta"])

    page.get_by_role("link", name="Board files").click()
    preview(page, zipped("1,gradientgreta,2026-01-03 10:00:00,0", "2,overfitotto,2026-01-03 11:00:00,0"))
    page.get_by_role("button", name="Apply it").click()
    expect(page.get_by_role("alert").first).to_contain_text("looks wrong")
    page.get_by_label("It is right all the same").check()
    assert faults_of(page) == []
    page.get_by_role("button", name="Apply it").click()
    expect(page.locator(".job")).to_contain_text("Done", timeout=30_000)
