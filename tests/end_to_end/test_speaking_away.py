"""Speaking while the machine is out of reach: kept in the browser, encrypted, and handed over when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.end_to_end.conftest import installed
from tests.end_to_end.line import Line
from tests.end_to_end.speaking import (
    FIRST,
    LAST,
    PATIENCE_MILLISECONDS,
    SPEECH_SECONDS,
    filed,
    kept,
    nothing_is_kept,
    settled,
    spoken_of,
)
from tests.privacy.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(240)]

# What lies in the browser's storage of an entry, but for the sound, which is encrypted.
STORED = """() => new Promise((resolve) => {
    const opened = indexedDB.open("outbreath", 1);
    opened.onsuccess = () => {
        opened.result.transaction("entries").objectStore("entries").getAll().onsuccess = (event) => {
            opened.result.close();
            resolve(event.target.result);
        };
    };
})"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Iterator[str]:
    with Installation(tmp_path_factory.mktemp("away") / "installation", models_folder).server() as address:
        yield address


@pytest.fixture
def line(machine: str) -> Iterator[Line]:
    with Line(urlsplit(machine).port or 0) as line:
        yield line


@pytest.fixture
def phone(browser: Browser, line: Line) -> Iterator[BrowserContext]:
    """Its machine is out of reach now."""
    with installed(browser, line.address) as context:
        line.cut()
        yield context


def speak(phone: BrowserContext) -> Page:
    """From the page as it is kept, in two touches."""
    page = phone.new_page()
    page.goto("/")
    expect(page.get_by_text("Your machine is out of reach.")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    page.goto("/#/speak")
    page.get_by_role("button", name="Start speaking").click()
    expect(page.get_by_text("Your words are kept here")).to_be_visible(timeout=15_000)
    return page


def entries(machine: str, page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.request.get(f"{machine}/api/v1/entries").json()["entries"]
    return found


def test_what_is_said_is_filed_when_the_machine_is_back(phone: BrowserContext, line: Line, machine: str) -> None:
    page = speak(phone)
    page.wait_for_timeout(SPEECH_SECONDS * 1000 + 500)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="Kept. Go gently.")).to_be_visible()
    (stored,) = page.evaluate(STORED)
    assert set(stored) == {"entry", "half", "spokenAt", "guide", "saved", "index", "turns", "ended"}, "no key, no words"
    assert kept(page)["pieces"] > SPEECH_SECONDS
    page.close()
    line.mend()
    page = phone.new_page()
    page.goto("/")
    entry = filed(page)
    assert FIRST in spoken_of(entry)
    assert LAST in spoken_of(entry)
    assert datetime.fromisoformat(entry["spoken_at"]) == datetime.fromisoformat(stored["spokenAt"])
    nothing_is_kept(page)


def test_a_page_that_dies_meanwhile_loses_nothing(phone: BrowserContext, line: Line, machine: str) -> None:
    """Opened again while the machine is still away, it hands everything over by itself once that is back."""
    page = speak(phone)
    page.wait_for_timeout(6_000)
    page.close()
    page = phone.new_page()
    page.goto("/")
    expect(page.get_by_text("Your machine is out of reach.")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    known = {each["id"] for each in entries(machine, page)}
    line.mend()
    nothing_is_kept(page, patience_seconds=60)
    (new,) = (each for each in entries(machine, page) if each["id"] not in known)
    found = settled(page, new["id"])
    assert found["duration_seconds"] > 4.5
    assert FIRST in spoken_of(found)


def test_the_line_that_comes_back_while_one_speaks_takes_everything(
    phone: BrowserContext, line: Line, machine: str
) -> None:
    page = speak(phone)
    page.wait_for_timeout(5_000)
    line.mend()
    expect(page.get_by_text("Safe:")).to_be_visible(timeout=15_000)
    page.wait_for_timeout(6_000)
    page.get_by_role("button", name="Done").click()
    heard = spoken_of(filed(page))
    assert FIRST in heard
    assert LAST in heard
    nothing_is_kept(page)


def test_questions_are_asked_all_the_same(phone: BrowserContext, line: Line) -> None:
    page = phone.new_page()
    line.mend()
    page.goto("/#/speak/evening-reflection")
    expect(page.get_by_role("heading", name="Evening reflection")).to_be_visible()
    line.cut()
    page.get_by_role("button", name="Start speaking").click()
    expect(page.get_by_role("heading", name="What went well today?")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Done")).to_be_enabled(timeout=20_000)
    page.wait_for_timeout(4_000)
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", name="How did I feel during client interactions?")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Next question")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(2_000)
    line.mend()
    expect(page.get_by_text("Safe:")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Done").click()
    entry = filed(page)
    assert [each["prompt"] for each in entry["answers"]][:2] == [
        "What went well today?",
        "How did I feel during client interactions?",
    ]
