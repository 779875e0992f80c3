from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import (
    ModelDamaged,
)
from journal.entry import State, Tag
from journal.filing import Filing
from journal.notebook import Notebook
from journal.processing import Processing
from tests.fakes.encoder import FakeEncoder
from tests.journal.journals import KEY, opened, recorded
from tests.journal.processing.working import CANARY, LONGEST_WAIT_SECONDS, remembered, settled, transcribe

# --- What entries mean -----------------------------------------------------------------------------------------------


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def understanding(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Notebook]:
    with opened(tmp_path, encoder) as notebook:
        yield notebook


def embedded(notebook: Notebook) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while notebook.not_embedded(1):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_recording_is_found_by_its_meaning_once_it_is_ready(tmp_path: Path, understanding: Notebook) -> None:
    entry_id = recorded(understanding, CANARY)
    with Processing(tmp_path, KEY, understanding, transcribe) as processing:
        processing.submit(entry_id)
        settled(processing, entry_id)
        assert understanding.not_embedded(1) == ()
        (result,) = understanding.search("furious").results
    assert (result.entry.id, result.matched) == (entry_id, ("meaning",))


def test_what_has_no_meaning_yet_gets_it_in_the_background(
    tmp_path: Path, understanding: Notebook, encoder: FakeEncoder
) -> None:
    encoder.error = ModelDamaged("of the search")
    ids = [understanding.write(f"furious {number}").id for number in range(25)]
    encoder.error = None
    with Processing(tmp_path, KEY, understanding, transcribe) as processing:
        embedded(understanding)
        rows = remembered(processing)
    assert understanding.search("rage ").total == 25
    assert not any(entry_id in rows for entry_id in ids)
    assert "furious" not in rows


def test_an_encoder_that_fails_holds_nothing_up(
    tmp_path: Path, understanding: Notebook, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    encoder.error = ValueError(CANARY)
    entry_id = recorded(understanding, CANARY)
    with Processing(tmp_path, KEY, understanding, transcribe) as processing:
        processing.submit(entry_id)
        assert settled(processing, entry_id).state is State.READY
    assert understanding.not_embedded(1) == (entry_id,)
    assert "quetzalcoatl" not in caplog.text


# --- A newer tagger ---------------------------------------------------------------------------------------------------


class NewerTagger:
    """Finds everything calm. ``error`` may be set."""

    version = "newer"

    def __init__(self) -> None:
        self.error: Exception | None = None

    def warm(self) -> None:
        pass

    def suggest(self, text: str) -> tuple[Tag, ...]:
        if self.error is not None:
            raise self.error
        return (Tag(name="calm", kind="feeling", confidence=0.9),)


def tagged_anew(notebook: Notebook) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while notebook.not_tagged(1):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_newer_tagger_reads_old_entries_again_and_leaves_what_the_person_decided(tmp_path: Path) -> None:
    with opened(tmp_path) as older:
        plain, confirmed, refused = (older.write(CANARY).id for _ in range(3))
        older.tag(confirmed, "angry")
        older.tag(refused, "calm")
        older.untag(refused, "calm")
        assert older.not_tagged(10) == ()
    with opened(tmp_path, tagger=NewerTagger()) as notebook:
        assert notebook.not_tagged(10) == (refused, confirmed, plain)
        with Processing(tmp_path, KEY, notebook, transcribe) as processing:
            tagged_anew(notebook)
            rows = remembered(processing)
        tags = {
            each: {(tag.name, tag.source) for tag in notebook.entry(each).tags} for each in (plain, confirmed, refused)
        }
    assert tags == {
        plain: {("calm", "suggested")},
        confirmed: {("angry", "person"), ("calm", "suggested")},
        refused: set(),
    }
    assert plain not in rows
    assert "quetzalcoatl" not in rows


def test_a_tagger_that_fails_leaves_old_entries_as_they_are(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path) as older:
        entry = older.write(CANARY)
    tagger = NewerTagger()
    tagger.error = ValueError(CANARY)
    with opened(tmp_path, tagger=tagger) as notebook:
        filing = Filing(notebook, transcribe)
        assert not filing.catch_up()
        assert not filing.has_to_catch_up()
        assert notebook.entry(entry.id) == entry
    assert "quetzalcoatl" not in caplog.text


def test_an_entry_filed_while_the_tagger_failed_is_tagged_by_the_next_start(tmp_path: Path) -> None:
    tagger = NewerTagger()
    tagger.error = ValueError("broken")
    with opened(tmp_path, tagger=tagger) as notebook, Processing(tmp_path, KEY, notebook, transcribe) as processing:
        typed = notebook.write("At last some rest.").id
        spoken = recorded(notebook, "At last some rest.")
        processing.submit(spoken)
        assert settled(processing, spoken).state is State.READY
        assert {*notebook.not_tagged(10)} == {typed, spoken}
    with opened(tmp_path, tagger=NewerTagger()) as notebook, Processing(tmp_path, KEY, notebook, transcribe):
        tagged_anew(notebook)
        assert [tag.name for each in (typed, spoken) for tag in notebook.entry(each).tags] == ["calm", "calm"]
