from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import BadValue, EmptyText, NoRecording, NotReady, TooMuchText, UnknownEntry, UnknownTag
from core.transcript import Transcript, Word
from journal.entry import LONGEST_TEXT_CHARACTERS, Answer, Entry, Failure, State, Tag, TagKind
from journal.notebook import Notebook
from journal.recordings import Recordings
from tests.fakes.encoder import FakeEncoder
from tests.journal.journals import opened

NOBODY = "01dxf6dt002b6d6hdd9c9d44dt"
WORDS = (
    Word(text="I", start=0.5, end=0.7, probability=0.99),
    Word(text="was", start=0.8, end=1.0, probability=0.97),
    Word(text="sad,", start=1.1, end=1.9, probability=0.4),
    Word(text="then", start=2.6, end=2.9, probability=0.9),
    Word(text="proud.", start=3.0, end=3.6, probability=0.95),
)
HEARD = Transcript(text="I was sad, then proud.", language="en", duration_seconds=4.0, words=WORDS)
SILENCE = Transcript(text="", language=None, duration_seconds=9.5)


def spoken(notebook: Notebook, transcript: Transcript = HEARD, prompts: tuple[Answer, ...] = ()) -> Entry:
    """An entry taken all the way from the microphone to the shelf."""
    entry, writer = notebook.begin(guide="free")
    writer.append(b"sound")
    writer.finish()
    notebook.finish_recording(entry.id, prompts)
    notebook.store_transcript(entry.id, transcript)
    if not transcript.no_speech:
        notebook.store_tags(entry.id)
        notebook.set_state(entry.id, State.READY)
    return notebook.entry(entry.id)


def names(entry: Entry) -> dict[str, str]:
    return {tag.name: tag.source for tag in entry.tags}


def test_both_models_can_be_loaded_ahead(tmp_path: Path) -> None:
    encoder, tagger = FakeEncoder(), WarmedTagger()
    with opened(tmp_path, encoder, tagger) as notebook:
        notebook.warm()
    assert (encoder.warmed, tagger.warmed) == (1, 1)


class WarmedTagger:
    version = "warmed"
    warmed = 0

    def warm(self) -> None:
        self.warmed += 1

    def suggest(self, text: str) -> tuple[Tag, ...]:
        return ()


class BrokenTagger:
    version = "broken"

    def warm(self) -> None:
        raise RuntimeError("quetzal")

    def suggest(self, text: str) -> tuple[Tag, ...]:
        raise RuntimeError(text)


class BrokenEncoder:
    version = "broken"

    def warm(self) -> None:
        raise RuntimeError("quetzal")

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise RuntimeError(texts[0])

    def is_word(self, text: str) -> bool:
        return False


def test_what_was_said_is_filed_although_the_models_fail(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path, BrokenEncoder(), BrokenTagger()) as notebook:
        notebook.warm()
        written = notebook.write("I was sad about the quetzal.")
        corrected = notebook.edit(written.id, "I was sad about the quetzals.")
        heard = spoken(notebook)
        assert (written.state, corrected.text, written.tags) == (State.READY, "I was sad about the quetzals.", ())
        assert (heard.state, heard.text, heard.tags) == (State.READY, HEARD.text, ())
        assert notebook.search("quetzals").total == 1
    assert "quetzal" not in caplog.text


# --- Speaking and writing --------------------------------------------------------------------------------------------


def test_an_entry_is_on_file_before_the_first_sound(notebook: Notebook) -> None:
    entry, writer = notebook.begin(guide="evening-reflection", media_type="audio/webm", mood_before=2)
    assert notebook.entry(entry.id) == entry
    assert (entry.state, entry.guide, entry.mood_before) == (State.RECORDING, "evening-reflection", 2)
    with pytest.raises(NotReady):
        notebook.finish_recording(entry.id)
    with pytest.raises(NotReady):
        notebook.delete(entry.id)
    writer.append(b"sound")
    writer.finish()
    assert notebook.finish_recording(entry.id).state is State.TRANSCRIBING
    assert notebook.unfinished() == (entry.id,)
    with notebook.recording(entry.id) as recording:
        assert (recording.read(), recording.media_type, recording.complete) == (b"sound", "audio/webm", True)


