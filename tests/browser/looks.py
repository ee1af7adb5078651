"""What can be measured of a page's looks: axe's findings in light and dark, and whether it fits a phone."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DARK_RULES = ["color-contrast", "link-in-text-block"]  # what colours decide
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
WHAT_IS_WRONG = """([within, options]) => axe.run(within, options).then(result =>
    result.violations.map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).join(', ')}`))"""


def faults_of(page: Page, within: str = "html") -> list[str]:
    """What is wrong with the page, or a part of it. Ask for reduced motion: colours in mid-change have no contrast."""
    # As high as its content: one's own row sticks to the edge of a lower window, over half of another.
    page.set_viewport_size({**DESK, "height": page.evaluate("() => document.documentElement.scrollHeight")})
    page.evaluate(AXE)
    found: list[str] = page.evaluate(WHAT_IS_WRONG, [within, {"runOnly": TAGS}])
    page.emulate_media(color_scheme="dark")
    found += [f"dark {one}" for one in page.evaluate(WHAT_IS_WRONG, [within, {"runOnly": DARK_RULES}])]
    page.set_viewport_size(PHONE)
    if page.evaluate("() => document.documentElement.scrollWidth") > PHONE["width"]:
        found.append("wider than a phone")
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    return [f"{page.url}: {one}" for one in found]
