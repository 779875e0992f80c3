"""The page in a real browser, as a phone has it: first paint, being heard, the player, a large journal."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from api.shell import STATIC
from benchmarks import search
from benchmarks.figures import Figure, table
from benchmarks.running_server import running_server

PHONE: Any = {"width": 390, "height": 844}
SLOWDOWN = 4
RUNS = 7
ENTRIES = 10_000
QUERIES = (
    "tired",
    "angry at the manager",
    "night shift",
    "mother",
    "the family thanked me",
    "sleep",
    "hopeful",
    "rota",
)
LOCAL_MINUTES = 20
FAKE_MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")

FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"

# When the frame after the one that first has Today in it is drawn.
NOTE_TODAY = """const looking = setInterval(() => {
    const today = document.getElementById("today");
    if (!today || today.hidden) return;
    clearInterval(looking);
    requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.todayShown = performance.now())));
}, 5);"""

# How far the sound is when a line appears, less where the plan has it, in milliseconds.
CAPTIONS = """(cues) => {
    globalThis.late = [];
    const audio = document.getElementById("player-audio");
    const line = document.getElementById("player-line");
    new MutationObserver(() => {
        const near = (cue) => cue.text === line.textContent && Math.abs(cue.start - audio.currentTime) < 1;
        const cue = cues.find(near);
        if (cue) late.push((audio.currentTime - cue.start) * 1000);
    }).observe(line, { childList: true, characterData: true, subtree: true });
}"""

# From the last key to results of that query on the screen.
TYPE = """(query) => new Promise((resolve) => {
    const box = document.querySelector("#journal [type=search]");
    const list = document.getElementById("journal-list");
    const begun = performance.now();
    const observer = new MutationObserver(() => {
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - begun));
    });
    observer.observe(list, { childList: true, subtree: true });
    box.value = query;
    box.dispatchEvent(new Event("input", { bubbles: true }));
})"""

SCROLL = """() => new Promise((resolve) => {
    const frames = [];
    let last = performance.now();
    let left = 240;
    const step = (now) => {
        frames.push(now - last);
        last = now;
        scrollBy(0, 250);
        if (left--) requestAnimationFrame(step);
        else resolve(frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)]);
    };
    requestAnimationFrame(step);
})"""


def measure() -> list[Figure]:
    """All figures of the page, of one server with an empty journal and one with ten thousand entries."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", *FAKE_MICROPHONE]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        with running_server(Path(folder) / "empty") as server:
            address = str(server.client.base_url)
            figures = [_script(), *_first_paint(browser, address), _to_recording(browser, address)]
            figures += [_player_start(browser, address), _captions(browser, address)]
        search.fill(Path(folder) / "full", ENTRIES)
        with running_server(Path(folder) / "full") as server:
            figures += _journal(browser, str(server.client.base_url))
        browser.close()
    return figures


def _script() -> Figure:
    sizes = [len(gzip.compress(script.read_bytes(), 9)) for script in (STATIC / "js").glob("*.js")]
    return Figure("all script, compressed", "≤ 120 kB", f"{sum(sizes) / 1000:.0f} kB in {len(sizes)} files")


def _first_paint(browser: Browser, address: str) -> list[Figure]:
    """As a browser has it that was never here: nothing is kept, and no worker answers."""
    painted, shown = [], []
    for _ in range(RUNS):
        with _page(browser, address) as page:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
            page.add_init_script(NOTE_TODAY)
            page.goto("/")
            page.wait_for_function("() => globalThis.todayShown")
            painted.append(page.evaluate(FIRST_PAINT))
            shown.append(page.evaluate("() => globalThis.todayShown"))
    return [
        _milliseconds(f"first paint, processor slowed {SLOWDOWN} times, nothing kept", "≤ 1000 ms", painted),
        _milliseconds("the same, until the circle of Today can be touched", "≤ 1000 ms", shown),
    ]


def _to_recording(browser: Browser, address: str) -> Figure:
    """The page opens, the person touches Speak, and is heard: what the machine takes of it."""
    taken = []
    with _page(browser, address, service_workers="allow") as page:
        page.goto("/")
        page.wait_for_function("() => navigator.serviceWorker.controller")
        for _ in range(RUNS):
            begun = time.perf_counter()
            page.goto("/")
            page.locator("#today:not([hidden])").get_by_text("Speak").first.click()
            page.get_by_text("Listening.").wait_for()
            taken.append((time.perf_counter() - begun) * 1000)
            page.get_by_role("button", name="Done").click()
            page.get_by_text("Go gently.").first.wait_for()
    return _milliseconds("from opening the installed page to being heard, two touches", "≤ 1000 ms", taken)


def _player_start(browser: Browser, address: str) -> Figure:
    taken = []
    with _page(browser, address) as page:
        for _ in range(RUNS):
            page.goto("/#/practise/body-scan")
            page.reload()
            page.get_by_role("button", name="Begin").wait_for()
            begun = time.perf_counter()
            page.get_by_role("button", name="Begin").click()
            page.wait_for_function("() => document.getElementById('player-audio').currentTime > 0")
            taken.append((time.perf_counter() - begun) * 1000)
            page.locator("#player").wait_for()
    return _milliseconds("from Begin to sound", "≤ 700 ms", taken)


def _captions(browser: Browser, address: str) -> Figure:
    """Heard from two seconds before each spoken line, from the first to the last."""
    with _page(browser, address) as page:
        page.goto("/#/practise/body-scan")
        page.get_by_label("Length").fill(str(LOCAL_MINUTES))
        with page.expect_response(lambda answer: "/timeline" in answer.url) as planned:
            page.get_by_role("button", name="Begin").click()
        spoken = [cue for cue in planned.value.json()["cues"] if cue["text"]]
        page.evaluate(CAPTIONS, spoken)
        for cue in spoken:
            page.evaluate("(at) => { document.getElementById('player-audio').currentTime = at; }", cue["start"] - 2)
            page.wait_for_timeout(3_000)
        late = page.evaluate("() => late")
    worst = max(late, key=abs)
    name = f"lines on the screen against the sound, {LOCAL_MINUTES} minutes"
    return Figure(name, "± 150 ms", f"{worst:+.0f} ms at most of {len(late)} of {len(spoken)} lines")


def _journal(browser: Browser, address: str) -> list[Figure]:
    with _page(browser, address) as page:
        page.goto("/#/journal")
        page.locator("#journal-list li").first.wait_for()
        frame = page.evaluate(SCROLL)
        page.evaluate(TYPE, "warm")
        taken = [page.evaluate(TYPE, query) for query in QUERIES]
    return [
        _milliseconds(f"search as one types, {ENTRIES:,} entries, from the last key", "≤ 150 ms", taken),
        Figure(f"frames while scrolling through {ENTRIES:,} entries", "no waiting", f"{frame:.0f} ms, p95"),
    ]


@contextmanager
def _page(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    chosen = {"service_workers": "block", "permissions": ["microphone"], **options}
    context = browser.new_context(viewport=PHONE, base_url=address, **chosen)
    yield context.new_page()
    context.close()


def _milliseconds(name: str, reach: str, taken: list[float]) -> Figure:
    return Figure(name, reach, f"{median(taken):.0f} ms (worst of {len(taken)}: {max(taken):.0f} ms)")


if __name__ == "__main__":
    print(table(measure()))