def test_what_was_heard_comes_back_word_for_word(notebook: Notebook) -> None:
    entry = spoken(notebook)
    assert (entry.state, entry.text, entry.original_text) == (State.READY, HEARD.text, HEARD.text)
    assert (entry.words, entry.language, entry.duration_seconds) == (WORDS, "en", 4.0)
    assert names(entry) == {"sad": "suggested", "proud": "suggested"}
    assert [entry.text[span.start : span.end] for tag in entry.tags for span in tag.evidence] == ["proud", "sad"]
    assert notebook.unfinished() == ()
    assert notebook.entries().entries == (entry.model_copy(update={"words": ()}),)


def test_each_prompt_gets_what_was_said_to_it(notebook: Notebook) -> None:
    prompts = (Answer(prompt="How was it?", start=0, end=2.5), Answer(prompt="And then?", start=2.5, end=4))
    entry = spoken(notebook, prompts=prompts)
    assert [(answer.prompt, answer.text) for answer in entry.answers] == [
        ("How was it?", "I was sad,"),
        ("And then?", "then proud."),
    ]


def test_silence_gives_no_words(notebook: Notebook) -> None:
    entry = spoken(notebook, SILENCE)
    assert (entry.state, entry.text, entry.words, entry.tags) == (State.NO_SPEECH, "", (), ())
    assert entry.duration_seconds == 9.5
    assert notebook.unfinished() == ()


def test_a_typed_entry_is_ready_at_once(notebook: Notebook) -> None:
    entry = notebook.write("sad\0 day", guide="going-home")
    assert (entry.state, entry.text, entry.original_text) == (State.READY, "sad day", "sad day")
    assert (entry.guide, entry.duration_seconds, names(entry)) == ("going-home", None, {"sad": "suggested"})
    assert notebook.entry(entry.id) == entry
    assert not notebook.has_recording(entry.id)
    with pytest.raises(NoRecording):
        notebook.recording(entry.id)


def test_a_megabyte_is_written_and_found(notebook: Notebook) -> None:
    text = "word " * 200_000 + "needle"
    entry = notebook.write(text)
    assert notebook.entry(entry.id).text == text
    assert notebook.search("needle").results[0].snippet.endswith("needle")


def test_what_cannot_be_an_entry_leaves_none(notebook: Notebook) -> None:
    with pytest.raises(TooMuchText):
        notebook.write("x" * (LONGEST_TEXT_CHARACTERS + 1))
    with pytest.raises(EmptyText):
        notebook.write(" \n")
    for mood in (0, 6, True):
        with pytest.raises(BadValue):
            notebook.begin(mood_before=mood)
    assert notebook.entries().total == 0


def test_the_place_where_it_was_spoken_is_kept(notebook: Notebook) -> None:
    at = datetime(2026, 3, 1, 2, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    entry = notebook.write("late", spoken_at=at)
    assert notebook.entry(entry.id).spoken_at == at
    assert entry.spoken_at.utcoffset() == at.utcoffset()
    assert entry.shift_day == date(2026, 2, 28)  # days begin at four
    assert '"2026-03-01T02:30:15.123456+05:45"' in entry.model_dump_json()


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 1, 2, 30),  # noqa: DTZ001  # somewhere on earth
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
    ],
    ids=str,
)
def test_a_time_that_is_no_moment_is_refused(at: datetime, notebook: Notebook) -> None:
    with pytest.raises(BadValue):
        notebook.write("when?", spoken_at=at)
    with pytest.raises(BadValue):
        notebook.begin(spoken_at=at)
    assert notebook.entries().total == 0


@pytest.mark.parametrize("entry_id", [NOBODY, "", "../../etc/passwd", NOBODY.upper(), "x" * 10_000, "\ud800"])
def test_an_unknown_entry_is_said_to_be_one(entry_id: str, notebook: Notebook) -> None:
    for use in (
        notebook.entry,
        notebook.recording,
        notebook.has_recording,
        notebook.delete,
        notebook.removed_tags,
        notebook.finish_recording,
        notebook.store_tags,
        lambda one: notebook.edit(one, text="x"),
        lambda one: notebook.tag(one, "x"),
        lambda one: notebook.untag(one, "x"),
        lambda one: notebook.set_state(one, State.READY),
        lambda one: notebook.store_transcript(one, HEARD),
    ):
        with pytest.raises(UnknownEntry):
            use(entry_id)


# --- Correcting ------------------------------------------------------------------------------------------------------


