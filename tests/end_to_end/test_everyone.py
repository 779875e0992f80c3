"""No screen keeps anybody out, in any state: with a screen reader, on the narrowest phone, at double size, by key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from core.errors import JournalLocked, TranscriptionFailed
from tests.end_to_end.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(180)]

TEXT = "I was angry about the manager, and calm again when the saffron bus came."
NARROW = {"width": 320, "height": 568}
TWICE = {"width": 640, "height": 400}  # 1280 by 800 at twice the size


@pytest.fixture(scope="module")
def ids(address: str, speech: Path) -> dict[str, str]:
    """A written entry and a spoken one with an uncertain word."""
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60, trust_env=False) as client:
        written = client.post("/entries", json={"text": TEXT}).json()["id"]
        spoken = client.post("/entries", files={"audio": ("sentence.wav", speech.read_bytes())}).json()["id"]
        client.get(f"/entries/{spoken}/events")
    return {"written": written, "spoken": spoken}


def changed(page: Page, entry_id: str, **changes: Any) -> None:
    """An entry as if it were in another state."""

    def answer(route: Route) -> None:
        real = route.fetch()
        route.fulfill(response=real, body=json.dumps(real.json() | changes))

    page.route(f"**/api/v1/entries/{entry_id}", answer)


def at_entry(page: Page, entry_id: str) -> None:
    page.goto(f"/#/journal/{entry_id}")
    expect(page.locator("#entry-text")).to_be_visible()


def search(page: Page, query: str) -> None:
    page.goto("/#/journal")
    expect(page.locator("#journal-list li").first).to_be_visible()
    page.get_by_role("searchbox").fill(query)


# --- The states -----------------------------------------------------------------------------------------------------


def found(page: Page, ids: dict[str, str]) -> None:
    search(page, "saffron")
    expect(page.locator("#journal-list mark").first).to_be_visible()


def nothing_found(page: Page, ids: dict[str, str]) -> None:
    search(page, '"no such phrase"')
    expect(page.get_by_text("Nothing found.")).to_be_visible()


def narrowed(page: Page, ids: dict[str, str]) -> None:
    search(page, "tag:calm ")
    expect(page.locator("#tag-months")).to_be_visible()
    page.get_by_role("button", name="Any day").click()


def entry_with_its_tags_open(page: Page, ids: dict[str, str]) -> None:
    at_entry(page, ids["written"])
    for summary in page.locator("#entry-tags summary").all():
        summary.click()


def entry_with_a_tag_without_a_break(page: Page, ids: dict[str, str]) -> None:
    entry_id = page.request.post("/api/v1/entries", data={"text": "A long one."}).json()["id"]
    page.request.put(f"/api/v1/entries/{entry_id}/tags/{'o' * 60}")
    at_entry(page, entry_id)
    expect(page.locator("#entry-tags summary")).to_contain_text(["o" * 60])


def entry_that_sounds(page: Page, ids: dict[str, str]) -> None:
    at_entry(page, ids["spoken"])
    page.locator("#entry-text .word").nth(3).click()
    expect(page.locator("#entry-text .sounding")).to_be_visible()
    page.get_by_role("button", name="Pause").click()


def entry_being_edited(page: Page, ids: dict[str, str]) -> None:
    at_entry(page, ids["written"])
    page.get_by_role("button", name="Edit the words").click()


def entry_that_failed(page: Page, ids: dict[str, str]) -> None:
    changed(page, ids["spoken"], state="failed", failure=TranscriptionFailed().as_json(), text="", words=[], tags=[])
    page.goto(f"/#/journal/{ids['spoken']}")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def deleted(page: Page, ids: dict[str, str]) -> None:
    at_entry(page, page.request.post("/api/v1/entries", data={"text": "It goes."}).json()["id"])
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def session_that_plays(page: Page, ids: dict[str, str]) -> None:
    page.goto("/#/practise/coherent-breathing")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#player-line")).not_to_be_empty(timeout=15_000)
    page.get_by_role("button", name="Pause").click()


def listening(page: Page, ids: dict[str, str]) -> None:
    page.goto("/#/speak")
    page.get_by_role("button", name="Start speaking").click()
    expect(page.get_by_text("Listening.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Show the words|Hide the words")).click()


def locked(page: Page, ids: dict[str, str]) -> None:
    answer = {"error": JournalLocked().as_json()}
    page.route("**/api/v1/entries?*", lambda route: route.fulfill(status=423, json=answer))
    page.goto("/")
    expect(page.get_by_role("heading", name="The journal is locked.")).to_be_visible()


def out_of_reach(page: Page, ids: dict[str, str]) -> None:
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Body scan")).to_be_visible()
    page.route("**/api/v1/**", lambda route: route.abort())
    page.goto("/#/journal")
    expect(page.locator("#journal-state")).to_contain_text("Outbreath doesn't answer.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def screen_that_failed(page: Page, ids: dict[str, str]) -> None:
    page.route("**/api/v1/sessions/body-scan", lambda route: route.abort())
    page.goto("/#/practise/body-scan")
    expect(page.get_by_role("heading", name="This can't be shown now.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Outbreath doesn't answer.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def page_locked(page: Page, ids: dict[str, str]) -> None:
    state = {"passcode": True, "locked": True, "idle_seconds": 300, "seconds_left": 0}
    page.route("**/api/v1/lock", lambda route: route.fulfill(json=state))
    page.goto("/")
    expect(page.get_by_role("heading", name="Locked.")).to_be_visible()


def passcode_being_set(page: Page, ids: dict[str, str]) -> None:
    page.goto("/#/settings")
    page.get_by_role("button", name="Set a passcode").click()
    page.get_by_label("New passcode").fill("kettle 47")
    page.get_by_label("The same again").fill("kettle 48")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("These two differ.")).to_be_visible()


STATES: list[Callable[[Page, dict[str, str]], None]] = [
    found,
    nothing_found,
    narrowed,
    entry_with_its_tags_open,
    entry_with_a_tag_without_a_break,
    entry_that_sounds,
    entry_being_edited,
    entry_that_failed,
    deleted,
    session_that_plays,
    listening,
    locked,
    page_locked,
    passcode_being_set,
    out_of_reach,
    screen_that_failed,
]
SCREENS = [
    "#/",
    "#/practise",
    "#/practise/coherent-breathing",
    "#/speak",
    "#/speak/evening-reflection",
    "#/write",
    "#/journal",
    "#/settings",
]


def too_wide(page: Page) -> list[str]:
    """What goes over the right edge, so that one would have to scroll sideways to read it."""
    over: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((one) => one.checkVisibility() && !one.closest(".unseen, .skip, svg")
                && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map((one) => `${one.tagName} ${one.id} ${one.className}`)"""
    )
    wide = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return over + ["the page"] * wide


