"""What a person chooses once and keeps: each choice is kept as it is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.end_to_end.conftest import Visit, visiting
from tests.privacy.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def own_address(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Iterator[str]:
    """A server of these tests alone, since what they choose holds for everybody."""
    with Installation(tmp_path_factory.mktemp("settings") / "installation", models_folder).server() as running:
        yield running


@pytest.fixture
def visit(browser: Browser, own_address: str) -> Iterator[Visit]:
    with visiting(browser, own_address) as visited:
        yield visited


def kept(page: Page) -> None:
    expect(page.get_by_text("Kept. It holds for what you begin from now on.")).to_be_visible()


def test_what_is_chosen_is_kept_and_is_what_a_session_begins_with(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/practise/coherent-breathing")
    expect(page.locator("#voice")).to_have_value("hibari")
    page.get_by_role("link", name="Outbreath").click()
    page.get_by_role("link", name="Settings").click()
    expect(page.locator("#setting-voice")).to_have_value("hibari")
    for choose in (
        lambda: page.get_by_label("Who speaks").select_option("joe"),
        lambda: page.get_by_role("radio", name="more").check(),
        lambda: page.locator("#setting-bed").select_option("ocean"),
        lambda: page.get_by_label("You speak").select_option(label="German"),
    ):
        page.locator("#settings-state").evaluate("(one) => (one.textContent = '')")
        choose()
        kept(page)
    expect(page.get_by_text("Tags are suggested for English only")).to_be_visible()
    page.goto("/#/practise/coherent-breathing")  # the page was not loaded again, and knows all the same
    expect(page.locator("#voice")).to_have_value("joe")
    expect(page.locator("#bed")).to_have_value("ocean")
    assert page.locator("#session-choices [name=guidance]:checked").input_value() == "more"
    page.goto("/#/settings")
    page.reload()
    expect(page.locator("#setting-voice")).to_have_value("joe")
    page.locator("#setting-bed").select_option(label="as each session has it")
    kept(page)
    assert page.request.get("/api/v1/health").json()["defaults"]["bed"] is None


def test_a_voice_is_heard_before_it_is_chosen(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/settings")
    page.get_by_role("button", name="Hear it").click()
    page.get_by_role("button", name="Stop").click(timeout=60_000)
    expect(page.get_by_role("button", name="Hear it")).to_be_visible()


def test_what_is_fixed_elsewhere_says_so_and_a_phone_pairs_no_others(visit: Visit) -> None:
    page = visit.page

    def answer(route: Route) -> None:
        real = route.fetch()
        changed = real.json() | {"this_machine": False}
        for each in changed["settings"]:
            each["fixed"] = each["name"] in ("voice", "guidance")
            each["source"] = "environment" if each["fixed"] else each["source"]
        route.fulfill(response=real, body=json.dumps(changed))

    page.goto("/#/settings")
    expect(page.get_by_role("link", name="Which phones are let in")).to_be_visible()
    page.route("**/api/v1/settings", answer)
    page.reload()
    expect(page.locator("#setting-voice")).to_be_disabled()
    expect(page.get_by_role("radio", name="less")).to_be_disabled()
    expect(page.get_by_text("Fixed by the environment (OUTBREATH_VOICE)")).to_be_visible()
    expect(page.get_by_role("link", name="Which phones are let in")).to_have_count(0)


def test_what_cannot_be_kept_is_told_and_shown_as_it_was(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/settings")
    expect(page.locator("#setting-voice")).not_to_have_value("")
    before = page.locator("#setting-bed").input_value()
    page.locator("#setting-bed").evaluate("(one) => one.add(new Option('traffic', 'traffic'))")
    page.locator("#setting-bed").select_option("traffic")
    expect(page.get_by_role("alert")).to_contain_text("The value for bed can't be used.")
    expect(page.locator("#setting-bed")).to_have_value(before)
    visit.errors[:] = [error for error in visit.errors if "422" not in error]


def test_choosing_by_key_alone(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/settings")
    expect(page.locator("#setting-voice")).not_to_have_value("")
    page.locator("#setting-guidance input:checked").focus()
    page.keyboard.press("ArrowLeft")
    kept(page)
    page.get_by_role("button", name="Set a passcode").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("New passcode")).to_be_focused()
    page.keyboard.type("kettle 47")
    page.keyboard.press("Tab")
    page.keyboard.type("kettle 48")
    page.keyboard.press("Enter")
    expect(page.get_by_text("These two differ. Type it again.")).to_be_visible()
    expect(page.get_by_label("The same again")).to_be_focused()
    page.get_by_role("button", name="Leave it as it is").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Set a passcode")).to_be_focused()
    assert page.request.get("/api/v1/lock").json()["passcode"] is False
