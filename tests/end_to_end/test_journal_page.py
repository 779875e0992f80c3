"""Finding again what was said, hearing that moment, correcting it, and letting it go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.end_to_end.conftest import Visit, chromium_options
from tests.privacy.test_no_word_left_behind import files_with

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.timeout(180)]

ROTA = "I asked about the turquoise rota again, and she listened."
PRIVATE = "periwinklelantern"

LET_GO = "() => localStorage.getItem('outbreath deleting')"
"""What the browser keeps of entries that are to be deleted."""


@pytest.fixture(scope="module")
def journal(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60, trust_env=False) as client:
        yield client


def write(journal: httpx.Client, text: str, day: str, *tags: str) -> str:
    entry_id: str = journal.post("/entries", json={"text": text, "spoken_at": f"{day}T20:00:00+01:00"}).json()["id"]
    for tag in tags:
        journal.put(f"/entries/{entry_id}/tags/{tag}")
    return entry_id


@pytest.fixture(scope="module")
def spoken(journal: httpx.Client, speech: Path) -> dict[str, Any]:
    """A president's sentence, filed in 2019."""
    given = {"audio": ("sentence.wav", speech.read_bytes())}
    filed = journal.post("/entries", files=given, data={"spoken_at": "2019-03-05T20:00:00+01:00"}).json()
    journal.get(f"/entries/{filed['id']}/events")  # until nothing more happens to it
    found: dict[str, Any] = journal.get(f"/entries/{filed['id']}").json()
    return found


@pytest.fixture(scope="module")
def written(journal: httpx.Client) -> dict[str, str]:
    """Entries of one tag in three months of 2019."""
    entries = {
        "march": write(journal, ROTA, "2019-03-07", "team talk"),
        "may": write(journal, "The turquoise rota hangs on the wall.", "2019-05-02", "team talk", "wall"),
        "june": write(journal, "A quiet evening with cherries.", "2019-06-11", "team talk"),
    }
    journal.delete("/lessons")  # no other entry gets these tags by itself
    return entries


def search(page: Page, query: str) -> None:
    page.get_by_role("searchbox").fill(query)


def box(page: Page) -> str:
    return page.get_by_role("searchbox").input_value().strip()


def results(page: Page) -> list[str]:
    return page.locator("#journal-list li:visible .words-said").all_inner_texts()


def test_what_is_typed_is_found_with_its_words_marked_and_the_reason(visit: Visit, written: dict[str, str]) -> None:
    page = visit.page
    page.goto("/#/journal")
    page.get_by_role("searchbox").press_sequentially("turquoise lis")
    first = page.locator("#journal-list li").first
    expect(first.locator("mark")).to_have_text(["turquoise", "listened"])
    expect(first.locator(".why")).to_have_text(re.compile("words"))
    expect(page.locator("#journal-state")).to_have_text(re.compile(r"entr(y|ies)\.$"))
    search(page, "turquoise tag:wall")
    expect(page.locator("#journal-list li")).to_have_count(1)
    expect(page.locator("#journal-list .why")).to_have_text(re.compile("tag"))
    search(page, '"no such phrase at all"')
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    assert "turquoise" not in page.url
    search(page, "")
    expect(page.locator("#journal-list [data-day]").first).to_be_visible()


