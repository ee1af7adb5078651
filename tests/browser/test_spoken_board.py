"""A board for those who listen, and for those who want it to stand still."""

import json

import pytest
from playwright.sync_api import Page, expect

from app.demo.club import MEMBERS
from tests.browser.test_live_board import LIVE, USERNAMES, hand_in, make_competition

GRETA, OTTO, DANA = MEMBERS[:3]
ROW_OF_GRETA = "#main tbody tr.is-me td.place-cell"
NOTHING_SAID = "() => document.getElementById('status').textContent === ''"


@pytest.fixture(scope="module")
def slugs():
    return iter(f"spoken-{number}" for number in range(100))


@pytest.fixture
def organiser(open_page):
    return open_page("/", role="organiser")


@pytest.fixture
def slug(organiser, slugs):
    """A competition on whose board everybody stands, Gradient Greta first; scores are 0.01 apart."""
    slug = next(slugs)
    make_competition(organiser, slug)
    hand_in(organiser, slug, USERNAMES)
    return slug


def listener(open_page, slug: str, choice: str, role: str = "member") -> Page:
    page = open_page(f"/competitions/{slug}/leaderboard", role=role)
    page.wait_for_function(LIVE)
    page.get_by_label("Read aloud").select_option(choice)
    return page


def swap(*pairs: tuple[int, int]) -> list[str]:
    """The members with some of them in each other's place."""
    order = list(USERNAMES)
    for one, other in pairs:
        order[one], order[other] = order[other], order[one]
    return order


def test_my_place_how_it_moved_and_what_the_next_is_ahead(open_page, organiser, slug):
    page = listener(open_page, slug, "mine")
    expect(page.locator("#status")).to_have_text("You are 1st; 0.01 in score ahead of 2nd place.")
    hand_in(organiser, slug, swap((0, 4)))
    expect(page.locator("#status")).to_have_text("You are 5th, down 4; 0.01 in score behind 4th place.", timeout=30_000)
    hand_in(organiser, slug, swap((0, 2)))
    expect(page.locator("#status")).to_have_text("You are 3rd, up 2; 0.01 in score behind 2nd place.", timeout=30_000)


def test_points_are_told_where_the_board_has_them(open_page, organiser, slugs):
    slug = next(slugs)
    make_competition(organiser, slug)
    organiser.goto(f"/competitions/{slug}/edit")
    organiser.locator("#worst_score").fill("0")
    organiser.locator("#best_score").fill("1")
    organiser.get_by_role("button", name="Save").click()
    organiser.wait_for_url(f"**/competitions/{slug}")
    hand_in(organiser, slug, swap((0, 1)))
    page = listener(open_page, slug, "mine")
    expect(page.locator("#status")).to_have_text("You are 2nd; 1 point behind 1st place.")


def test_the_top_three_and_only_who_changed(open_page, organiser, slug):
    page = listener(open_page, slug, "top", role="")
    expect(page.locator("#status")).to_have_text(f"{GRETA} is 1st; {OTTO} is 2nd; {DANA} is 3rd.")
    hand_in(organiser, slug, swap((0, 1)))
    expect(page.locator("#status")).to_have_text(f"{OTTO} is 1st, up 1; {GRETA} is 2nd, down 1.", timeout=30_000)


def test_all_changes_name_five_at_most(open_page, organiser, slug):
    page = listener(open_page, slug, "all", role="")
    hand_in(organiser, slug, [*USERNAMES[1:], USERNAMES[0]])
    expect(page.locator("#status")).to_contain_text(f"{OTTO} is 1st, up 1; {DANA} is 2nd, up 1;", timeout=30_000)
    expect(page.locator("#status")).to_contain_text(f"; {len(MEMBERS) - 5} more changes.")


def test_who_did_not_move_hears_nothing(open_page, organiser, slug):
    page = listener(open_page, slug, "mine")
    page.reload()  # it has just said where I am, and would be silent for ten seconds
    page.wait_for_function(LIVE)
    hand_in(organiser, slug, swap((20, 21)))
    expect(page.locator("#main tbody tr").nth(20).locator("th")).to_contain_text(MEMBERS[21], timeout=30_000)
    page.evaluate("() => new Promise(done => setTimeout(done, 50))")  # whatever it has to say was due before
    assert page.evaluate(NOTHING_SAID)


def test_nobody_is_read_to_unasked_and_the_table_is_never_read_whole(open_page, organiser, slug):
    page = open_page(f"/competitions/{slug}/leaderboard", role="member")
    page.wait_for_function(LIVE)
    assert page.get_by_label("Read aloud").input_value() == "off"
    hand_in(organiser, slug, swap((0, 4)))
    expect(page.locator(ROW_OF_GRETA)).to_have_text("5", timeout=30_000)
    assert page.evaluate(NOTHING_SAID)
    assert page.locator(".board[aria-live], .board [aria-live], .board [role=status]").count() == 0


