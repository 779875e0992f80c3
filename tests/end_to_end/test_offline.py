"""The page when the machine is out of reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.conftest import installed
from tests.end_to_end.line import Line

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with installed(browser, address) as context:
        yield context.new_page()


def keep(page: Page, slug: str, minutes: int) -> None:
    page.goto(f"/#/practise/{slug}")
    page.get_by_label("Length").fill(str(minutes))
    page.get_by_role("button", name="Keep on this device").click()
    expect(page.get_by_text("Kept. It plays")).to_be_visible(timeout=60_000)


def test_it_opens_and_shows_the_library(page: Page) -> None:
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Body scan")).to_be_visible()
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("link", name="Practise")).to_be_visible()
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Body scan")).to_be_visible()


def test_what_is_kept_of_this_version_is_not_asked_for_again(page: Page) -> None:
    page.goto("/")
    answered = page.evaluate(
        """async () => {
            const [shell] = (await caches.keys()).filter((name) => /^outbreath-[0-9a-f]+$/.test(name));
            await (await caches.open(shell)).put("/tones/saved.wav", new Response("kept"));
            return (await fetch("/tones/saved.wav")).text();
        }"""
    )
    assert answered == "kept"


def test_a_session_that_is_kept_plays(page: Page) -> None:
    keep(page, "coherent-breathing", 3)
    page.context.set_offline(True)
    page.goto("/")
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Coherent breathing")).to_contain_text("kept")
    page.goto("/#/practise/coherent-breathing")
    page.get_by_role("button", name="3 min, normal guidance", exact=False).first.click()
    sound = page.locator("#player-audio")
    expect(page.locator("#player-title")).to_have_text("Coherent breathing")
    page.wait_for_function("() => document.getElementById('player-audio').currentTime > 1")
    assert sound.evaluate("(audio) => audio.duration") == pytest.approx(180, abs=0.06)
    sound.evaluate("(audio) => (audio.currentTime = 90)")
    expect(page.locator("#player-phase")).to_have_text(re.compile("Breathe (in|out)"), timeout=15_000)
    assert sound.evaluate("(audio) => audio.currentTime") > 90, "sound comes from anywhere in it"


def test_another_length_of_it_is_better_than_nothing(page: Page) -> None:
    keep(page, "coherent-breathing", 2)
    page.context.set_offline(True)
    page.get_by_label("Length").fill("7")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_function("() => document.getElementById('player-audio').duration < 121")
    page.wait_for_function("() => document.getElementById('player-audio').currentTime > 1")


def test_what_was_kept_can_be_removed(page: Page) -> None:
    keep(page, "box-breathing", 4)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Removed from this browser.")).to_be_visible()
    expect(page.get_by_role("heading", name="Kept here")).to_be_hidden()
    names = page.evaluate(
        "async () => (await (await caches.open('outbreath-kept-sessions')).keys()).map(({ url }) => url)"
    )
    assert not [name for name in names if "box-breathing" in name]


def test_a_session_whose_sound_does_not_come_says_so_and_begins_when_it_can(browser: Browser, address: str) -> None:
    with Line(urlsplit(address).port or 0) as line, installed(browser, line.address) as context:
        page = context.new_page()
        page.goto("/#/practise/coherent-breathing")
        page.get_by_label("Length").fill("4")
        # Its words were asked for before, and are still here.
        page.evaluate(
            """async () => {
                const { bed, voice, guidance } = document.getElementById("session-choices").elements;
                const asked = { minutes: 4, guidance: guidance.value, bed: bed.value, voice: voice.value };
                const words = "/api/v1/sessions/coherent-breathing/timeline?" + new URLSearchParams(asked);
                await (await fetch(words)).text();
            }"""
        )
        line.cut()
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("#player-line")).to_contain_text("Outbreath doesn't answer.", timeout=15_000)
        line.mend()
        page.get_by_role("button", name="Try again").click()
        page.wait_for_function("() => document.getElementById('player-audio').currentTime > 1")
        expect(page.locator("#player-line")).not_to_contain_text("Outbreath doesn't answer.")
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
