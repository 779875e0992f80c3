"""Learning from the person, with the real encoder: whatever is meant alike is tagged alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import NothingLearned
from journal.entry import Entry
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.notebook import Notebook
from tests.journal.journals import opened

CHOIR = (
    "Choir tonight. We sang the old motet, and the altos held it together.",
    "Two hours of singing with the choir, and my head was empty afterwards.",
    "The choir rehearsed for Christmas. My voice cracked in the second verse.",
    "We sang in the church, the whole choir in one breath.",
    "Rehearsal was short, but the last song with all the voices went well.",
)
OTHER = (
    "The ward was full and we were two nurses short.",
    "I cooked soup and went to bed early.",
    "A long talk with my sister on the phone about our mother.",
    "The new rota came out and I have three nights in a row.",
    "I ran along the river in the rain.",
    "Paperwork all afternoon, and a supervision that was moved again.",
    "My client did not come, and I was almost glad.",
    "We argued in the team meeting about the beds.",
    "Slept badly, woke at four, read until six.",
    "The physiotherapist showed me how to lift without hurting my back.",
)


@pytest.fixture
def notebook(tmp_path: Path, encoder: MiniLmEncoder) -> Iterator[Notebook]:
    with opened(tmp_path, encoder) as notebook:
        for text in OTHER:
            notebook.write(text)
        yield notebook


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder()


def names(entry: Entry) -> set[str]:
    return {tag.name for tag in entry.tags}


def taught_choir(notebook: Notebook) -> None:
    for text in CHOIR:
        notebook.tag(notebook.write(text).id, "choir")


def test_an_own_tag_comes_by_itself_after_five_examples_with_its_reason(notebook: Notebook) -> None:
    taught_choir(notebook)
    entry = notebook.write("The meeting was long. In the evening we sang with the choir until ten.")
    (tag,) = [tag for tag in entry.tags if tag.name == "choir"]
    assert (tag.kind, tag.source) == ("own", "suggested")
    assert tag.confidence is not None
    assert tag.confidence > 0.5
    (reason,) = tag.evidence
    assert reason.text == "In the evening we sang with the choir until ten."
    assert entry.text[reason.start : reason.end] == reason.text


def test_it_does_not_come_where_it_does_not_belong(notebook: Notebook) -> None:
    taught_choir(notebook)
    assert "choir" not in names(notebook.write("The night shift was quiet, and I read the notes of all the patients."))


def test_a_tag_that_was_refused_is_not_suggested_where_the_same_is_meant(notebook: Notebook) -> None:
    refused = notebook.write("I was angry about the broken lift, which is broken again.")
    assert "angry" in names(refused)
    notebook.untag(refused.id, "angry")
    alike = "The lift is broken, still, and I was angry about the lift."
    assert "angry" not in names(notebook.write(alike))
    assert "angry" in names(notebook.write("My brother never called on her birthday, and I am angry with him."))
    notebook.forget_lessons()
    assert "angry" in names(notebook.write(alike))


def test_lessons_are_listed_and_can_be_forgotten_without_losing_a_tag(notebook: Notebook) -> None:
    taught_choir(notebook)
    refused = notebook.write("I felt calm after the walk.")
    notebook.untag(refused.id, "calm")
    assert [(each.name, each.yes, each.no) for each in notebook.lessons()] == [("calm", 0, 1), ("choir", 5, 0)]
    assert notebook.forget_lessons("choir") == 5
    assert [each.name for each in notebook.lessons()] == ["calm"]
    assert "choir" not in names(notebook.write("We sang with the choir until ten."))
    assert [count.count for count in notebook.tags() if count.name == "choir"] == [5]
    assert "calm" not in names(notebook.entry(refused.id))
    assert notebook.forget_lessons() == 1
    assert notebook.lessons() == ()


def test_what_was_never_learned_cannot_be_forgotten(notebook: Notebook) -> None:
    entry = notebook.write("We sang with the choir.")
    notebook.tag(entry.id, "choir")
    for name in ("chior", "calm"):
        with pytest.raises(NothingLearned):
            notebook.forget_lessons(name)
    assert notebook.forget_lessons("choir") == 1
    with pytest.raises(NothingLearned):
        notebook.forget_lessons("choir")
    assert notebook.forget_lessons() == 0


def test_a_decision_after_forgetting_teaches_again(notebook: Notebook) -> None:
    entry = notebook.write("We sang with the choir.")
    notebook.tag(entry.id, "choir")
    notebook.forget_lessons()
    notebook.tag(entry.id, "choir")
    assert [(each.name, each.yes) for each in notebook.lessons()] == [("choir", 1)]


def test_a_deleted_entry_teaches_nothing(notebook: Notebook) -> None:
    entry = notebook.write("We sang with the choir.")
    notebook.tag(entry.id, "choir")
    notebook.delete(entry.id)
    assert notebook.lessons() == ()


def test_the_same_text_gets_the_same_tags(notebook: Notebook) -> None:
    taught_choir(notebook)
    first, second = (notebook.write("We sang with the choir until ten, and I was happy.").tags for _ in range(2))
    assert [(tag.name, tag.confidence) for tag in first] == [(tag.name, tag.confidence) for tag in second]