def test_more_than_fit_are_shown_when_asked_for(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    for number in range(33):
        write(journal, f"A gamboge scarf, number {number}.", str(date(2018, 1, 1) + timedelta(number)))
    page.goto("/#/journal")
    search(page, '"gamboge scarf"')
    lines = page.locator("#journal-list li")
    expect(lines).to_have_count(20)
    expect(page.get_by_text("The best 20 of 33 entries.")).to_be_visible()
    page.get_by_role("button", name="More entries").click()
    expect(lines).to_have_count(33)
    expect(lines.nth(20).get_by_role("link")).to_be_focused()
    search(page, "gamboge to:2018-01-20 from:2018-01-20")
    expect(lines).to_have_count(1)
    # By days alone the pages follow one another while one scrolls.
    search(page, "from:2016 to:2018 ")
    expect(page.locator("#journal-list [data-day]").nth(5)).to_be_visible()
    page.mouse.wheel(0, 10_000)
    expect(page.locator("#journal-list [data-day]")).to_have_count(33)


def test_tags_and_days_are_chosen_by_words_and_stand_in_the_box(visit: Visit, written: dict[str, str]) -> None:
    page = visit.page
    page.goto("/#/journal")
    search(page, "team")
    page.get_by_role("button", name="team talk", exact=True).click()
    assert box(page) == 'tag:"team talk"'
    expect(page.locator("#journal-list [data-day]")).to_have_count(3)
    expect(page.get_by_role("button", name="team talk", exact=True)).to_have_attribute("aria-pressed", "true")

    months = page.get_by_role("group", name="When “team talk” came up")
    expect(months.get_by_role("button")).to_have_count(3)
    expect(months.locator("li")).to_have_count(4)  # April, too
    expect(months).to_contain_text("Often together with")
    months.get_by_role("button", name="May 2019, one entry").click()
    assert box(page) == 'tag:"team talk" on:2019-05'
    expect(page.locator("#journal-list li")).to_have_count(1)
    months.get_by_role("button", name="May 2019, one entry").click()
    expect(page.locator("#journal-list li")).to_have_count(3)

    page.get_by_role("button", name="Any day").click()
    page.get_by_label("From").fill("2019-05-01")
    expect(page.locator("#journal-list li")).to_have_count(2)
    page.get_by_label("To", exact=True).fill("2019-05-31")
    expect(page.locator("#journal-list li")).to_have_count(1)
    assert box(page) == 'tag:"team talk" from:2019-05-01 to:2019-05-31'
    expect(page.get_by_role("button", name="From 1 May 2019 to 31 May 2019")).to_be_visible()
    page.get_by_role("button", name="team talk", exact=True).click()
    assert box(page) == "from:2019-05-01 to:2019-05-31"
    expect(months).to_be_hidden()
    search(page, "tag:wall from:2020")
    expect(page.get_by_text("No entry fits.")).to_be_visible()


def test_a_result_leads_to_its_moment_and_back_to_where_one_was(visit: Visit, spoken: dict[str, Any]) -> None:
    page = visit.page
    page.goto("/#/journal")
    search(page, "country on:2019")
    line = page.locator(f'#journal-list li[data-entry="{spoken["id"]}"]')
    expect(line.get_by_role("link", name=re.compile("Hear it, 0:"))).to_be_visible()
    line.get_by_role("link").first.click()
    sound = page.locator("#entry-audio")
    expect(page.locator("#entry-text .sounding")).to_have_text(re.compile("country"))
    assert sound.evaluate("(audio) => audio.paused")
    page.go_back()
    expect(line).to_be_visible()
    expect(line.get_by_role("link").first).to_be_focused()
    line.get_by_role("link", name=re.compile("Hear it, 0:")).click()
    expect(sound).to_have_js_property("paused", value=False)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert not page.url.endswith("hear"), "whoever loads it again is not spoken to a second time"
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("slider", name="Place in the recording").fill("2")
    expect(page.locator("#entry-time")).to_have_text("0:02 of 0:11")


def test_words_are_heard_by_touch_and_by_key_also_when_some_were_corrected(
    visit: Visit, spoken: dict[str, Any], journal: httpx.Client
) -> None:
    page = visit.page
    page.goto(f"/#/journal/{spoken['id']}")
    words = page.locator("#entry-text .word")
    expect(words).to_have_count(len(spoken["words"]))
    page.get_by_role("button", name="Edit the words").click()
    corrected = spoken["text"].replace("fellow Americans", "dear old fellow citizens")
    page.get_by_role("textbox", name="Your words", exact=True).fill(corrected)
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("#entry-text")).to_have_text(corrected)
    expect(words).to_have_count(len(corrected.split()))
    expect(page.get_by_role("button", name="Edit the words")).to_be_focused()

    last = spoken["words"][-1]
    words.last.click()
    sound = page.locator("#entry-audio")
    expect(sound).to_have_js_property("paused", value=False)
    assert last["start"] <= sound.evaluate("(audio) => audio.currentTime") < last["end"] + 1
    page.get_by_role("button", name="Pause").click()
    words.last.focus()
    page.keyboard.press("Home")
    expect(words.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(sound).to_have_js_property("paused", value=False)
    assert sound.evaluate("(audio) => audio.currentTime") < spoken["words"][1]["start"] + 1
    journal.patch(f"/entries/{spoken['id']}", json={"text": spoken["text"]})


def test_a_tag_shows_its_reason_and_is_kept_refused_and_followed_in_place(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id = write(journal, "I was angry about the manager. 🙂 I felt calm later.", "2019-08-01")
    page.goto(f"/#/journal/{entry_id}")
    calm = page.locator("#entry-tags details").filter(has=page.locator("summary", has_text="calm"))
    calm.locator("summary").click()
    expect(calm.locator("strong").first).to_have_text(re.compile("calm"))
    calm.get_by_role("button", name="Yes, keep it").click()
    expect(calm.locator("summary .kind")).to_have_text("yours")
    expect(calm.locator("summary")).to_be_focused()
    expect(calm).to_have_attribute("open", "")
    angry = page.locator("#entry-tags details").filter(has=page.locator("summary", has_text="angry"))
    angry.locator("summary").click()
    angry.get_by_role("button", name="No, remove it").click()
    expect(angry).to_have_count(0)
    page.get_by_placeholder("A tag of your own").fill("Late Bus")
    page.get_by_role("button", name="Add").click()
    own = page.locator("#entry-tags details").filter(has_text="late bus")
    own.locator("summary").click()
    own.get_by_role("button", name="Other entries with it").click()
    expect(page.get_by_role("searchbox")).to_have_value('tag:"late bus" ')
    expect(page.locator("#journal-list li")).to_have_count(1)
    assert "bus" not in page.url
    assert [tag["name"] for tag in journal.get(f"/entries/{entry_id}").json()["tags"]].count("angry") == 0


def test_more_like_this_leads_on(visit: Visit, written: dict[str, str]) -> None:
    page = visit.page
    page.goto(f"/#/journal/{written['march']}")
    related = page.locator("#entry-related-list")
    expect(related.get_by_role("link", name=re.compile("turquoise rota hangs"))).to_be_visible()
    related.get_by_role("link", name=re.compile("turquoise rota hangs")).click()
    expect(page.locator("#entry-text")).to_have_text("The turquoise rota hangs on the wall.")


def test_a_journal_that_is_out_of_reach_says_so_and_comes_back(visit: Visit, written: dict[str, str]) -> None:
    page = visit.page
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Body scan")).to_be_visible()
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_role("link", name="Journal").first.click()
    expect(page.locator("#journal-state")).to_contain_text("Outbreath doesn't answer.")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#journal-list li").first).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    # What is there stays there.
    page.route("**/api/v1/**", lambda route: route.abort())
    search(page, "turquoise")
    expect(page.locator("#fault")).to_be_visible()
    expect(page.locator("#journal-list li").first).to_be_visible()
    visit.errors[:] = [error for error in visit.errors if "ERR_FAILED" not in error]


def test_an_answer_that_breaks_off_or_an_entry_that_is_gone_is_told_in_plain_words(
    visit: Visit, written: dict[str, str]
) -> None:
    page = visit.page
    broken_off = "**/api/v1/entries?*"
    page.route(broken_off, lambda route: route.fulfill(body='{"entries": [', content_type="application/json"))
    page.goto("/#/journal")
    expect(page.locator("#journal-state")).to_contain_text("Outbreath doesn't answer.")
    page.unroute(broken_off)
    entry = f"**/api/v1/entries/{written['may']}"
    page.route(entry, lambda route: route.fulfill(status=500, body="no JSON at all"))
    page.goto(f"/#/journal/{written['may']}")
    expect(page.get_by_role("heading", name="This can't be shown now.")).to_be_visible()
    page.unroute(entry)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#entry-text")).to_have_text("The turquoise rota hangs on the wall.")
    page.goto("/#/journal/00000000000000000000000000")
    expect(page.get_by_role("alert")).to_have_text("There is no such entry any more.")
    page.get_by_role("button", name="Journal").click()
    expect(page.locator("#journal-list li").first).to_be_visible()
    visit.errors[:] = [error for error in visit.errors if "404" not in error and "500" not in error]


def there(journal: httpx.Client, entry_id: str) -> bool:
    return journal.get(f"/entries/{entry_id}").status_code == 200


def test_what_was_deleted_can_be_taken_back_for_a_while(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id = write(journal, "The vermilion kettle.", "2019-09-01")
    page.goto(f"/#/journal/{entry_id}")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.evaluate("import('/static/js/page.js').then(({ showFault }) => showFault({}))")
    expect(page.locator("#fault")).to_be_visible()
    undo, fault = page.locator("#undo").bounding_box(), page.locator("#fault").bounding_box()
    assert undo
    assert fault
    assert fault["y"] + fault["height"] < undo["y"], "what went wrong does not cover the way back"
    search(page, '"vermilion kettle"')
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    assert there(journal, entry_id)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#entry-text")).to_have_text("The vermilion kettle.")
    assert page.evaluate(LET_GO) is None
    page.get_by_role("link", name="Journal").last.click()
    expect(page.get_by_role("link", name=re.compile("vermilion"))).to_be_visible()


def test_the_way_back_does_not_lead_to_what_was_deleted(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id = write(journal, "The umber kettle.", "2019-09-03")
    page.goto("/#/practise")
    expect(page.get_by_role("link", name="Body scan")).to_be_visible()
    page.goto(f"/#/journal/{entry_id}")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Journal", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Practise")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_what_cannot_be_deleted_now_is_out_of_sight_and_deleted_later(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    page.clock.install()
    entry_id = write(journal, "The sepia kettle.", "2019-09-04")
    page.goto(f"/#/journal/{entry_id}")
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    entry = f"**/api/v1/entries/{entry_id}"
    page.route(entry, lambda route: route.abort())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.clock.run_for(13_000)
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    search(page, '"sepia kettle"')
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    assert there(journal, entry_id)
    page.unroute(entry)
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.clock.run_for(11_000)
    assert not there(journal, entry_id)
    assert page.evaluate(LET_GO) is None
    visit.errors.clear()


def test_a_recording_that_does_not_come_is_told(visit: Visit, spoken: dict[str, Any]) -> None:
    page = visit.page
    page.route("**/audio", lambda route: route.abort())
    page.goto(f"/#/journal/{spoken['id']}")
    page.locator("#entry-play").click()
    expect(page.locator("#fault")).to_contain_text("Outbreath doesn't answer")
    page.unroute("**/audio")
    page.locator("#entry-play").click()
    page.wait_for_function("() => document.getElementById('entry-audio').currentTime > 0")
    visit.errors.clear()


def test_years_are_written_as_they_are(visit: Visit) -> None:
    visit.page.goto("/")
    day = visit.page.evaluate("import('/static/js/page.js').then(({ dayName }) => dayName('0042-03-01'))")
    assert re.search(r"\b42\b", day)


def test_it_is_gone_after_the_while_or_when_the_page_goes(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    page.clock.install()
    first, second, third = (write(journal, f"The ochre kettle {at}.", "2019-09-02") for at in range(3))
    page.goto(f"/#/journal/{first}")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert page.evaluate(LET_GO) == f'["{first}"]'
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.clock.run_for(13_000)
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    assert not there(journal, first)

    # Another one is let go: the one before is not waited for any longer.
    for entry_id in (second, third):
        page.goto(f"/#/journal/{entry_id}")
        page.get_by_role("button", name="Delete").click()
        expect(page.locator("#entry")).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert not there(journal, second)
    assert there(journal, third)
    page.goto("about:blank")
    for _ in range(50):
        if not there(journal, third):
            break
        page.wait_for_timeout(100)
    assert not there(journal, third)
    visit.errors.clear()


def test_what_a_page_that_was_killed_had_let_go_is_let_go_by_the_next(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id = write(journal, "The umber kettle.", "2019-09-03")
    page.goto("/")
    page.evaluate("(id) => localStorage.setItem('outbreath deleting', JSON.stringify([id]))", entry_id)
    page.reload()
    expect(page.locator("#greeting")).to_be_visible()
    for _ in range(50):
        if not there(journal, entry_id):
            break
        page.wait_for_timeout(100)
    assert not there(journal, entry_id)
    assert page.evaluate(LET_GO) is None


def test_the_browser_keeps_nothing_of_what_was_looked_for(
    playwright: Playwright, address: str, journal: httpx.Client, tmp_path: Path
) -> None:
    write(journal, f"A {PRIVATE} evening.", "2019-10-01", PRIVATE)
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", base_url=address, **chromium_options()
    )
    page = context.new_page()
    page.goto("/#/journal")
    search(page, PRIVATE)
    expect(page.locator("#journal-list mark").first).to_have_text(PRIVATE)
    page.get_by_role("button", name=PRIVATE, exact=True).click()
    expect(page.locator("#tag-months")).to_be_visible()
    page.locator("#journal-list").get_by_role("link").first.click()
    expect(page.locator("#entry-text")).to_contain_text(PRIVATE)
    page.get_by_role("link", name="Practise").click()
    context.close()
    assert not files_with(tmp_path / "profile", PRIVATE)


def test_corrections_that_are_begun_wait_until_the_person_is_back(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id = write(journal, "The first wording of it.", "2015-05-02")
    other_id = write(journal, "Something else.\r\nIn two lines.", "2015-05-03")
    page.goto(f"/#/journal/{entry_id}")
    page.get_by_role("button", name="Edit the words").click()
    page.get_by_label("Your words", exact=True).fill("A better wording of it.")
    page.get_by_label("Mood after").select_option("4")
    page.get_by_role("link", name="Practise").click()
    expect(page.get_by_role("heading", name="Practise", level=1)).to_be_visible()
    page.goto(f"/#/journal/{other_id}")
    expect(page.locator("#entry-text")).to_contain_text("Something else.")
    page.get_by_role("button", name="Edit the words").click()
    page.goto(f"/#/journal/{entry_id}")
    expect(page.get_by_label("Your words", exact=True)).to_have_value("A better wording of it.")
    expect(page.get_by_label("Mood after")).to_have_value("4")
    assert page.evaluate("() => dispatchEvent(new Event('beforeunload', { cancelable: true }))") is False
    page.get_by_role("button", name="Keep this").click()
    expect(page.locator("#entry-text")).to_have_text("A better wording of it.")
    page.goto(f"/#/journal/{other_id}")
    expect(page.locator("#entry-text")).to_contain_text("Something else.")
    assert page.evaluate("() => dispatchEvent(new Event('beforeunload', { cancelable: true }))") is True
    assert journal.get(f"/entries/{entry_id}").json()["mood_after"] == 4


def test_a_line_comes_by_itself_to_what_was_written_down(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id, gone_id = (write(journal, text, "2015-05-06") for text in ("What was written down.", "What is not kept."))
    early = page.request.get("/api/v1/entries", params={"q": "on:2015-05-06"}).json()
    early["entries"] = [
        {**entry, "state": "recording", "text": ""} for entry in early["entries"] if entry["id"] in (entry_id, gone_id)
    ]
    page.route(re.compile(r"/entries\?.*2015-05-06"), lambda route: route.fulfill(json=early))
    page.goto("/#/journal")
    page.get_by_label("Search your words").fill("on:2015-05-06")
    lines = page.locator("#journal-list li")
    expect(lines).to_have_text([re.compile("Being recorded."), re.compile("Being recorded.")])
    lines.locator(f"a[href='#/journal/{entry_id}']").focus()
    journal.delete(f"/entries/{gone_id}")
    expect(lines).to_have_text([re.compile("What was written down.")], timeout=20_000)
    expect(lines.get_by_role("link")).to_be_focused()
    visit.errors.clear()  # the browser notes that one is not there any more


def test_corrections_that_are_begun_outlive_the_page(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id = write(journal, "The first saying of it.", "2015-05-05")
    kept = "() => Object.entries({ ...localStorage }).find(([name]) => name.startsWith('outbreath correction'))"
    dying = page.context.new_page()
    dying.goto(f"/#/journal/{entry_id}")
    dying.get_by_role("button", name="Edit the words").click()
    dying.get_by_label("Your words", exact=True).fill(f"A {PRIVATE} saying of it.")
    dying.wait_for_function(kept)
    assert PRIVATE not in str(dying.evaluate(kept)), "encrypted"
    dying.close()
    page.goto(f"/#/journal/{entry_id}")
    expect(page.get_by_label("Your words", exact=True)).to_have_value(f"A {PRIVATE} saying of it.")
    page.get_by_role("button", name="Leave it").click()
    expect(page.locator("#entry-text")).to_have_text("The first saying of it.")
    page.wait_for_function(f"() => !({kept})()")


def test_words_of_a_script_from_right_to_left_begin_at_the_right(visit: Visit, journal: httpx.Client) -> None:
    page = visit.page
    entry_id = write(journal, "היום היה שקט.\n\nIt was quiet.", "2015-05-04")
    page.goto(f"/#/journal/{entry_id}")
    expect(page.locator("#entry-text")).to_contain_text("It was quiet.")
    hebrew, english, place = page.evaluate(
        """() => {
            const text = document.getElementById("entry-text");
            const of = (from, to) => {
                const range = document.createRange();
                range.setStart(text.firstChild, from);
                range.setEnd(text.firstChild, to);
                return range.getBoundingClientRect().toJSON();
            };
            const whole = text.firstChild.length;
            return [of(0, 4), of(whole - 13, whole - 11), text.getBoundingClientRect().toJSON()];
        }"""
    )
    assert hebrew["right"] == pytest.approx(place["right"], abs=2)
    assert english["left"] == pytest.approx(place["left"], abs=2)
