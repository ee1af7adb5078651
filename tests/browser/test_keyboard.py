"""The way in without a mouse: every stop can be reached, and seen."""

import pytest
from playwright.sync_api import Locator, Page, expect

PASSWORD = "a long enough password"
MOST_STOPS = 60
IS_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""
HAS_FOCUS = "element => element === document.activeElement"


class Keyboard:
    """Somebody who only has Tab, letters and Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Press Tab until `target` has the focus, which can be seen all the way."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(IS_SEEN), self.page.evaluate("() => document.activeElement.outerHTML")
            if target.evaluate(HAS_FOCUS):
                return
        raise AssertionError(f"{target} cannot be reached by Tab")

    def press(self, target: Locator) -> None:
        """Reach it and press Enter."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def follow(self, target: Locator) -> None:
        """Reach a link or button, press Enter and wait for the page it leads to."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def send(self, texts: dict[str, str]) -> None:
        """Type into fields by their labels, then send the form."""
        for label, text in texts.items():
            self.reach(self.page.get_by_label(label, exact=True))
            self.page.keyboard.type(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def page(open_page) -> Page:
    return open_page("/")


def test_the_first_stop_skips_to_the_content(page):
    Keyboard(page).press(page.get_by_role("link", name="Skip to the content"))
    expect(page.locator("#main")).to_be_focused()


def test_one_registers_logs_out_and_in_and_enters(page):
    keys = Keyboard(page)
    main, account = page.get_by_role("main"), page.get_by_role("navigation", name="Account")
    keys.follow(account.get_by_role("link", name="Register"))
    keys.send({"Username": "kay", "Display name": "Keyboard Kay", "E-mail": "kay@demo.example", "Password": PASSWORD})
    keys.press(account.locator("summary", has_text="Keyboard Kay"))
    keys.follow(account.get_by_role("button", name="Log out"))
    keys.follow(account.get_by_role("link", name="Log in"))
    keys.send({"Username or e-mail": "kay", "Password": PASSWORD})
    expect(account).to_contain_text("Keyboard Kay")
    keys.follow(page.get_by_role("navigation", name="Site").get_by_role("link", name="Competitions"))
    keys.follow(main.get_by_role("link", name="House of Echoes"))
    keys.follow(main.get_by_role("button", name="Enter"))
    expect(page.get_by_text("You are in. Good luck!")).to_be_visible()
