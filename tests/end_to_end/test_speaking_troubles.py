"""What the page shows while speaking when the disk is full or nobody speaks, and of words that were hard to hear."""

from __future__ import annotations

import json
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, Route, expect

from tests.end_to_end.conftest import MICROPHONE_RATE_HZ, Visit, chromium, visiting
from tests.end_to_end.speaking import (
    FIRST,
    PATIENCE_MILLISECONDS,
    begin,
    filed,
    finish,
    nothing_is_kept,
    settled,
    spoken_of,
    wait_until,
)
from tests.privacy.installation import Installation
from tests.small_disk import fill, make_room

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(240)]

NOTE_TONES = """globalThis.tones = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
    globalThis.tones.push(this.src.replace(/.*\\//, ""));
    return play.call(this);
};"""


def test_a_full_disk_is_said_and_nothing_is_lost_by_it(browser: Browser, small_disk: Path, models_folder: Path) -> None:
    with Installation(small_disk / "installation", models_folder).server() as address:
        context = browser.new_context(base_url=address, permissions=["microphone"], service_workers="block")
        page = context.new_page()
        begun = begin(page)
        wait_until(page, begun, 6)
        fill(small_disk)
        expect(page.get_by_text("The disk is full.")).to_be_visible(timeout=15_000)
        expect(page.get_by_text("What you said is kept.")).to_be_visible()
        make_room(small_disk)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("two entries")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        # What was heard while the disk was full may hold no word.
        found = [settled(page, each["id"]) for each in page.request.get("/api/v1/entries").json()["entries"]]
        assert sum(each["duration_seconds"] for each in found) >= 6
        assert any(FIRST in spoken_of(each) for each in found)
        nothing_is_kept(page)
        context.close()


@pytest.fixture
def brief(playwright: Playwright, speech: Path, address: str, tmp_path: Path) -> Iterator[Visit]:
    """The microphone hears three seconds of speech, then nothing."""
    heard = tmp_path / "brief.wav"
    with wave.open(str(speech)) as whole, wave.open(str(heard), "wb") as beginning:
        beginning.setparams(whole.getparams())
        beginning.writeframes(whole.readframes(3 * MICROPHONE_RATE_HZ))
    browser = chromium(playwright, f"{heard}%noloop")
    with visiting(browser, address) as visited:
        yield visited
    browser.close()


def test_a_long_pause_is_answered_by_one_soft_tone_and_ends_nothing(brief: Visit) -> None:
    page = brief.page
    page.add_init_script(NOTE_TONES)
    begun = begin(page)
    wait_until(page, begun, 18)
    assert page.evaluate("() => tones") == ["listening.wav"]
    wait_until(page, begun, 28)
    assert page.evaluate("() => tones") == ["listening.wav", "listening.wav"]
    wait_until(page, begun, 48)
    assert page.evaluate("() => tones") == ["listening.wav", "listening.wav"]
    expect(page.get_by_text("Listening.")).to_be_visible()
    finish(page)
    spoken = filed(page)
    assert spoken["duration_seconds"] == pytest.approx(48, abs=1.5)
    assert "americans" in spoken_of(spoken)


def test_words_that_were_hard_to_hear_are_marked_and_noise_is_said(visit: Visit) -> None:
    page = visit.page
    begun = begin(page)
    wait_until(page, begun, 5)
    finish(page)
    spoken = filed(page)

    def hard_to_hear(route: Route) -> None:
        answer = route.fetch()
        changed = answer.json() | {"mostly_noise": True}
        changed["words"][1] |= {"probability": 0.2, "uncertain": True}
        route.fulfill(response=answer, body=json.dumps(changed))

    page.get_by_role("link", name="Read it").click()
    expect(page.locator("#entry-text .word").first).to_be_visible()
    certain = page.locator("#entry-text .unsure").count()
    expect(page.locator("#entry-noise")).to_be_hidden()
    page.route(f"**/api/v1/entries/{spoken['id']}", hard_to_hear)
    page.reload()
    expect(page.get_by_text("Most of this recording is noise")).to_be_visible()
    doubtful = page.get_by_title("Not sure of this word").filter(has_text=spoken["words"][1]["text"]).first
    expect(doubtful).to_be_visible()
    assert page.locator("#entry-text .unsure").count() >= max(1, certain)
    assert doubtful.evaluate("(word) => getComputedStyle(word).textDecorationLine") == "underline"
    doubtful.click()
    expect(page.locator("#entry-audio")).to_have_js_property("paused", value=False)
