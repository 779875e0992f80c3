"""The page when the machine is out of reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=address, permissions=["microphone"], service_workers="allow"
    )
    page = context.new_page()
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    yield page
    context.close()


def test_it_opens_and_shows_the_library(page: Page) -> None:
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Body scan")).to_be_visible()
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("link", name="Practise")).to_be_visible()
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Body scan")).to_be_visible()
