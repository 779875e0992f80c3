"""Speaking into the page: words come meanwhile, and whatever happens to line, page or server, nothing is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Playwright, Route, expect

from tests.end_to_end.conftest import Visit, chromium, visiting
from tests.end_to_end.line import Line
from tests.end_to_end.speaking import (
    FIRST,
    LAST,
    SPEECH_SECONDS,
    begin,
    entry,
    filed,
    finish,
    kept,
    nothing_is_kept,
    spoken_of,
    wait_until,
)
from tests.privacy.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(240)]

BROKEN = "The line is broken."


@pytest.fixture
def port(address: str) -> int:
    return urlsplit(address).port or 80


@pytest.fixture
def line(port: int) -> Iterator[Line]:
    with Line(port) as whole:
        yield whole


@pytest.fixture
def over_line(browser: Browser, line: Line) -> Iterator[Visit]:
    with visiting(browser, line.address) as visited:
        yield visited
        _leave_out_broken_connections(visited)


def _leave_out_broken_connections(visited: Visit) -> None:
    """The browser reports each connection that was refused or cut off."""
    visited.errors[:] = [error for error in visited.errors if "ERR_" not in error and "WebSocket" not in error]


def test_words_come_while_one_speaks_and_it_is_filed_at_once(visit: Visit) -> None:
    page = visit.page
    begun = begin(page)
    words = page.locator("#speak-words")
    expect(words).to_be_hidden()
    page.get_by_role("button", name="Show the words").click()
    expect(page.locator("#speak-safe")).to_have_text(re.compile(r"^Safe: [5-9] s\.$"), timeout=10_000)
    expect(words).to_contain_text(re.compile(FIRST, re.IGNORECASE), timeout=14_000)
    assert time.monotonic() - begun < SPEECH_SECONDS + 5, "the words came while one could go on speaking"
    wait_until(page, begun, SPEECH_SECONDS + 0.8)
    ended = finish(page)
    spoken = filed(page)
    assert FIRST in spoken_of(spoken)
    assert LAST in spoken_of(spoken)
    assert spoken["duration_seconds"] == pytest.approx(ended - begun, abs=1.0)
    nothing_is_kept(page)


def test_the_choice_to_see_the_words_is_remembered_without_any_word(visit: Visit) -> None:
    page = visit.page
    begun = begin(page)
    page.get_by_role("button", name="Show the words").click()
    expect(page.locator("#speak-words")).to_contain_text(re.compile(FIRST, re.IGNORECASE), timeout=14_000)
    stored = page.evaluate("() => ({ ...localStorage })")
    machines_half = page.request.get("/api/v1/unsent-keys").json()["public_key"]
    assert sorted(stored.values()) == sorted(["yes", machines_half])
    wait_until(page, begun, 6)
    finish(page)
    filed(page)
    begin(page)
    expect(page.get_by_role("button", name="Hide the words")).to_be_visible()
    expect(page.locator("#speak-safe")).to_have_text(re.compile(r"Safe: [4-9] s"), timeout=10_000)
    page.get_by_role("link", name="Journal").first.click()  # this ends and files it
    expect(page.locator("#journal-list a").first).to_be_visible()
    page.wait_for_timeout(3000)
    page.get_by_role("link", name="Speak").first.click()
    filed(page)  # whoever left sees what became of it
    page.get_by_role("link", name="Journal").first.click()
    page.get_by_role("link", name="Speak").first.click()
    expect(page.get_by_role("heading", name="Speak, when you like.")).to_be_visible()


def test_a_broken_line_costs_nothing(over_line: Visit, line: Line) -> None:
    page = over_line.page
    begun = begin(page)
    wait_until(page, begun, 3.3)
    line.cut()
    expect(page.get_by_text(BROKEN)).to_be_visible(timeout=5_000)
    wait_until(page, begun, 7.5)
    assert kept(page)["pieces"] >= 5
    line.mend()
    expect(page.get_by_text("Listening.")).to_be_visible(timeout=10_000)
    wait_until(page, begun, SPEECH_SECONDS + 1)
    ended = finish(page)
    spoken = filed(page)
    assert spoken["duration_seconds"] == pytest.approx(ended - begun, abs=1.0)
    assert FIRST in spoken_of(spoken)
    assert LAST in spoken_of(spoken)
    nothing_is_kept(page)


def test_a_line_that_is_dead_without_saying_so_is_given_up(over_line: Visit, line: Line) -> None:
    page = over_line.page
    begun = begin(page)
    wait_until(page, begun, 3)
    line.clog()
    expect(page.get_by_text(BROKEN)).to_be_visible(timeout=10_000)
    line.mend()
    expect(page.get_by_text("Listening.")).to_be_visible(timeout=15_000)
    wait_until(page, begun, SPEECH_SECONDS + 2)
    ended = finish(page)
    spoken = filed(page)
    assert spoken["duration_seconds"] == pytest.approx(ended - begun, abs=1.0)
    assert FIRST in spoken_of(spoken)
    assert LAST in spoken_of(spoken)


def test_done_while_the_line_is_broken_files_it_when_it_is_back(over_line: Visit, line: Line) -> None:
    page = over_line.page
    begun = begin(page)
    wait_until(page, begun, 6)
    line.cut()
    expect(page.get_by_text(BROKEN)).to_be_visible(timeout=5_000)
    wait_until(page, begun, SPEECH_SECONDS + 1)
    ended = finish(page)
    page.wait_for_timeout(500)
    line.mend()
    spoken = filed(page)
    assert spoken["duration_seconds"] == pytest.approx(ended - begun, abs=1.0)
    assert LAST in spoken_of(spoken)


# What lies in the browser's storage, as far as it could be sound in the open: the bytes of each piece, and how evenly
# they are spread (speech has many small numbers, what is encrypted has as many of each).
EVENNESS = """() => new Promise((resolve) => {
    const opened = indexedDB.open("outbreath", 1);
    opened.onsuccess = () => {
        const asked = opened.result.transaction(["pieces"]).objectStore("pieces").getAll();
        asked.onsuccess = () => {
            opened.result.close();
            const bytes = asked.result.flatMap((piece) => [...new Uint8Array(piece.sealed)]);
            const counts = new Array(256).fill(0);
            for (const byte of bytes) counts[byte] += 1;
            const shares = counts.filter(Boolean).map((count) => count / bytes.length);
            const entropy = -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
            const kinds = [...new Set(asked.result.flatMap((piece) => Object.keys(piece)))].sort();
            resolve({ bytes: bytes.length, entropy, kinds });
        };
    };
})"""


@pytest.mark.parametrize("then", ["Go on", "Done"])
def test_a_page_that_is_loaded_again_goes_on(over_line: Visit, line: Line, then: str) -> None:
    page = over_line.page
    begun = begin(page)
    wait_until(page, begun, 4)
    line.cut()
    expect(page.get_by_text(BROKEN)).to_be_visible(timeout=5_000)
    wait_until(page, begun, 10.9)
    stored = page.evaluate(EVENNESS)
    assert stored["kinds"] == ["entry", "nonce", "sealed", "start"]
    assert stored["bytes"] > 5 * 32_000
    assert stored["entropy"] > 7.99, "what lies in the browser is not the sound itself"
    line.mend()
    earliest_seconds = time.monotonic() - begun
    page.reload()
    latest_seconds = time.monotonic() - begun
    expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("What you said is kept.")).to_be_visible()
    if then == "Go on":
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Listening.")).to_be_visible(timeout=10_000)
        again = time.monotonic()
        wait_until(page, again, SPEECH_SECONDS + 0.5)
        finish(page)
    else:
        page.get_by_role("button", name="Done", exact=True).click()
    spoken = filed(page)
    said = spoken_of(spoken)
    assert FIRST in said
    more_seconds = SPEECH_SECONDS + 0.5 if then == "Go on" else 0
    assert earliest_seconds - 1 < spoken["duration_seconds"] - more_seconds < latest_seconds + 1.5
    assert said.count("your country") >= (3 if then == "Go on" else 1)
    nothing_is_kept(page)


def test_a_second_tab_leaves_the_first_alone(visit: Visit) -> None:
    page = visit.page
    begun = begin(page)
    wait_until(page, begun, 2)
    other = page.context.new_page()
    other.goto("/")
    expect(other.locator("#greeting")).to_be_visible()
    other.goto("/#/speak")
    expect(other.get_by_role("button", name="Start speaking")).to_be_visible()
    other.close()
    expect(page.get_by_text("Listening.")).to_be_visible()
    wait_until(page, begun, 6)
    finish(page)
    filed(page)


def test_a_server_that_is_killed_costs_nothing(browser: Browser, tmp_path: Path, models_folder: Path) -> None:
    installation = Installation(tmp_path / "installation", models_folder)
    with installation.server() as address:
        context = browser.new_context(base_url=address, permissions=["microphone"], service_workers="block")
        page = context.new_page()
        begun = begin(page)
        wait_until(page, begun, 5)
    expect(page.get_by_text(BROKEN)).to_be_visible(timeout=8_000)
    with installation.server(urlsplit(address).port or 0):
        expect(page.get_by_text("Listening.")).to_be_visible(timeout=30_000)
        wait_until(page, begun, SPEECH_SECONDS + 2)
        ended = finish(page)
        last = filed(page)
        expect(page.get_by_text("two entries")).to_be_visible()
        found = page.request.get("/api/v1/entries").json()["entries"]
        assert len(found) == 2
        first = next(each for each in found if each["id"] != last["id"])
        for _ in range(300):
            first = entry(page, first["id"])
            if first["state"] == "ready":
                break
            page.wait_for_timeout(100)
        assert first["state"] == "ready"
        assert first["duration_seconds"] + last["duration_seconds"] == pytest.approx(ended - begun, abs=1.0)
        assert "americans" in spoken_of(first)
        assert LAST in spoken_of(last)
        nothing_is_kept(page)
        context.close()


@pytest.fixture
def ever_speaking_browser(playwright: Playwright, speech: Path) -> Iterator[Browser]:
    """Its microphone hears the sentence again and again."""
    browser = chromium(playwright, str(speech))
    yield browser
    browser.close()


@pytest.fixture
def ever_speaking(ever_speaking_browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(ever_speaking_browser, address) as visited:
        yield visited


@pytest.fixture
def ever_speaking_over_line(ever_speaking_browser: Browser, line: Line) -> Iterator[Visit]:
    with visiting(ever_speaking_browser, line.address) as visited:
        yield visited
        _leave_out_broken_connections(visited)


def test_questions_are_spoken_and_answered_by_keyboard(ever_speaking: Visit) -> None:
    page = ever_speaking.page
    page.goto("/#/speak/evening-reflection")
    expect(page.get_by_text("You need no headphones.")).to_be_visible()
    page.get_by_role("button", name="Start speaking").click()
    first, second, third = (
        page.get_by_role("heading", name=name)
        for name in (
            "What went well today?",
            "How did I feel during client interactions?",
            "What challenged me emotionally today?",
        )
    )
    expect(first).to_be_visible(timeout=10_000)
    expect(page.get_by_text("Asking.")).to_be_visible()
    page.wait_for_timeout(1000)
    expect(page.locator("#speak-safe")).to_be_hidden()
    expect(page.get_by_text("Listening.")).to_be_visible(timeout=40_000)
    page.wait_for_timeout(12_000)
    page.keyboard.press("Space")
    expect(second).to_be_visible()
    expect(page.get_by_text("Asking.")).to_be_visible()
    page.keyboard.press("s")
    expect(third).to_be_visible()
    page.keyboard.press("b")
    expect(second).to_be_visible()
    expect(page.get_by_text("Listening.")).to_be_visible(timeout=40_000)
    page.wait_for_timeout(9_000)
    finish(page)
    spoken = filed(page)
    assert [answer["prompt"] for answer in spoken["answers"]] == [
        "What went well today?",
        "How did I feel during client interactions?",
    ]
    one, other = (answer["text"].lower() for answer in spoken["answers"])
    assert "country" in one
    assert "country" in other
    for asked in ("went well", "client interactions", "challenged"):
        assert asked not in spoken_of(spoken)
    ends = [answer["end"] - answer["start"] for answer in spoken["answers"]]
    assert ends == [pytest.approx(12, abs=1.5), pytest.approx(9, abs=1.5)]


def test_nobody_begins_before_the_questions_are_there(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    held: list[Route] = []
    page.route("**/api/v1/sessions/evening-reflection", lambda route: held.append(route))  # noqa: PLW0108
    page.goto("/#/speak/evening-reflection")
    control = page.locator("#speak-toggle")
    expect(control).to_be_disabled()
    page.wait_for_timeout(300)
    page.get_by_role("link", name="Speak").first.click()
    expect(page.get_by_role("heading", name="Speak, when you like.")).to_be_visible()
    expect(control).to_be_enabled()
    for each in held:
        each.continue_()
    page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="Speak, when you like.")).to_be_visible()
    page.unroute("**/api/v1/sessions/evening-reflection")
    page.goto("/#/speak/evening-reflection")
    expect(page.get_by_role("heading", name="Evening reflection")).to_be_visible()
    expect(control).to_be_enabled()


def test_a_question_that_is_asked_for_over_a_broken_line_is_asked(ever_speaking_over_line: Visit, line: Line) -> None:
    page = ever_speaking_over_line.page
    page.goto("/#/speak/evening-reflection")
    page.get_by_role("button", name="Start speaking").click()
    expect(page.get_by_text("Listening.")).to_be_visible(timeout=40_000)
    asked = page.locator("#speak-title").inner_text()
    page.wait_for_timeout(6_000)
    line.cut()
    expect(page.get_by_text(BROKEN)).to_be_visible(timeout=5_000)
    page.wait_for_timeout(4_000)
    page.keyboard.press("Enter")
    expect(page.locator("#speak-title")).not_to_have_text(asked)
    asked_then = page.locator("#speak-title").inner_text()
    expect(page.locator("#speak-toggle.listening")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(3_000)
    line.mend()
    expect(page.get_by_text("Listening.")).to_be_visible(timeout=10_000)
    page.wait_for_timeout(5_000)
    expect(page.locator("#speak-title")).to_have_text(asked_then)
    finish(page)
    answers = filed(page)["answers"]
    assert [answer["prompt"] for answer in answers] == [asked, asked_then]
    assert [answer["end"] - answer["start"] for answer in answers] == [
        pytest.approx(10.3, abs=1.5),
        pytest.approx(8.5, abs=2),
    ]


# What is sent again after a break, and how the rest of an entry becomes another one. Places in samples.
OUTBOX = """async () => {
    const { Outbox } = await import("/static/js/outbox.js");
    const counted = (from, to) => Int16Array.from({ length: to - from }, (_, at) => from + at);
    const all = (box) => {
        const heard = [];
        for (let at = box.begin; at < box.end; at += heard.at(-1).length) heard.push(box.between(at, box.end));
        return heard.flatMap((samples) => [...samples]);
    };
    const spoken = () => {
        const box = new Outbox();
        box.add(counted(0, 9000));
        box.turn("next", 1);
        box.add(counted(9000, 20000));
        box.turn("next", 2);
        box.turn("back", 1);
        return box;
    };
    const resumed = spoken();
    resumed.resumed(12000, 1);
    const unheard = spoken();
    unheard.resumed(9000, 0);
    const halfway = spoken();
    halfway.resumed(20000, 2);
    const again = spoken();
    again.saved(8500);
    again.startAgain(9500);
    const found = new Outbox({ begin: 100,
        pieces: [{ start: 50, samples: counted(50, 150) }, { start: 200, samples: counted(200, 210) }] });
    return {
        resumed: { turns: resumed.turns.map(({ to }) => to), sound: all(resumed) },
        unheard: unheard.turns.map(({ to }) => to),
        halfway: halfway.turns.map(({ to }) => to),
        again: { begin: again.begin, sound: all(again), turns: again.turns.map(({ type, at }) => [type, at]) },
        found: all(found),
    };
}"""


def test_what_is_unsent_is_sent_once_and_in_its_place(visit: Visit) -> None:
    visit.page.goto("/")
    told = visit.page.evaluate(OUTBOX)
    assert told["resumed"] == {"turns": [2, 1], "sound": list(range(12_000, 20_000))}
    assert told["unheard"] == [1, 2, 1]
    assert told["halfway"] == [1]
    again = {"sound": list(range(9_500, 20_000)), "turns": [["next", 0], ["next", 10_500], ["back", 10_500]]}
    assert told["again"] == {"begin": 0, **again}
    assert told["found"] == [*range(100, 150), *[0] * 50, *range(200, 210)]


def test_without_a_microphone_that_can_be_used_it_offers_another_way(visit: Visit) -> None:
    page = visit.page
    page.add_init_script("delete globalThis.AudioWorkletNode")
    page.goto("/#/speak")
    expect(page.get_by_text("This browser can't listen here.")).to_be_visible()
    expect(page.get_by_text("Add a recording", exact=True)).to_be_visible()
    expect(page.locator("#speak-toggle")).to_be_disabled()


RESAMPLED = """async ([rate, pitch]) => {
    const { Resampler } = await import("/static/js/resampling.js");
    const resampler = new Resampler(rate, 16000);
    const tone = Float32Array.from({ length: rate }, (_, at) => 0.5 * Math.sin((2 * Math.PI * pitch * at) / rate));
    const heard = [];
    for (let from = 0; from < rate; from += 1024) heard.push(...resampler.push(tone.subarray(from, from + 1024)));
    heard.push(...resampler.flush());
    const middle = heard.slice(4000, 12000);
    const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
    return { length: heard.length, decibels: 10 * Math.log10(power / 0.125 + 1e-12) };
}"""


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000, 96_000, 8_000])
def test_resampling_keeps_what_is_heard_and_nothing_else(visit: Visit, rate: int) -> None:
    page = visit.page
    page.goto("/")
    for pitch in (100, 1_000, 3_000, *([6_000] if rate > 16_000 else [])):
        kept_tone = page.evaluate(RESAMPLED, [rate, pitch])
        assert kept_tone["decibels"] == pytest.approx(0, abs=0.5), pitch
        assert kept_tone["length"] == pytest.approx(16_000, abs=2)
    for pitch in (9_000, 10_000, 15_000) if rate > 40_000 else ():
        assert page.evaluate(RESAMPLED, [rate, pitch])["decibels"] < -40, pitch