def test_a_correction_keeps_the_original(notebook: Notebook) -> None:
    entry = spoken(notebook)
    edited = notebook.edit(entry.id, text="I was glad, then proud.")
    assert (edited.text, edited.original_text) == ("I was glad, then proud.", HEARD.text)
    assert names(edited) == {"proud": "suggested"}
    assert edited.words == WORDS
    again = notebook.edit(entry.id, text="tender", mood_after=5)
    assert (again.text, again.original_text, again.mood_after) == ("tender", HEARD.text, 5)
    back = notebook.edit(entry.id, text=HEARD.text)
    assert back == entry.model_copy(update={"mood_after": 5})


def test_hearing_it_again_does_not_undo_a_correction(notebook: Notebook) -> None:
    entry = spoken(notebook)
    notebook.edit(entry.id, text="my own words")
    notebook.store_transcript(entry.id, HEARD.model_copy(update={"text": "I was sat"}))
    entry = notebook.entry(entry.id)
    assert (entry.text, entry.original_text) == ("my own words", "I was sat")
    assert notebook.search("sat").total == 0


def test_doing_the_work_twice_changes_nothing(notebook: Notebook) -> None:
    entry = spoken(notebook)
    notebook.store_transcript(entry.id, HEARD)
    notebook.store_tags(entry.id)
    assert notebook.entry(entry.id) == entry
    assert notebook.search("proud").total == 1


def test_what_is_still_worked_on_cannot_be_corrected_but_the_mood_can(notebook: Notebook) -> None:
    entry, writer = notebook.begin()
    writer.finish()
    notebook.finish_recording(entry.id)
    with pytest.raises(NotReady):
        notebook.edit(entry.id, text="too early")
    assert notebook.edit(entry.id, mood_after=4).mood_after == 4
    with pytest.raises(BadValue):
        notebook.edit(entry.id, mood_after=9)


def test_an_edit_without_changes_changes_nothing(notebook: Notebook) -> None:
    entry = spoken(notebook)
    assert notebook.edit(entry.id) == entry


def test_failing_gives_the_reason_and_a_retry_forgets_it(notebook: Notebook) -> None:
    entry, writer = notebook.begin()
    writer.finish()
    notebook.finish_recording(entry.id)
    failure = Failure(code="transcription_failed", message="It could not be heard.", next_step="Try again.")
    notebook.set_state(entry.id, State.FAILED, failure)
    assert notebook.entry(entry.id).failure == failure
    notebook.set_state(entry.id, State.TRANSCRIBING)
    assert notebook.entry(entry.id).failure is None


def test_finishing_twice_is_one_finish_but_never_undoes_the_work(notebook: Notebook) -> None:
    entry, writer = notebook.begin()
    writer.finish()
    notebook.finish_recording(entry.id)
    notebook.finish_recording(entry.id)
    notebook.set_state(entry.id, State.READY)
    with pytest.raises(NotReady):
        notebook.finish_recording(entry.id)


# --- Tags ------------------------------------------------------------------------------------------------------------


def test_the_persons_yes_and_no_win_over_suggestions(notebook: Notebook) -> None:
    entry = notebook.write("sad and proud")
    notebook.untag(entry.id, "Sad")
    assert names(notebook.tag(entry.id, "proud")) == {"proud": "person"}
    notebook.store_tags(entry.id)
    edited = notebook.edit(entry.id, text="sad and proud and tender")
    assert names(edited) == {"proud": "person", "tender": "suggested"}
    assert notebook.removed_tags(entry.id) == ("sad",)
    assert names(notebook.edit(entry.id, text="nothing of it")) == {"proud": "person"}
    assert names(notebook.tag(entry.id, "sad")) == {"proud": "person", "sad": "person"}
    assert notebook.removed_tags(entry.id) == ()


def test_a_tag_given_by_name_finds_its_kind(notebook: Notebook) -> None:
    entry = notebook.write("a walk")
    for name, kind in (("Grateful", None), ("moral  distress", None), ("walking", "practice"), ("Ward 3", None)):
        notebook.tag(entry.id, name, kind)
    other = notebook.tag(notebook.write("another").id, "walking")
    assert {tag.name: tag.kind for tag in notebook.entry(entry.id).tags} == {
        "grateful": "feeling",
        "moral distress": "theme",
        "walking": "practice",
        "ward 3": "own",
    }
    assert other.tags[0].kind == "practice"


