"""Typing is equal to speaking: along questions, kept while one types, filed when the machine is back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.end_to_end.conftest import Visit, installed
from tests.end_to_end.line import Line

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(180)]

SECRET = "The heron stood in the rain."


@pytest.fixture
def line(address: str) -> Iterator[Line]:
    with Line(urlsplit(address).port or 0) as line:
        yield line


@pytest.fixture
def phone(browser: Browser, line: Line) -> Iterator[BrowserContext]:
    with installed(browser, line.address) as context:
        yield context


def newest(page: Page) -> dict[str, Any]:
    found: list[dict[str, Any]] = page.request.get("/api/v1/entries?limit=1").json()["entries"]
    return found[0]


def stored(page: Page) -> list[str]:
    values: list[str] = page.evaluate("() => Object.entries({ ...localStorage }).flat()")
    return values


def test_the_questions_of_a_reflection_can_be_answered_in_writing(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/speak")
    page.get_by_text("With questions").click()
    page.get_by_role("link", name="Evening reflection").click()
    expect(page.get_by_role("heading", name="Evening reflection")).to_be_visible()
    page.get_by_role("link", name="Write instead").click()
    page.get_by_label("What went well today?").fill("The ward was calm.")
    page.get_by_label("What can I do differently tomorrow?").fill("I want to leave on time.")
    page.get_by_role("button", name="File it").click()
    expect(page.locator("#entry-text")).to_contain_text("The ward was calm.")
    expect(page.locator("#entry-line")).to_contain_text("Evening reflection")
    entry = newest(page)
    assert (entry["guide"], entry["text"]) == ("evening-reflection", "The ward was calm.\n\nI want to leave on time.")


def test_what_is_being_typed_comes_back(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/write")
    page.locator("#write-0").fill(SECRET)
    page.wait_for_function("() => Object.keys({ ...localStorage }).some((name) => name.includes('draft'))")
    assert not any("heron" in each for each in stored(page)), "encrypted"
    page.reload()
    expect(page.locator("#write-0")).to_have_value(SECRET)
    expect(page.get_by_text("This is what you were writing.")).to_be_visible()
    page.get_by_role("button", name="File it").click()
    expect(page.locator("#entry-text")).to_have_text(SECRET)
    page.goto("/#/write")
    page.reload()
    expect(page.locator("#write-0")).to_have_value("")


def test_pressed_twice_it_is_filed_once(visit: Visit) -> None:
    page = visit.page
    page.goto("/#/write")
    page.locator("#write-0").fill("An ibis, seen only once.")
    page.get_by_role("button", name="File it").dblclick()
    expect(page.locator("#entry-text")).to_have_text("An ibis, seen only once.")
    page.wait_for_load_state("networkidle")
    assert page.request.get("/api/v1/entries", params={"q": '"seen only once"'}).json()["total"] == 1


def test_what_one_tab_writes_no_other_tab_goes_on_with(visit: Visit) -> None:
    page = visit.page
    other = page.context.new_page()
    other.goto("/#/write")
    other.locator("#write-0").fill("A curlew, in one tab.")
    other.wait_for_function("() => Object.keys({ ...localStorage }).some((name) => name.includes('draft'))")
    page.goto("/#/write")
    expect(page.locator("#write-0")).to_be_focused()
    expect(page.locator("#write-0")).to_have_value("")
    other.close()
    page.reload()
    expect(page.locator("#write-0")).to_have_value("A curlew, in one tab.")


def test_what_is_typed_elsewhere_while_an_entry_is_filed_stays(visit: Visit) -> None:
    page = visit.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/entries", hold)
    page.goto("/#/write")
    page.locator("#write-0").fill("A plover, filed slowly.")
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/entries")):
        page.get_by_role("button", name="File it").click()
    expect(page.locator("#write-0")).not_to_be_editable()
    page.goto("/#/write/evening-reflection")
    question = page.get_by_label("What went well today?")
    question.fill("Something else by now.")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/entries")):
        held[0].continue_()
    expect(page.locator("#said")).to_have_text("Filed. Go gently.")
    expect(question).to_have_value("Something else by now.")
    assert newest(page)["text"] == "A plover, filed slowly."


def test_without_the_machine_it_is_kept_and_filed_later(phone: BrowserContext, line: Line, address: str) -> None:
    page = phone.new_page()
    line.cut()
    page.goto("/#/write")
    page.locator("#write-0").fill(f"{SECRET} I was away from the machine.")
    page.get_by_role("button", name="File it").click()
    expect(page.get_by_text("What you wrote is kept here")).to_be_visible(timeout=15_000)
    expect(page.locator("#write-0")).to_have_value("")
    assert not any("heron" in each for each in stored(page)), "encrypted"
    page.close()
    line.mend()
    page = phone.new_page()
    page.goto("/")
    page.wait_for_function("() => !Object.keys({ ...localStorage }).some((name) => name.includes('draft'))")
    filed = page.request.get(f"{address}/api/v1/entries", params={"q": '"away from the machine"'}).json()["entries"]
    assert [entry["text"] for entry in filed] == [f"{SECRET} I was away from the machine."]


def test_a_mood_can_be_given_and_taken_away(visit: Visit) -> None:
    page = visit.page
    entry = page.request.post("/api/v1/entries", data={"text": "A long shift."}).json()
    page.goto(f"/#/journal/{entry['id']}")
    page.get_by_role("button", name="Edit the words").click()
    page.get_by_label("Mood before").select_option("2")
    page.get_by_label("Mood after").select_option("4")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("#entry-line")).to_contain_text("mood before 2 of 5, after 4 of 5")
    page.get_by_role("button", name="Edit the words").click()
    page.get_by_label("Mood before").select_option("")
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("#entry-line")).not_to_contain_text("mood before")
    assert page.request.get(f"/api/v1/entries/{entry['id']}").json()["mood_after"] == 4
