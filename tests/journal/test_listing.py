from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadValue
from journal.listing import LONGEST_PAGE
from journal.notebook import Notebook

EVENING = datetime(2026, 3, 1, 20, 15, tzinfo=UTC)


def texts(notebook: Notebook, **filters: object) -> list[str]:
    return [entry.text for entry in notebook.entries(**filters).entries]  # type: ignore[arg-type]


def all_pages(notebook: Notebook, limit: int) -> list[str]:
    page = notebook.entries(limit=limit)
    ids = [entry.id for entry in page.entries]
    while page.next_cursor:
        page = notebook.entries(limit=limit, cursor=page.next_cursor)
        ids += [entry.id for entry in page.entries]
    return ids


def test_an_empty_journal_has_an_empty_page(notebook: Notebook) -> None:
    page = notebook.entries()
    assert (page.entries, page.total, page.next_cursor) == ((), 0, None)


def test_the_newest_moment_comes_first_wherever_on_earth_it_was(notebook: Notebook) -> None:
    tokyo, lima = timezone(timedelta(hours=9)), timezone(timedelta(hours=-5))
    notebook.write("second", spoken_at=datetime(2026, 3, 1, 9, 0, tzinfo=tokyo))
    notebook.write("third", spoken_at=datetime(2026, 2, 28, 20, 0, tzinfo=lima))
    notebook.write("first", spoken_at=datetime(2026, 2, 28, 23, 0, tzinfo=UTC))
    assert texts(notebook) == ["third", "second", "first"]


def test_pages_together_are_the_whole_also_within_one_moment(notebook: Notebook) -> None:
    written = [notebook.write(str(number), spoken_at=EVENING).id for number in range(7)]
    for limit in (1, 2, 3, 7, 100):
        assert all_pages(notebook, limit) == written[::-1]


def test_a_page_is_where_it_was_although_entries_come_and_go(notebook: Notebook) -> None:
    written = [notebook.write(str(number)).id for number in range(6)]
    page = notebook.entries(limit=3)
    notebook.write("while reading")
    notebook.delete(page.entries[-1].id)
    following = notebook.entries(limit=3, cursor=page.next_cursor)
    assert [entry.id for entry in following.entries] == written[2::-1]
    assert following.next_cursor is None


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "*",
        "ü",
        "=",
        base64.urlsafe_b64encode(b"1.x").decode(),
        base64.urlsafe_b64encode(b"x." + b"0" * 26).decode(),
    ],
)
def test_a_cursor_that_is_none_is_refused(cursor: str, notebook: Notebook) -> None:
    with pytest.raises(BadValue):
        notebook.entries(cursor=cursor)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=st.text(st.characters(codec=None, exclude_categories=()), min_size=1))
def test_no_cursor_does_harm(cursor: str, notebook: Notebook) -> None:
    with pytest.raises(BadValue):
        notebook.entries(cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, LONGEST_PAGE + 1])
def test_a_page_has_a_size(limit: int, notebook: Notebook) -> None:
    with pytest.raises(BadValue):
        notebook.entries(limit=limit)


def test_days_are_shift_days_and_moments_are_moments(notebook: Notebook) -> None:
    notebook.write("evening", spoken_at=EVENING)
    notebook.write("night", spoken_at=EVENING + timedelta(hours=6))  # 02:15, still the same shift day
    notebook.write("morning", spoken_at=EVENING + timedelta(hours=9))
    assert texts(notebook, since=date(2026, 3, 1), until=date(2026, 3, 1)) == ["night", "evening"]
    assert texts(notebook, since=date(2026, 3, 2)) == ["morning"]
    assert texts(notebook, since=EVENING, until=EVENING + timedelta(hours=6)) == ["evening"]
    assert texts(notebook, until=EVENING) == []
    with pytest.raises(BadValue):
        notebook.entries(since=datetime(2026, 3, 1))  # noqa: DTZ001


def test_filters_narrow_each_other(notebook: Notebook) -> None:
    notebook.write("sad on the ward")
    notebook.write("sad at home")
    notebook.write("proud on the ward")
    entry, writer = notebook.begin()
    writer.close()
    assert texts(notebook, query="ward", tag="Sad") == ["sad on the ward"]
    assert texts(notebook, tag="sad", kind="typed", limit=1) == ["sad at home"]
    assert notebook.entries(tag="sad", limit=1).total == 2
    assert [one.id for one in notebook.entries(kind="spoken").entries] == [entry.id]
    assert texts(notebook, query="tag:sad home") == ["sad at home"]
    assert texts(notebook, tag="unheard of") == []
    with pytest.raises(BadValue):
        notebook.entries(kind="sung")


def test_a_blank_query_is_no_filter_and_one_without_words_finds_nothing(notebook: Notebook) -> None:
    notebook.write("something")
    assert texts(notebook, query="  ") == ["something"]
    assert texts(notebook, query="!!!") == []
    assert texts(notebook, query="something else") == []  # a list holds what fits wholly


@pytest.mark.parametrize("word", ["ignoring", "medication", "supervision", "gratefully", "listened", "responsibility"])
def test_a_word_is_found_at_every_letter_from_the_fourth_on(notebook: Notebook, word: str) -> None:
    entry = notebook.write(f"Something about {word} today.")
    for end in range(4, len(word) + 1):
        assert [each.id for each in notebook.entries(query=word[:end]).entries] == [entry.id], word[:end]
