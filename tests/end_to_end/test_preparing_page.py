"""A session that a slow voice says for the first time: the page waits calmly, and begins by itself."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from core.errors import BeingPrepared, ModelMissing
from tests.end_to_end.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(120)]


class SlowVoice:
    """Answers for the server as it does while a voice learns a script; ``lines_left`` says how far it is."""

    def __init__(self, page: Page) -> None:
        self.lines_left = 30
        self.asked = 0
        page.route(re.compile(r"/sessions/[\w-]+/(timeline|audio|prepare)"), self.answer)

    def answer(self, route: Route) -> None:
        if not self.lines_left:
            route.continue_()
        elif "/prepare" in route.request.url:
            route.fulfill(json={"lines": 40, "lines_ready": 40 - self.lines_left})
        else:
            self.asked += "/timeline" in route.request.url
            fault = BeingPrepared(40 - self.lines_left, 40, self.lines_left * 4)
            headers = {"Retry-After": "1", "Content-Type": "application/json"}
            route.fulfill(status=503, headers=headers, body=json.dumps({"error": fault.as_json()}))


@pytest.fixture
def slow(visit: Visit) -> SlowVoice:
    visit.page.emulate_media(reduced_motion="reduce")
    return SlowVoice(visit.page)


def begin(page: Page) -> None:
    page.goto("/#/practise/coherent-breathing")
    page.get_by_role("slider", name="Length").fill("2")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#player-line")).to_contain_text("It begins by itself.")


def leave_out_refusals(visit: Visit) -> None:
    """The browser reports each answer that is none."""
    visit.errors[:] = [error for error in visit.errors if "503" not in error]


def test_the_page_waits_and_begins_by_itself(visit: Visit, slow: SlowVoice) -> None:
    page = visit.page
    begin(page)
    expect(page.locator("#player-phase")).to_have_text("Being spoken")
    expect(page.locator("#player-time")).to_have_text(re.compile("minute"))
    expect(page.locator("#player-toggle")).to_be_disabled()
    expect(page.locator("#said")).to_have_text(re.compile("It begins by itself"))
    expect(page.locator("#fault")).to_be_hidden()
    assert page.locator("#player-toggle .passed").evaluate("(rim) => rim.style.strokeDasharray").startswith("0.25")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.wait_for_timeout(1500)
    assert slow.asked >= 2
    slow.lines_left = 0
    expect(page.locator("#player-time")).to_have_text(re.compile(r"1:5\d"), timeout=30_000)
    expect(page.get_by_role("button", name="Pause")).to_be_enabled()
    expect(page.locator("#player-title")).to_have_text("Coherent breathing")
    leave_out_refusals(visit)


def test_whoever_leaves_is_not_called_back(visit: Visit, slow: SlowVoice) -> None:
    page = visit.page
    begin(page)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Coherent breathing")).to_be_visible()
    slow.lines_left = 0
    asked = slow.asked
    page.wait_for_timeout(1500)
    assert slow.asked == asked
    assert page.url.endswith("#/practise/coherent-breathing")
    leave_out_refusals(visit)


def test_a_voice_that_fails_meanwhile_is_said(visit: Visit, slow: SlowVoice) -> None:
    page = visit.page
    begin(page)
    fault = ModelMissing("kokoro")
    page.unroute_all()
    page.route(re.compile("/timeline"), lambda route: route.fulfill(status=503, json={"error": fault.as_json()}))
    expect(page.locator("#player-line")).to_contain_text(fault.message)
    expect(page.locator("#player-line")).to_contain_text(fault.next_step)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("button", name="Begin")).to_be_visible()
    leave_out_refusals(visit)
