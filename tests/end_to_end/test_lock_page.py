"""A page that nobody touches locks: nothing of the journal is left on it, and nothing that is being said is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end import speaking
from tests.end_to_end.conftest import Visit, visiting
from tests.privacy.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(240)]

CODE = "kettle 47"
SECRET = "The saffron bus came at last."


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Installation:
    return Installation(tmp_path_factory.mktemp("lock") / "installation", models_folder)


@pytest.fixture(scope="module")
def own_address(installation: Installation) -> Iterator[str]:
    """A server of these tests alone: what they lock is locked for everybody."""
    with installation.server() as running:
        httpx.post(f"{running}/api/v1/entries", json={"text": SECRET}, trust_env=False).raise_for_status()
        yield running


@pytest.fixture
def visit(browser: Browser, own_address: str, installation: Installation) -> Iterator[Visit]:
    with visiting(browser, own_address) as visited:
        yield visited
        # The browser reports each answer that is none.
        visited.errors[:] = [error for error in visited.errors if not re.search(r"40[13]|423|429", error)]
    installation.run("passcode", "--remove")


@pytest.fixture
def page(visit: Visit) -> Page:
    """A page with a passcode that was just given."""
    assert visit.page.request.put("/api/v1/lock/passcode", data={"passcode": CODE}).ok
    return visit.page


def lock_elsewhere(page: Page) -> None:
    """Another tab locks both."""
    other = page.context.new_page()
    other.goto("/#/settings")
    other.get_by_role("button", name="Lock now").click()
    expect(other.get_by_role("heading", name="Locked.")).to_be_visible()
    other.close()


def is_locked(page: Page) -> None:
    expect(page.get_by_role("heading", name="Locked.")).to_be_visible()
    expect(page.locator("#lock-passcode")).to_be_focused()
    expect(page.locator("#main")).to_be_hidden()
    expect(page.get_by_role("link")).to_have_count(0)


def open_again(page: Page, code: str = CODE) -> None:
    page.locator("#lock-passcode").fill(code)
    page.locator("#lock-passcode").press("Enter")


def test_a_passcode_is_set_and_asked_for(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/settings")
    page.get_by_role("button", name="Set a passcode").click()
    page.get_by_label("New passcode").fill(CODE)
    page.get_by_label("The same again").fill(CODE)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#passcode-said")).to_have_text("Kept. All other pages are locked now.")
    page.get_by_label("It locks after").select_option(label="one minute without a touch")
    expect(page.locator("#passcode-said")).to_have_text("Kept.")
    page.get_by_role("button", name="Lock now").click()
    is_locked(page)
    open_again(page, "kettle 48")
    expect(page.get_by_text("That isn't the passcode.")).to_be_visible()
    open_again(page)
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("button", name="Take it away").click()
    page.get_by_label("Passcode now").fill(CODE)
    page.locator("#passcode-keep").click()
    expect(page.get_by_text("There is no passcode any more.")).to_be_visible()
    page.request.patch("/api/v1/settings", data={"lock_after_minutes": 5})


def test_after_a_while_nothing_of_the_journal_is_on_the_page(page: Page) -> None:
    page.clock.install()
    page.goto("/#/journal")
    expect(page.get_by_text(SECRET)).to_be_visible()
    page.request.post("/api/v1/lock/close")
    page.clock.fast_forward("05:00")
    is_locked(page)
    page.clock.run_for(2000)
    expect(page.locator("#journal-list")).to_be_empty()
    assert "saffron" not in page.content()
    for way in ("/", "/#/practise", "/#/journal"):
        page.goto(way)
        page.reload()
        is_locked(page)
    open_again(page)
    expect(page.get_by_text(SECRET)).to_be_visible()


def test_while_it_is_touched_it_stays_open(page: Page) -> None:
    page.clock.install()
    page.goto("/#/journal")
    expect(page.get_by_text(SECRET)).to_be_visible()
    for _ in range(4):
        page.clock.fast_forward("04:00")
        with page.expect_response("**/lock/touch"):
            page.mouse.wheel(0, 10)
    expect(page.get_by_text(SECRET)).to_be_visible()


def test_tabs_lock_together_and_open_together(page: Page) -> None:
    page.goto("/#/journal")
    expect(page.get_by_text(SECRET)).to_be_visible()
    lock_elsewhere(page)
    is_locked(page)
    other = page.context.new_page()
    other.goto("/#/journal")
    is_locked(other)
    open_again(other)
    expect(other.get_by_text(SECRET)).to_be_visible()
    expect(page.get_by_text(SECRET)).to_be_visible()


def test_what_is_half_written_is_there_afterwards(page: Page) -> None:
    page.goto("/#/write")
    page.get_by_role("textbox", name="Your words").fill("Half a thought")
    lock_elsewhere(page)
    is_locked(page)
    open_again(page)
    expect(page.get_by_role("textbox", name="Your words")).to_have_value("Half a thought")
    page.get_by_role("button", name="File it").click()
    expect(page.locator("#entry-text")).to_have_text("Half a thought")


def test_who_guesses_has_to_wait(page: Page) -> None:
    page.goto("/#/settings")
    page.get_by_role("button", name="Lock now").click()
    is_locked(page)
    for number in range(4):
        with page.expect_response("**/lock/open"):
            open_again(page, f"guess {number}")
        expect(page.get_by_text("That isn't the passcode.")).to_be_visible()
    open_again(page)
    expect(page.get_by_text(re.compile(r"Wait \d s\."))).to_be_visible()
    expect(page.get_by_role("button", name="Open")).to_be_disabled()
    expect(page.get_by_text("You can try again now.")).to_be_visible(timeout=20_000)
    open_again(page)
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_no_key_leads_round_it(page: Page) -> None:
    page.goto("/#/settings")
    page.get_by_role("button", name="Lock now").click()
    is_locked(page)
    for key in ("Escape", "Tab", "Tab", "Tab", "Alt+ArrowLeft"):
        page.keyboard.press(key)
    page.evaluate("() => (location.hash = '#/journal')")
    expect(page.get_by_role("heading", name="Locked.")).to_be_visible()
    expect(page.locator("#main")).to_be_hidden()


def test_what_is_being_said_goes_on_and_is_whole(page: Page) -> None:
    begun = speaking.begin(page)
    speaking.wait_until(page, begun, 3)
    lock_elsewhere(page)
    expect(page.get_by_role("link", name="Journal")).to_be_hidden()
    expect(page.get_by_role("button", name="Show the words")).to_be_hidden()
    expect(page.get_by_text("Listening.")).to_be_visible()
    assert page.request.get("/api/v1/entries").status == 423
    speaking.wait_until(page, begun, speaking.SPEECH_SECONDS + 2)
    speaking.finish(page)
    expect(page.get_by_role("heading", name="Filed. Go gently.")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name=re.compile("Read it|Open it")).click()
    is_locked(page)
    open_again(page)
    page.goto("/#/journal")
    entry_id = page.locator("#journal-list li").first.get_attribute("data-entry")
    assert entry_id
    said = speaking.spoken_of(speaking.settled(page, entry_id))
    assert speaking.FIRST in said
    assert speaking.LAST in said
    speaking.nothing_is_kept(page)


def test_what_is_being_said_while_the_server_starts_anew_is_whole_once_the_passcode_is_given(
    browser: Browser, tmp_path: Path, models_folder: Path
) -> None:
    installation = Installation(tmp_path / "installation", models_folder)
    with installation.server() as address:
        context = browser.new_context(base_url=address, permissions=["microphone"], service_workers="block")
        page = context.new_page()
        assert page.request.put("/api/v1/lock/passcode", data={"passcode": CODE}).ok
        begun = speaking.begin(page)
        speaking.wait_until(page, begun, 5)
    with installation.server(int(address.rpartition(":")[2])):
        speaking.wait_until(page, begun, speaking.SPEECH_SECONDS + 2)
        expect(page.get_by_text("The line is broken.")).to_be_visible()
        page.keyboard.press("Shift")  # whoever touches it is told that it is locked
        page.get_by_role("button", name="Locked: enter the passcode").click()
        is_locked(page)
        open_again(page)
        speaking.finish(page)
        expect(page.get_by_role("heading", name="Filed. Go gently.")).to_be_visible(timeout=90_000)
        found = page.request.get("/api/v1/entries").json()["entries"]
        settled = [speaking.settled(page, each["id"]) for each in reversed(found)]
        # Where the sentence is cut in two, the recogniser may hear other words.
        assert sum(each["duration_seconds"] for each in settled) > speaking.SPEECH_SECONDS + 1
        assert speaking.LAST in " ".join(map(speaking.spoken_of, settled))
        speaking.nothing_is_kept(page)
        context.close()


def test_a_session_goes_on_behind_the_lock(page: Page) -> None:
    page.goto("/#/practise/coherent-breathing")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#player-line")).not_to_be_empty(timeout=30_000)
    lock_elsewhere(page)
    expect(page.get_by_role("link", name="Journal")).to_be_hidden()
    at = page.locator("#player-audio").evaluate("(audio) => audio.currentTime")
    page.wait_for_function("(at) => document.getElementById('player-audio').currentTime > at + 1", arg=at)
    page.get_by_role("button", name="Leave").click()
    is_locked(page)
    assert page.locator("#player-audio").evaluate("(audio) => audio.paused")
    open_again(page)
    expect(page.get_by_role("heading", name="Coherent breathing")).to_be_visible()
