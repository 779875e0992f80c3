"""An entry while it is being spoken: every second is kept, and a pause is only a pause."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.clip import AudioClip
from core import settings
from core.errors import DiskFull, ModelMissing, NothingRecorded, TranscriptionFailed
from core.transcript import Transcript, Word
from journal.entry import State
from journal.recorded_sound import microphone_bytes
from journal.recording_writer import RecordingWriter
from outbreath.wiring import Outbreath, build
from sessions.conversation import Conversation, Plan, Turn
from sessions.events import Event, Heard, Listening, LongSilence, Prompted, Saved
from sessions.spoken_entry import LONG_SILENCE_SECONDS, SpokenEntry, StartListening
from tests.fakes.recogniser import CountingRecogniser
from tests.voice.speaking import spoken as spoken_by_a_voice
from voice.live_transcriber import LiveTranscriber

SECOND = bytes(32_000)
TWO = Plan((Turn((), "First?"), Turn((), "Second?")), ("Go gently.",), None)


class Kitchen:
    """A person at a table, what they were told, and what was left to the durable work."""

    def __init__(self, parts: Outbreath) -> None:
        self.notebook = parts.notebook
        self.recogniser = CountingRecogniser()
        self.events: list[Event] = []
        self.submitted: list[str] = []

    def begin(self, plan: Plan = TWO, start_listening: StartListening | None = None) -> SpokenEntry:
        entry, writer = self.notebook.begin()
        usual: StartListening = lambda on_words: LiveTranscriber(self.recogniser, "en", (), on_words)  # noqa: E731
        return SpokenEntry(
            self.notebook,
            entry,
            writer,
            Conversation(plan),
            start_listening or usual,
            self.submitted.append,
            self.events.append,
        )

    def told(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def kitchen(tmp_path: Path) -> Iterator[Kitchen]:
    configured = settings.load(environment={"OUTBREATH_HOME": str(tmp_path), "OUTBREATH_KEY_STORE": "file"})
    with build(configured) as parts:
        yield Kitchen(parts)


@pytest.fixture(scope="module")
def sentence(models_folder: Path) -> bytes:
    return microphone_bytes(spoken_by_a_voice("Feel your feet on the floor.", models_folder))


def test_the_first_sound_is_on_disk_at_once_and_the_rest_in_quarters_of_a_second(kitchen: Kitchen) -> None:
    entry = kitchen.begin()
    for _ in range(20):
        entry.hear(SECOND[:3_200])
    saved = [event.seconds for event in kitchen.told(Saved) if isinstance(event, Saved)]
    assert saved[0] == 0.1
    assert all(one < other <= one + 0.3 for one, other in itertools.pairwise(saved))
    entry.stop()
    assert kitchen.notebook.entry(entry.file().id).duration_seconds == pytest.approx(2.0)


def test_a_soft_tone_once_in_each_long_pause(kitchen: Kitchen, sentence: bytes) -> None:
    entry = kitchen.begin()
    entry.listen()
    for _ in range(2):
        entry.hear(sentence)
        for _ in range(round(2.5 * LONG_SILENCE_SECONDS)):
            entry.hear(SECOND)
    assert len(kitchen.told(LongSilence)) == 2
    entry.discard()


def test_thinking_about_a_question_starts_the_pause_anew(kitchen: Kitchen) -> None:
    entry = kitchen.begin()
    entry.listen()
    for _ in range(round(LONG_SILENCE_SECONDS) - 2):
        entry.hear(SECOND)
    entry.next()
    entry.listen()
    for _ in range(round(LONG_SILENCE_SECONDS) - 2):
        entry.hear(SECOND)
    assert not kitchen.told(LongSilence)
    entry.hear(3 * SECOND)
    assert len(kitchen.told(LongSilence)) == 1
    entry.discard()


def test_what_was_asked_is_known_though_everything_breaks_off(kitchen: Kitchen, sentence: bytes) -> None:
    entry = kitchen.begin()
    entry.hear(sentence)
    entry.next()
    entry.hear(sentence)
    entry.break_off()
    assert kitchen.notebook.recover() == (entry.entry_id,)
    assert kitchen.notebook.entry(entry.entry_id).state is State.RECOVERED
    seconds = len(sentence) / 32_000
    word = Word(text="late", start=2 * seconds - 0.5, end=2 * seconds - 0.2, probability=0.9)
    heard = Transcript(text="late", language="en", duration_seconds=2 * seconds, words=(word,))
    kitchen.notebook.store_transcript(entry.entry_id, heard)
    first, second = kitchen.notebook.entry(entry.entry_id).answers
    assert (first.prompt, first.start, first.end, first.text) == ("First?", 0.0, pytest.approx(seconds), "")
    assert (second.prompt, second.end, second.text) == ("Second?", pytest.approx(2 * seconds), "late")


def test_words_come_while_one_speaks_and_are_those_of_the_entry(kitchen: Kitchen, sentence: bytes) -> None:
    entry = kitchen.begin()
    entry.hear(sentence)
    entry.next()
    entry.hear(sentence)
    entry.stop()
    filed = entry.file()
    assert (filed.state, kitchen.submitted) == (State.READY, [])
    told = [word for event in kitchen.told(Heard) if isinstance(event, Heard) for word in event.words]
    assert tuple(told) == filed.words == entry.words
    assert " ".join(answer.text for answer in filed.answers) == filed.text
    assert [event.index for event in kitchen.told(Prompted) if isinstance(event, Prompted)] == [1]


def test_without_a_recogniser_the_recording_is_made_and_written_down_later(kitchen: Kitchen, sentence: bytes) -> None:
    def missing(_: object) -> LiveTranscriber:
        raise ModelMissing("silero")

    entry = kitchen.begin(start_listening=missing)
    entry.hear(sentence)
    entry.next()
    entry.stop()
    assert entry.file().state is State.TRANSCRIBING
    assert kitchen.submitted == [entry.entry_id]


def test_what_goes_wrong_with_the_words_leaves_the_sound(kitchen: Kitchen, sentence: bytes) -> None:
    kitchen.recogniser.fault = TranscriptionFailed()
    entry = kitchen.begin()
    entry.hear(sentence)
    entry.stop()
    assert entry.file().state is State.TRANSCRIBING
    assert kitchen.submitted == [entry.entry_id]
    with kitchen.notebook.recording(entry.entry_id) as recording:
        assert recording.complete
        assert recording.read() == sentence


def test_nothing_said_is_nothing_kept(kitchen: Kitchen) -> None:
    entry = kitchen.begin()
    with pytest.raises(NothingRecorded):
        entry.stop()
    assert kitchen.notebook.entries().total == 0


def test_a_full_disk_at_the_first_sound_leaves_no_entry(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DiskFull

    entry = kitchen.begin()
    monkeypatch.setattr(RecordingWriter, "append", full)
    with pytest.raises(DiskFull):
        entry.hear(SECOND)
    with pytest.raises(NothingRecorded):
        entry.stop()
    entry.break_off()
    assert kitchen.notebook.entries().total == 0


def test_who_comes_back_is_told_where_things_stand(kitchen: Kitchen, sentence: bytes) -> None:
    entry = kitchen.begin()
    entry.hear(sentence)
    entry.next()
    for _ in range(round(LONG_SILENCE_SECONDS) + 2):
        entry.hear(SECOND)
    kitchen.events.clear()
    entry.resume()
    assert [type(event) for event in kitchen.events] == [Prompted, Listening, Heard]
    entry.hear(5 * SECOND)
    assert not kitchen.told(LongSilence), "the tone was told in this pause already"
    entry.discard()


def test_an_odd_byte_waits_for_its_other_half(kitchen: Kitchen) -> None:
    entry = kitchen.begin()
    entry.hear(b"\1")
    entry.hear(b"\2\3")
    entry.hear(b"\4")
    entry.stop()
    with kitchen.notebook.recording(entry.entry_id) as recording:
        assert recording.read() == b"\1\2\3\4"


def test_a_quiet_clip_is_a_quiet_clip() -> None:
    """What the tests above take for silence is silence to the microphone as well."""
    assert microphone_bytes(AudioClip.silence(16_000, 16_000)) == SECOND
