"""A whole Outbreath with its real models, and a browser whose microphone hears a real speech."""

from __future__ import annotations

import os
import re
import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

from audio import files
from audio.clip import AudioClip, join
from tests.privacy.installation import Installation
from tests.sound_server import SoundServer

MICROPHONE_RATE_HZ = 48_000
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation",
    (event) => console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def environment(sound_server: SoundServer, tmp_path: Path, models_folder: Path) -> dict[str, str]:
    """A home of its own, on the sound server, with model files that are joined once for the whole run."""
    data = tmp_path / "home" / "data"
    data.mkdir(parents=True)
    (data / "models").symlink_to(models_folder)
    return {**os.environ, **sound_server.environment, "OUTBREATH_HOME": str(data.parent), "OUTBREATH_KEY_STORE": "file"}


@pytest.fixture
def sentence(shared_data: Path) -> AudioClip:
    """A president's sentence, 11 s."""
    return join(list(files.decode(shared_data / "speech" / "jfk" / "jfk.flac", 48_000)))


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Iterator[str]:
    with Installation(tmp_path_factory.mktemp("end-to-end") / "installation", models_folder).server() as running:
        yield running


@pytest.fixture(scope="session")
def speech(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A president's sentence, 11 s, as the WAV file that a fake microphone plays."""
    path = tmp_path_factory.mktemp("speech") / "jfk.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(MICROPHONE_RATE_HZ)
        for block in files.decode(shared_data / "speech" / "jfk" / "jfk.flac", MICROPHONE_RATE_HZ):
            sound.writeframes(block.to_int16().tobytes())
    return path


def chromium_options(*arguments: str) -> dict[str, Any]:
    """How a browser is started here."""
    arguments = ("--no-sandbox", "--autoplay-policy=no-user-gesture-required", *arguments)
    return {"executable_path": shutil.which("chromium"), "args": list(arguments)}


def chromium(playwright: Playwright, heard: str) -> Browser:
    """A browser whose microphone hears a WAV file from its beginning, each time that it is opened."""
    options = chromium_options(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={heard}",
    )
    return playwright.chromium.launch(**options)


# Its event loop runs in the thread of the tests for as long as it lives, and no test of another file expects that.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright, speech: Path) -> Iterator[Browser]:
    started = chromium(playwright, f"{speech}%noloop")
    yield started
    started.close()


@dataclass
class Visit:
    """One tab, and what it did that a person doesn't see."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def check(self) -> None:
        """Nothing went elsewhere, nothing broke, nothing was blocked."""
        away = [url for url in self.requests if not re.match(rf"{re.escape(self.address)}/|blob:{self.address}", url)]
        assert not away
        assert not self.errors


@contextmanager
def visiting(browser: Browser, address: str) -> Iterator[Visit]:
    """One tab that nothing goes wrong in, else the test fails."""
    # What a service worker asks for cannot be held up or answered otherwise by a test; it has tests of its own.
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        base_url=address,
        permissions=["microphone"],
        locale="en-GB",
        service_workers="block",
    )
    visited = Visit(context.new_page(), address)
    visited.page.add_init_script(REPORT_VIOLATIONS)
    visited.page.on("request", visited.note_request)
    visited.page.on("console", visited.note_console)
    visited.page.on("pageerror", lambda fault: visited.errors.append(str(fault)))
    yield visited
    visited.check()
    context.close()


@contextmanager
def installed(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A phone on which the page was opened before: its worker and the machine's public key are there."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=address, permissions=["microphone"], service_workers="allow"
    )
    page = context.new_page()
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller && localStorage.length")
    page.close()
    yield context
    context.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as visited:
        yield visited
