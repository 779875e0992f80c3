"""Takes a picture of each screen of the page, for the README and to be looked at: ``python -m docs.screens``.

A real server with an invented journal, a real browser whose microphone hears a voice; they lie in ``docs/screens``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "screens"
PHONE = {"width": 390, "height": 844}
PORT = "8799"
ADDRESS = f"http://127.0.0.1:{PORT}"
MORNING, EVENING = 7, 20

ENTRIES = (
    "A calm shift, for once. We laughed at handover, and I am grateful for this team.",
    "I felt helpless when the family asked how long. I stayed, and held the silence with them.",
    "So tired after three nights. The alarm kept ringing and I was short with the student. I am sorry for that.",
    "She died this afternoon, very quietly. I am sad, and relieved that her sister was there in time. "
    "I want to remember how she thanked me for the tea.",
)


def screens() -> dict[str, Callable[[Page], None]]:
    """How each screen is reached, by the name of its picture."""
    return {
        "today": lambda page: _open(page, ""),
        "practise": lambda page: _open(page, "practise"),
        "session": lambda page: _open(page, "practise/body-scan"),
        "player": _player,
        "write": lambda page: _open(page, "write/evening-reflection"),
        "journal": lambda page: _open(page, "journal"),
        "search": _search,
        "entry": _entry,
        "settings": lambda page: _open(page, "settings"),
        "speak": _speak,
        "questions": _questions,
        "away": _away,
    }


def take() -> None:
    """Takes all pictures, each as a phone shows it; every other one in the colours of the night."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)), sync_playwright() as playwright:
        heard = _voice(Path(folder))
        options = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", *options]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*arguments, f"--use-file-for-fake-audio-capture={heard}"]
        )
        for number, (name, reach) in enumerate(screens().items()):
            _picture(browser, name, reach, "dark" if number % 2 else "light")
        browser.close()


def _picture(browser: Browser, name: str, reach: Callable[[Page], None], scheme: str) -> None:
    context = browser.new_context(
        viewport=PHONE, base_url=ADDRESS, color_scheme=scheme, locale="en-GB", permissions=["microphone"]
    )  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.set_system_time(datetime.now().astimezone().replace(hour=MORNING if name == "today" else EVENING))
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller && localStorage.length")
    reach(page)
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


def _open(page: Page, name: str) -> None:
    page.goto(f"/#/{name}")


def _player(page: Page) -> None:
    _open(page, "practise/body-scan")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_function("() => document.getElementById('player-audio').currentTime > 8", timeout=60_000)


def _speak(page: Page) -> None:
    _open(page, "speak")
    page.get_by_role("button", name="Start speaking").click()
    page.get_by_text("Listening.").wait_for()
    page.wait_for_timeout(4000)


def _questions(page: Page) -> None:
    _open(page, "speak/evening-reflection")
    page.get_by_role("button", name="Start speaking").click()
    page.get_by_text("Listening.").wait_for(timeout=60_000)


def _search(page: Page) -> None:
    _open(page, "journal")
    page.get_by_role("searchbox").fill("when somebody was kind")
    page.locator("#journal-list .why").first.or_(page.locator("#journal-list li").first).first.wait_for(timeout=30_000)


def _entry(page: Page) -> None:
    _open(page, "journal")
    page.locator("#journal-list a").filter(has_text="She died").first.click()
    page.locator("#entry-text").wait_for()


def _away(page: Page) -> None:
    page.context.set_offline(True)
    page.goto("/")
    page.get_by_text("out of reach").wait_for(timeout=30_000)


@contextmanager
def _server(home: Path) -> Iterator[None]:
    environment = os.environ | {"OUTBREATH_HOME": str(home), "OUTBREATH_KEY_STORE": "file"}
    command = [sys.executable, "-m", "outbreath", "serve", "--port", PORT, "--no-open"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:
        try:
            with httpx.Client(base_url=f"{ADDRESS}/api/v1", timeout=60, trust_env=False) as client:
                _fill(client)
            yield
        finally:
            running.terminate()


def _fill(client: httpx.Client) -> None:
    for _ in range(100):
        try:
            client.get("/health").raise_for_status()
            break
        except httpx.TransportError:
            time.sleep(0.2)
    evening = datetime.now().astimezone().replace(hour=EVENING, minute=40) - timedelta(days=1)
    for days, text in enumerate(reversed(ENTRIES)):
        spoken_at = (evening - timedelta(days=2 * days, minutes=7 * days)).isoformat()
        client.post("/entries", json={"text": text, "spoken_at": spoken_at}).raise_for_status()


def _voice(folder: Path) -> Path:
    """What the microphone hears."""
    path = folder / "voice.wav"
    command = [sys.executable, "-m", "outbreath", "render", "body-scan", "--minutes", "5", "--bed", "none", "-o", path]
    subprocess.run(command, check=True, capture_output=True)
    return path


if __name__ == "__main__":
    take()
