"""Programs written, tried, handed in and judged beside a problem, in real browsers by the real sandbox."""

import re

from playwright.sync_api import Page, expect

from tests.browser.looks import PHONE, faults_of
from tests.waiting import wait_for

ADDRESS = "/problems/sign-up-sheet"
RIGHT = (
    "import sys;from collections import Counter;_n,*names=sys.stdin.read().translate(str.maketrans('','','.-_'))"
    ".lower().split();lines=Counter(names);print(len(lines),max(lines.values()))"
)
IN_EDITOR = "() => Boolean(document.activeElement.closest('.monaco-editor'))"


def end_of(page: Page) -> None:
    """Wait for the verdict; a first one may wait for the check of the judge."""
    expect(page.locator("#result [data-told]")).to_be_visible(timeout=60_000)


def test_a_program_is_tried_and_accepted_without_a_hand_leaving_the_keyboard(open_page):
    page = open_page(ADDRESS, role="member", reduced_motion="reduce")
    editor = page.locator(".monaco-editor").first
    expect(editor.locator(".view-line").first).to_be_visible()
    editor.locator(".view-lines").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(RIGHT)
    page.keyboard.press("Alt+Minus")  # whose name ends in the letter of Submit
    page.keyboard.press("Alt+r")
    end_of(page)
    expect(page.locator("#status")).to_have_text("Run: All examples are right.")
    page.keyboard.press("Alt+s")
    expect(page.locator("#result .outcome-verdict")).to_have_text("Accepted", timeout=60_000)
    expect(page.locator("#status")).to_have_text(re.compile(r"Accepted, 15 of 15 tests, \d+ ms\."))
    expect(page.locator("#history tbody tr").first).to_contain_text("15 of 15")
    assert page.evaluate(IN_EDITOR)
    page.keyboard.press("Tab")
    assert page.evaluate(IN_EDITOR)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.evaluate(IN_EDITOR)
    page.reload()
    expect(page.locator("#result .outcome-verdict")).to_have_text("Accepted")
    expect(editor.locator(".view-line").first).to_be_visible()
    assert faults_of(page) == []


def test_a_wrong_answer_is_explained_on_a_phone_that_no_socket_reaches(open_page):
    page = open_page("/", role="member", viewport=PHONE, reduced_motion="reduce")
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })")
    page.route_web_socket("**/live*", lambda socket: socket.close(code=1008))
    page.goto(ADDRESS)
    expect(page.locator("[data-code-editor]")).to_be_hidden()
    page.get_by_role("textbox", name="Program", exact=True).fill("print(3)\nprint('a  b')\n")
    page.get_by_role("button", name="Submit").click()
    end_of(page)
    expect(page.locator("#status")).to_have_text(re.compile(r"Wrong answer on test 1 of 15, \d+ ms\."))
    expect(page.get_by_role("group", name="Your output").locator(".is-different")).to_have_count(2)
    expect(page.get_by_role("group", name="Your output")).to_contain_text("a··b")
    assert faults_of(page) == []


def test_what_was_written_is_found_again_from_the_server_and_from_the_browser(open_page, complaints):
    page = open_page("/problems/shake-up", role="member", viewport=PHONE)
    field, saved = page.get_by_role("textbox", name="Program", exact=True), page.locator("[data-saved]")
    starter = field.input_value()
    page.get_by_label("Language").select_option("cpp")
    field.fill("// on the server")
    expect(saved).to_contain_text("Saved ")
    page.evaluate(
        "() => Object.keys(localStorage).forEach(key => key.startsWith('draft') && localStorage.removeItem(key))"
    )
    page.reload()
    expect(page.get_by_label("Language")).to_have_value("cpp")
    expect(field).to_have_value("// on the server")
    page.route("**/draft", lambda route: route.abort())
    field.fill("// in the browser")
    expect(saved).to_contain_text("in this browser")
    page.reload()
    expect(field).to_have_value("// in the browser")
    page.get_by_label("Language").select_option("python")
    expect(field).to_have_value(starter)
    field.fill("x")
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    expect(field).to_have_value(starter)
    page.unroute("**/draft")
    for text in ("y", "newer"):
        page.reload()
        field.fill(text)
        expect(saved).to_have_text(re.compile(r"^Saved \d"))
    page.get_by_role("link", name="Editorial").click()
    page.go_back()  # to a copy of the page that knows of "y"
    expect(field).to_have_value("newer")
    # As was asked for, and what was saved in leaving, of which the next page may not know yet.
    complaints[:] = [text for text in complaints if not re.search(r"net::ERR_FAILED|\b409\b", text)]


def test_what_was_written_outlives_the_login(open_page, complaints):
    page = open_page("/problems/shake-up", role="member", viewport=PHONE)
    field, saved, refusal = page.locator("#source"), page.locator("[data-saved]"), page.locator("#refusal")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    field.fill("x")
    page.get_by_role("button", name="Submit").click()
    expect(refusal).to_contain_text("Your login has ended.")
    expect(refusal.get_by_role("link", name="Log in again")).to_have_attribute("target", "_blank")
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(refusal).to_have_text("You are logged in again: go on where you were.")
    expect(saved).to_have_text(re.compile(r"^Saved \d"))
    page.evaluate("document.querySelector('#program [name=csrf_token]').value = 'of another login'")
    with page.expect_request(lambda request: "/result?" in request.url):  # sent twice, and taken
        page.get_by_role("button", name="Submit").click()
    complaints[:] = [text for text in complaints if not re.search("status of 40[01]|Error Code 40[01]", text)]


def test_a_draft_of_another_device_makes_way_only_when_asked(open_page, complaints):
    here, there = (open_page("/problems/shake-up", role="organiser", viewport=PHONE) for _ in range(2))
    fields = [page.get_by_role("textbox", name="Program", exact=True) for page in (here, there)]
    fields[0].fill("// long\n// work")
    expect(here.locator("[data-saved]")).to_contain_text("Saved ")
    fields[1].fill("x")
    notice = there.locator("#other-draft")
    expect(notice).to_contain_text("2 lines, and here you have 1 line")
    there.reload()
    expect(fields[1]).to_have_value("x")
    notice.get_by_role("button", name="Take it").click()
    expect(fields[1]).to_have_value("// long\n// work")
    fields[1].fill("// longer\n// work")
    expect(there.locator("[data-saved]")).to_contain_text("Saved ")
    fields[0].fill("// mine")
    here.locator("#other-draft").get_by_role("button", name="Keep mine").click()
    expect(here.locator("[data-saved]")).to_contain_text("Saved ")
    there.reload()
    expect(fields[1]).to_have_value("// mine")
    complaints[:] = [text for text in complaints if "409" not in text]


def test_a_program_is_handed_in_without_any_script(open_page):
    page = open_page(ADDRESS, role="organiser", java_script_enabled=False)
    page.get_by_role("textbox", name="Program", exact=True).fill("def f(:\n")
    page.get_by_role("button", name="Submit").click()

    def is_judged() -> bool:
        page.get_by_role("link", name="Look again").click()
        return "Compile error" in page.locator("#result").inner_text()

    wait_for(is_judged, "the verdict")
    expect(page.locator("#result")).to_contain_text("line 1")
    page.locator("#history a", has_text="2026").click()
    expect(page.get_by_role("group", name="Program")).to_have_text("def f(:\n")