def keeps_nobody_out(page: Page) -> None:
    for size in (NARROW, TWICE):
        page.set_viewport_size(size)
        assert not too_wide(page), f"at {size}"
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_state_keeps_anybody_out(
    visit: Visit, ids: dict[str, str], state: Callable[[Page, dict[str, str]], None]
) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    state(visit.page, ids)
    keeps_nobody_out(visit.page)
    # The browser reports each answer that is none.
    visit.errors[:] = [error for error in visit.errors if "ERR_FAILED" not in error and "423" not in error]


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_fits_the_narrowest_phone_and_twice_the_size(visit: Visit, screen: str) -> None:
    page = visit.page
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/{screen}")
    expect(page.locator(".screen:visible h1")).to_be_visible()
    page.wait_for_load_state("networkidle")
    for size in (NARROW, TWICE):
        page.set_viewport_size(size)
        assert not too_wide(page), f"at {size}"


def test_letters_grow_with_what_the_reader_chose_for_all_pages(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "18px"
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.reload()
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "36px"
    for screen in SCREENS:
        page.goto(f"/{screen}")
        expect(page.locator(".screen:visible h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert not too_wide(page), screen


def press(page: Page, key: str, until: Locator, most: int = 40) -> None:
    """Presses a key until something has the focus, and sees that it is in sight then."""
    for _ in range(most):
        page.keyboard.press(key)
        if until.evaluate("(one) => one === document.activeElement"):
            break
    expect(until).to_be_focused()
    expect(until).to_be_in_viewport()
    covered = until.evaluate(
        """(one) => { const box = one.getBoundingClientRect();
            const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            return !one.contains(there) && !there?.contains(one) && !there?.labels; }"""
    )
    assert not covered, "what has the focus is seen"


def test_finding_hearing_and_tagging_by_key_alone(visit: Visit, ids: dict[str, str]) -> None:
    page = visit.page
    page.goto("/")
    press(page, "Tab", page.get_by_role("link", name="Journal").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Journal", level=1)).to_be_visible()
    press(page, "Tab", page.get_by_role("searchbox"))
    page.keyboard.type("country")
    line = page.locator(f'#journal-list li[data-entry="{ids["spoken"]}"]')
    expect(line.locator(".hear")).to_be_visible()
    press(page, "Tab", line.get_by_role("link").first)
    page.keyboard.press("Enter")
    expect(page.locator("#entry-title")).to_be_focused()
    press(page, "Tab", page.locator("#entry-text .word").first)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-audio")).to_have_js_property("paused", value=False)
    press(page, "Tab", page.get_by_placeholder("A tag of your own"))
    page.keyboard.type("by key")
    page.keyboard.press("Enter")
    own = page.locator("#entry-tags summary").filter(has_text="by key")
    expect(own).to_be_visible()
    expect(page.get_by_placeholder("A tag of your own")).to_be_focused()  # for the next one
    press(page, "Shift+Tab", own)
    page.keyboard.press("Enter")
    press(page, "Tab", page.get_by_role("button", name="Remove it"))
    page.keyboard.press("Enter")
    expect(own).to_have_count(0)
    press(page, "Tab", page.get_by_role("slider", name="Place in the recording"))
    page.keyboard.press("Home")
    expect(page.locator("#entry-time")).to_have_text(re.compile("^0:0"))


def test_deleting_and_taking_it_back_by_key_alone(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/write")
    expect(page.locator("#write-0")).to_be_focused()
    page.keyboard.type("I wrote this by key.")
    press(page, "Tab", page.get_by_role("button", name="File it"))
    page.keyboard.press("Enter")
    expect(page.locator("#entry-text")).to_have_text("I wrote this by key.")
    press(page, "Tab", page.get_by_role("button", name="Delete"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#entry-text")).to_have_text("I wrote this by key.")
