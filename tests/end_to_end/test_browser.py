from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.end_to_end.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.model]

TWICE = "(button) => { button.click(); button.click(); }"
"""A press that shakes."""

PATIENCE_MILLISECONDS = 90_000
# He pauses in the middle of "ask not", which is where the recogniser may hear anything.
WORDS = re.compile(r"what your country can do for you\W+ask what you can do for your country", re.IGNORECASE)
WRITTEN = "I felt angry about the rota, and tender with Mrs K."
SCREENS = ["#/", "#/practise", "#/practise/coherent-breathing", "#/speak", "#/write", "#/journal", "#/settings"]


@pytest.mark.timeout(240)
def test_what_is_said_to_the_microphone_is_on_the_page(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    page.get_by_role("link", name="Speak").first.click()
    page.get_by_role("button", name="Start speaking").click()
    expect(page.get_by_text("Listening.")).to_be_visible()
    expect(page.locator("#speak-safe")).to_have_text(re.compile(r"1[2-9] s"), timeout=30_000)
    page.get_by_role("button", name="Done, file it").click()
    expect(page.get_by_role("heading", name="Filed. Go gently.")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    page.get_by_role("link", name="Read it").click(timeout=PATIENCE_MILLISECONDS)
    expect(page.locator("#entry-text")).to_have_text(WORDS)
    expect(page.get_by_role("group", name="Your recording")).to_be_visible()
    sound = page.locator("#entry-audio")
    assert sound.evaluate("async (audio) => { await audio.play(); audio.pause(); return audio.error; }") is None


def test_a_session_plays_and_shows_its_line(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/practise")
    page.get_by_role("link", name="Coherent breathing").click()
    page.get_by_role("slider", name="Length").fill("2")
    page.get_by_label("Bed of sound").select_option("rain")
    page.get_by_label("Voice").select_option("hibari")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#player-time")).to_have_text(re.compile(r"1:5[0-7]"), timeout=30_000)
    expect(page.locator("#player-line")).not_to_be_empty()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next section").click()
    skipped_to = page.locator("#player-audio").evaluate("(audio) => audio.currentTime")
    timeline = page.request.get("/api/v1/sessions/coherent-breathing/timeline?minutes=2&voice=hibari").json()
    starts = [chapter["start"] for chapter in timeline["chapters"]]
    assert skipped_to == pytest.approx(next(start for start in starts if start > 8), abs=0.001)
    page.locator("#player-audio").evaluate("(audio) => (audio.currentTime = 90)")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#player-phase")).to_have_text(re.compile("Breathe (in|out)"), timeout=15_000)
    page.get_by_role("button", name="Pause").click()
    page.locator("#player-audio").evaluate("(audio) => (audio.currentTime = 60)")
    page.locator("#player-toggle").evaluate(TWICE)
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    expect(page.locator("#fault")).to_be_hidden()
    page.get_by_role("button", name="Leave").evaluate(TWICE)
    expect(page.get_by_role("heading", name="Coherent breathing")).to_be_visible()


def test_nothing_moves_under_the_finger_when_the_latest_entries_come(visit: Visit) -> None:
    page = visit.page
    page.request.post("/api/v1/entries", data={"text": WRITTEN})
    answers: list[Route] = []

    def hold(answer: Route) -> None:
        answers.append(answer)

    page.route("**/api/v1/entries?*", hold)
    page.goto("/")
    circle = page.locator("#today-act")
    before = circle.bounding_box()
    expect(page.get_by_role("heading", name="Lately")).to_be_hidden()
    for answer in answers:
        answer.continue_()
    expect(page.get_by_role("heading", name="Lately")).to_be_visible()
    assert circle.bounding_box() == before


def test_writing_finding_tagging_correcting_deleting(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/speak")
    page.get_by_role("link", name="Write instead").click()
    page.get_by_role("textbox", name="Your words", exact=True).fill(
        "I felt angry about the rota, and tender with Mrs K."
    )
    page.get_by_role("button", name="File it").click()
    expect(page.locator("#entry-text")).to_have_text(WRITTEN)

    angry = page.locator("#entry-tags details").filter(has=page.locator("summary", has_text="angry"))
    angry.locator("summary").click()
    expect(angry.locator("blockquote strong")).to_have_text("I felt angry about the rota")
    angry.get_by_role("button", name="No, remove it").click()
    expect(angry).to_have_count(0)
    page.get_by_placeholder("A tag of your own").fill("the rota")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#entry-tags")).to_contain_text("the rota")

    page.get_by_role("button", name="Edit the words").click()
    page.locator("#entry-edit-text").fill("I felt cross about the rota.")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("#entry-text")).to_have_text("I felt cross about the rota.")

    page.get_by_role("link", name="Journal").last.click()
    page.get_by_role("searchbox").fill("cross")
    page.get_by_role("link", name=re.compile("cross about")).click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name=re.compile("cross about"))).to_have_count(0)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_keeps_anybody_out(visit: Visit, screen: str, theme: str) -> None:
    visit.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    visit.page.goto(f"/{screen}")
    expect(visit.page.locator(".screen:visible h1")).to_be_visible()
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()


def test_the_documentation_keeps_nobody_out_either(visit: Visit) -> None:
    visit.page.goto("/api/v1/docs")
    expect(visit.page.get_by_role("heading", level=1)).to_be_visible()
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()


def test_everything_can_be_reached_by_keyboard(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    expect(page.locator(".screen:visible h1")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#today-act")).to_be_focused()


NOTE_LOCK_SCREEN = """() => {
    globalThis.acts = {};
    const session = navigator.mediaSession;
    const set = session.setActionHandler.bind(session);
    session.setActionHandler = (name, act) => { acts[name] = act; set(name, act); };
    globalThis.touches = [];
    Navigator.prototype.vibrate = (pattern) => touches.push(pattern);
}"""


def test_sections_can_be_chosen_on_the_page_and_on_a_locked_screen(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(f"({NOTE_LOCK_SCREEN})()")
    page.goto("/#/practise/body-scan")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_function("() => document.getElementById('player-audio').currentTime > 0.3", timeout=30_000)
    page.get_by_text("Sections").click()
    page.get_by_role("button", name="Belly and chest").click()
    place = "() => document.getElementById('player-audio').currentTime"
    starts = {each["title"]: each["start"] for each in timeline(page, "body-scan")["chapters"]}
    assert page.evaluate(place) == pytest.approx(starts["Belly and chest"], abs=1.5)
    expect(page.get_by_role("button", name="Belly and chest")).to_have_attribute("aria-current", "true")
    page.evaluate("() => acts.previoustrack()")
    assert page.evaluate(place) == pytest.approx(starts["Hips and back"], abs=1.5)
    page.evaluate("() => acts.nexttrack()")
    assert page.evaluate(place) == pytest.approx(starts["Belly and chest"], abs=1.5)
    page.evaluate("() => acts.seekto({ seekTime: 30 })")
    page.evaluate("() => acts.seekforward({})")
    assert page.evaluate(place) == pytest.approx(45, abs=1.5)
    page.evaluate("() => acts.pause()")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    assert page.evaluate("() => navigator.mediaSession.metadata.title") == "Body scan"


def timeline(page: Page, slug: str) -> dict[str, Any]:
    planned: dict[str, Any] = page.request.get(f"/api/v1/sessions/{slug}/timeline").json()
    return planned


def test_the_breath_can_be_felt_where_a_phone_vibrates(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(f"({NOTE_LOCK_SCREEN})()")
    page.goto("/#/practise/coherent-breathing")
    page.get_by_label("Length").fill("2")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#player-phase")).to_have_text(re.compile("Breathe (in|out)"), timeout=60_000)
    page.wait_for_function("() => touches.length >= 2", timeout=30_000)
    page.get_by_role("button", name="Without vibration").click()
    page.evaluate("() => (touches.length = 0)")
    page.wait_for_timeout(7_000)
    assert page.evaluate("() => touches") == []


def test_after_a_session_one_can_go_on_to_speak(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/practise/coherent-breathing")
    page.get_by_label("Length").fill("2")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_function("() => document.getElementById('player-audio').currentTime > 0.3", timeout=30_000)
    page.locator("#player-audio").evaluate("(audio) => (audio.currentTime = 119.5)")
    expect(page.locator("#player-phase")).to_have_text("Finished", timeout=30_000)
    page.get_by_role("link", name="Say a few words").click()
    expect(page.get_by_role("heading", name="Speak, when you like.")).to_be_visible()
