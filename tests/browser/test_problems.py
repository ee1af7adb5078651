"""Writing a problem in a real browser, from the first word to its page."""

import re

from playwright.sync_api import expect

WIDE = "x + y + " * 60
TABLE = "\n".join(["number | " * 5, "-|" * 5, "1000000000 | " * 5])  # wider than a phone only where numbers stay whole


def test_a_problem_is_written_with_a_preview_tested_published_and_read_on_a_phone(open_page):
    page = open_page("/problems/new", role="organiser")
    page.get_by_label("Title").fill("Typed In")
    page.get_by_role("textbox", name=re.compile(r"^Statement")).fill(
        f"# Squares\n\nPrint $n^2$ of each.\n\n$${WIDE}z$$\n\n{TABLE}"
    )
    expect(page.locator("#preview").get_by_role("heading", name="Squares")).to_be_visible()
    expect(page.locator("#preview math").first).to_be_visible()
    page.get_by_label("Constraints").fill("At most **nine**.")
    expect(page.locator("#preview strong")).to_have_text("nine")
    with page.expect_event("dialog") as leaving:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("link", name="Events", exact=True).click()
    assert leaving.value.type == "beforeunload"
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_label("A sample, which everybody sees").check()
    page.get_by_label("Input", exact=False).first.fill("3")
    page.get_by_label("Answer", exact=False).first.fill("9")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Problem", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    reader = open_page("/problems/typed-in", viewport={"width": 390, "height": 844})
    expect(reader.get_by_role("group", name="Output")).to_have_text("9\n")
    for name in ("Formula", "Table"):
        frame = reader.get_by_role("group", name=name)
        frame.focus()
        reader.keyboard.press("ArrowRight")
        reader.wait_for_function("frame => frame.scrollLeft > 0", arg=frame.element_handle())
    assert reader.evaluate("document.documentElement.scrollWidth") == 390