def test_the_choice_is_remembered(open_page, slug):
    page = listener(open_page, slug, "top")
    page.goto("/events/neural-night")
    expect(page.get_by_label("Read aloud")).to_have_value("top")


def test_a_choice_that_only_members_have_is_off_for_a_visitor(open_page, slug):
    page = open_page(f"/competitions/{slug}/leaderboard")
    page.evaluate("() => localStorage.setItem('spoken', JSON.stringify('mine'))")
    page.reload()
    expect(page.get_by_label("Read aloud")).to_have_value("off")


def test_much_at_once_is_said_at_most_every_ten_seconds(open_page, slug):
    """The board is changed in the page itself, so that its clock can stand still meanwhile."""
    page = open_page(f"/competitions/{slug}/leaderboard", role="member")
    page.clock.install()
    page.reload()
    page.get_by_label("Read aloud").select_option("mine")
    listen_in(page)
    for place in (2, 3, 4):
        set_my_place(page, place)
        page.clock.fast_forward(1_000)
    page.clock.fast_forward(10_000)
    expect(page.locator("#status")).to_contain_text("You are 4th, down 3")
    assert len(page.evaluate("() => window.spoken")) == 1


MY_ROW = "document.querySelector('tr.is-me')"
SCORE_OF_OTTO = f"Number({MY_ROW}.nextElementSibling.dataset.score)"
SPOKEN_OF_GRETA = (
    ("mine", "removeAttribute('data-place')", "You are no longer ranked."),
    ("mine", "remove()", "You are no longer on this page."),
    ("top", "removeAttribute('data-place')", f"{GRETA} is no longer ranked."),
    ("all", "removeAttribute('data-place')", f"{GRETA} is no longer ranked."),
    (
        "mine",
        f"dataset.score = {SCORE_OF_OTTO} + 4e-6",
        "You are 1st; less than 0.00001 in score ahead of 2nd place.",
    ),
    ("mine", f"dataset.score = {SCORE_OF_OTTO}", "You are 1st; with the same score as 2nd place."),
    ("mine", "dataset.place = 2", f"You are 2nd, down 1; level with {OTTO}."),
)


def test_losing_a_place_is_said_and_a_small_gap_is_no_tie(open_page, slug):
    """The board is changed in the page itself, while its clock stands still."""
    page = open_page(f"/competitions/{slug}/leaderboard", role="member")
    page.clock.install()
    for choice, change, sentence in SPOKEN_OF_GRETA:
        page.reload()
        page.get_by_label("Read aloud").select_option("off")
        page.get_by_label("Read aloud").select_option(choice)
        listen_in(page)
        page.evaluate(f"() => {{ {MY_ROW}.{change}; htmx.trigger(document.body, 'htmx:oobAfterSwap'); }}")
        page.clock.fast_forward(10_000)
        assert sentence in page.evaluate("() => window.spoken")


def listen_in(page: Page) -> None:
    """Keep whatever is said from now on in `spoken`."""
    page.evaluate(
        """() => {
            const status = document.getElementById("status");
            window.spoken = [];
            new MutationObserver(() => window.spoken.push(status.textContent)).observe(status, {childList: true});
        }"""
    )


def set_my_place(page: Page, place: int) -> None:
    page.evaluate(
        f"""() => {{
            document.querySelector('tr.is-me').dataset.place = {json.dumps(str(place))};
            htmx.trigger(document.body, 'htmx:oobAfterSwap');
        }}"""
    )


def test_a_paused_board_stands_still_counts_and_then_shows_the_newest(open_page, organiser, slug):
    page = open_page(f"/competitions/{slug}/leaderboard", role="member")
    page.wait_for_function(LIVE)
    page.get_by_role("button", name="Pause updates").click()
    expect(page.locator("[data-live-sign]")).to_be_hidden()
    hand_in(organiser, slug, swap((0, 4)))
    expect(page.get_by_role("button", name="Resume · 1 update waits")).to_be_visible(timeout=30_000)
    hand_in(organiser, slug, swap((0, 6)))
    button = page.get_by_role("button", name="Resume · 2 updates wait")
    expect(button).to_be_visible(timeout=30_000)
    page.evaluate(
        """async () => {
            htmx.trigger(document.body, "live:refresh");
            for (const _ of [1, 2]) await fetch(location.href);  // by then an answer to the refresh would be here
        }"""
    )
    assert page.locator(ROW_OF_GRETA).inner_text() == "1"
    button.click()
    expect(page.locator(ROW_OF_GRETA)).to_have_text("7")
    expect(page.get_by_role("button", name="Pause updates")).to_be_focused()
    hand_in(organiser, slug, USERNAMES)
    expect(page.locator(ROW_OF_GRETA)).to_have_text("1", timeout=30_000)


def test_without_a_script_there_is_nothing_to_press(open_page):
    page = open_page("/competitions/leaf-doctor/leaderboard", java_script_enabled=False)
    expect(page.locator("[data-pause], [data-spoken]").first).to_be_hidden()
    expect(page.locator("[data-pause], [data-spoken]").last).to_be_hidden()
