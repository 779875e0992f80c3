"""What a person does on the Speak screen, and what became of it."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

# What the fake microphone hears.
SPEECH_SECONDS = 11.0
FIRST, LAST = "fellow americans", "ask what you can do for your country"
PATIENCE_MILLISECONDS = 100_000


def begin(page: Page) -> float:
    """Starts to speak; gives the moment."""
    page.goto("/#/speak")
    page.get_by_role("button", name="Start speaking").click()
    expect(page.get_by_text("Listening.")).to_be_visible(timeout=10_000)
    return time.monotonic()


def wait_until(page: Page, begun: float, seconds: float) -> None:
    """Real speech takes real time."""
    page.wait_for_timeout(max(0.0, begun + seconds - time.monotonic()) * 1000)


def finish(page: Page) -> float:
    page.get_by_role("button", name="Done").click()
    return time.monotonic()


def filed(page: Page) -> dict[str, Any]:
    """The entry that the page says is filed."""
    expect(page.get_by_role("heading", name="Filed. Go gently.")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    link = page.get_by_role("link", name="Read it")
    expect(link).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    return entry(page, (link.get_attribute("href") or "").rpartition("/")[2])


def entry(page: Page, entry_id: str) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get(f"/api/v1/entries/{entry_id}").json()
    return found


def settled(page: Page, entry_id: str) -> dict[str, Any]:
    """An entry once nothing more happens to it; what was set aside is taken up within a minute."""
    for _ in range(PATIENCE_MILLISECONDS * 2 // 200):
        found = entry(page, entry_id)
        if found["state"] in ("ready", "no_speech", "failed"):
            return found
        page.wait_for_timeout(200)
    pytest.fail("an entry never came to its end")


def spoken_of(entry_: dict[str, Any]) -> str:
    return re.sub(r"[^a-z ]", "", entry_["text"].lower())


def kept(page: Page) -> dict[str, int]:
    """How much lies in the browser's storage."""
    counts: dict[str, int] = page.evaluate(
        """() => new Promise((resolve) => {
            const opened = indexedDB.open("outbreath", 1);
            opened.onsuccess = () => {
                const stores = opened.result.transaction(["entries", "pieces"]);
                const counts = {};
                for (const name of ["entries", "pieces"]) {
                    stores.objectStore(name).count().onsuccess = (event) => (counts[name] = event.target.result);
                }
                stores.oncomplete = () => { opened.result.close(); resolve(counts); };
            };
        })"""
    )
    return counts


def nothing_is_kept(page: Page, patience_seconds: int = 5) -> None:
    for _ in range(10 * patience_seconds):
        if kept(page) == {"entries": 0, "pieces": 0}:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"something stays in the browser: {kept(page)}")
