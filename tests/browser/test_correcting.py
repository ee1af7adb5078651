"""An organiser corrects a result, in a real browser."""

import re

from playwright.sync_api import expect

PAGE = "/competitions/late-trains/ratings"
RATED = (
    "SELECT count(*) FROM rating_events WHERE competition_id = (SELECT id FROM competitions WHERE slug = 'late-trains')"
)


def test_an_organiser_sees_what_a_disqualification_moves_makes_it_and_takes_it_back(open_page, site):
    page, rated = open_page(PAGE, role="organiser"), site.value(RATED)
    main = page.get_by_role("main")
    row = main.get_by_role("row").nth(2)
    name = row.get_by_role("rowheader").inner_text()
    row.get_by_role("link", name=f"Correct {name}").click()
    page.get_by_label("Why?").fill("Two accounts.")
    page.get_by_role("button", name="Preview disqualifying").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("would move")
    assert site.value(RATED) == rated
    page.get_by_role("button", name="Correct it").click()
    expect(main).to_contain_text(re.compile(r"Corrected. \d+ ratings moved."))
    expect(main.get_by_role("row").filter(has_text=name)).to_contain_text("disqualified")
    assert site.value(RATED) == rated - 1
    main.get_by_role("row").filter(has_text=name).get_by_role("link", name=re.compile("^Correct")).click()
    page.get_by_role("button", name="Preview reinstating").click()
    page.get_by_role("button", name="Correct it").click()
    expect(main.get_by_role("row").nth(2)).to_contain_text(name)
    assert site.value(RATED) == rated


def test_a_move_opens_into_its_reasons(open_page):
    page = open_page(PAGE)
    page.get_by_role("main").get_by_role("row").nth(2).get_by_role("link", name="why").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why")
    expect(page.get_by_role("row").filter(has_text="One place better")).to_be_visible()