def test_tags_are_counted_once_per_entry_that_bears_them(notebook: Notebook) -> None:
    first = notebook.write("sad sad sad")
    notebook.write("sad and proud")
    assert [(tag.name, tag.kind, tag.count) for tag in notebook.tags()] == [
        ("sad", "feeling", 2),
        ("proud", "feeling", 1),
    ]
    notebook.untag(first.id, "sad")
    assert {tag.name: tag.count for tag in notebook.tags()} == {"sad": 1, "proud": 1}


def test_a_tag_that_was_taken_away_before_it_came_does_not_come(notebook: Notebook) -> None:
    entry = notebook.write("a walk")
    assert notebook.untag(entry.id, "sad") == entry
    assert notebook.removed_tags(entry.id) == ("sad",)
    assert names(notebook.edit(entry.id, text="a sad and proud walk")) == {"proud": "suggested"}


def test_a_tag_that_nobody_knows_can_neither_be_taken_away_nor_looked_at(notebook: Notebook) -> None:
    entry = notebook.write("a sad walk")
    for asked in (lambda: notebook.untag(entry.id, "sadd"), lambda: notebook.tag_history("sadd")):
        with pytest.raises(UnknownTag):
            asked()
    assert notebook.entry(entry.id) == entry
    notebook.tag(entry.id, "mine")
    notebook.untag(entry.id, "mine")
    assert notebook.tag_history("mine").count == 0
    assert notebook.removed_tags(notebook.write("another").id) == ()


@pytest.mark.parametrize("kind", ["own", "practice", "theme", None])
def test_a_shipped_feeling_is_no_tag_of_ones_own(kind: TagKind | None, notebook: Notebook) -> None:
    entry = notebook.write("a walk")
    assert [(tag.name, tag.kind) for tag in notebook.tag(entry.id, "Anxious", kind).tags] == [("anxious", "feeling")]


def test_a_name_from_before_it_was_refused_can_still_be_given_and_taken_away(notebook: Notebook) -> None:
    old = notebook.write("a walk")
    notebook.delete(old.id)
    tag = Tag(name='so "calm"', kind="own", source="person", confidence=None)
    assert notebook.insert(old.model_copy(update={"tags": (tag,)}), spoken=False)
    other = notebook.write("another walk")
    assert names(notebook.tag(other.id, tag.name)) == {tag.name: "person"}
    assert names(notebook.untag(other.id, tag.name)) == {}


@pytest.mark.parametrize("name", ["", "a/b", "x" * 65, "ca\u200blm", 'a "b"'])
def test_a_name_that_cannot_be_a_tag_changes_nothing(name: str, notebook: Notebook) -> None:
    entry = notebook.write("a walk")
    with pytest.raises(BadValue):
        notebook.tag(entry.id, name)
    assert notebook.entry(entry.id) == entry


# --- Leaving and coming back -----------------------------------------------------------------------------------------


def test_a_whole_entry_can_be_taken_in_as_it_was(notebook: Notebook, recordings: Recordings) -> None:
    original = spoken(notebook, prompts=(Answer(prompt="How?", start=0, end=4),))
    notebook.untag(original.id, "sad")
    notebook.tag(original.id, "mine")
    notebook.edit(original.id, text="I was proud.", mood_before=1)
    original, removed = notebook.entry(original.id), notebook.removed_tags(original.id)
    assert notebook.insert(original, spoken=True) is False
    notebook.delete(original.id)
    assert notebook.insert(original, spoken=True, removed_tags=removed) is True
    assert notebook.entry(original.id) == original
    assert notebook.removed_tags(original.id) == ("sad",)
    assert notebook.search("tag:mine proud").total == 1
    assert notebook.entries(kind="spoken").total == 1


def test_a_yes_keeps_the_words_that_earned_the_tag_until_they_change(notebook: Notebook) -> None:
    entry = notebook.write("I was sad, and the day was long.")
    (suggested,) = entry.tags
    (confirmed,) = notebook.tag(entry.id, "sad").tags
    assert (confirmed.source, confirmed.confidence) == ("person", None)
    assert confirmed.evidence == suggested.evidence
    (moved,) = notebook.edit(entry.id, "The day was long, and I was sad.").tags
    assert [moved.evidence[0].start] == ["The day was long, and I was sad.".index("sad")]
    (gone,) = notebook.edit(entry.id, "The day was long.").tags
    assert (gone.name, gone.evidence) == ("sad", ())
