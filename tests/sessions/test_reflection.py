"""Speaking: a guide asks, the person answers, and whatever happens nothing said is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from audio import files
from audio.clip import AudioClip
from audio.devices import PlaybackControl
from core import settings
from core.errors import (
    DeviceLost,
    DiskFull,
    NoMicrophone,
    NoSoundCard,
    NothingRecorded,
    UnknownSession,
    UnreadableAudio,
    UnreadableFile,
)
from journal.entry import State
from journal.recorded_sound import PlayableRecording
from journal.recording_writer import RecordingWriter
from outbreath.wiring import Outbreath, build
from sessions.conversation import KEPT
from sessions.events import Closing, Event, Listening, Prompted, Saved
from sessions.reflection import Reflections
from sessions.spoken_entry import Press
from tests.fakes.narrator import TonedNarrator
from tests.fakes.recogniser import CountingRecogniser
from voice.live_transcriber import LiveTranscriber

BLOCK_SECONDS = 0.5
GUIDE = """---
title: Two questions
kind: reflection
minutes: {default: 2, min: 1, max: 10}
basis: "made for a test"
---
Settle first.
{ask What went well?}
{ask What was hard?}
Go gently.
"""


class Hand:
    """Presses Enter after so many blocks of each answer; lets go altogether after ``ends_after`` blocks in all."""

    def __init__(self, blocks_per_answer: int = 4, ends_after: int = 1000, presses: Sequence[Press] = ()) -> None:
        self.blocks_per_answer = blocks_per_answer
        self.presses = iter(presses)
        self.ends_after = ends_after
        self.blocks = 0
        self.looks = 0

    def take(self) -> Press | None:
        self.looks += 1
        look = self.looks % (self.blocks_per_answer + 1)
        if look == 1:
            return None  # asked before anybody listens
        self.blocks += 1
        return next(self.presses, "next") if look == 0 else None

    def interrupting(self) -> PlaybackControl:
        return PlaybackControl()

    @property
    def ended(self) -> bool:
        return self.blocks >= self.ends_after


class HummingMicrophone:
    """Never falls silent, unless it is lost after so many blocks in all."""

    def __init__(self, lost_after: int = 1000) -> None:
        self.lost_after = lost_after
        self.blocks = 0

    @contextmanager
    def listen(self, sample_rate: int) -> Iterator[Iterator[AudioClip]]:
        self.closed = False
        yield self._blocks(sample_rate)
        self.closed = True

    def _blocks(self, sample_rate: int) -> Iterator[AudioClip]:
        while not self.closed:
            if self.blocks >= self.lost_after:
                raise DeviceLost if self.blocks else NoMicrophone
            self.blocks += 1
            yield AudioClip(np.full(int(BLOCK_SECONDS * sample_rate), 0.25, dtype=np.float32), sample_rate)


class ListeningSpeaker:
    """Remembers how long each sound was; without a sound card it says so."""

    def __init__(self, there: bool = True) -> None:
        self.there = there
        self.seconds: list[float] = []

    def play(self, blocks: object, control: PlaybackControl | None = None) -> int:
        if not self.there:
            raise NoSoundCard
        clips = list(blocks)  # type: ignore[call-overload]
        self.seconds.append(sum(clip.duration_seconds for clip in clips))
        return sum(clip.frames for clip in clips)


class Evening:
    """A person, their devices and their journal."""

    def __init__(self, parts: Outbreath) -> None:
        self.notebook = parts.notebook
        self.library = parts.library
        self.narrator = TonedNarrator()
        self.speaker = ListeningSpeaker()
        self.microphone = HummingMicrophone()
        self.recogniser = CountingRecogniser()
        self.submitted: list[str] = []
        self.events: list[Event] = []

    @property
    def reflections(self) -> Reflections:
        return Reflections(
            self.notebook,
            self.submitted.append,
            self.library,
            lambda: self.narrator,  # type: ignore[arg-type, return-value]
            self.speaker,
            self.microphone,
            lambda on_words: LiveTranscriber(self.recogniser, "en", (), on_words),
        )


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    configured = settings.load(environment={"OUTBREATH_HOME": str(tmp_path), "OUTBREATH_KEY_STORE": "file"})
    configured.places.scripts.mkdir(parents=True)
    (configured.places.scripts / "two.md").write_text(GUIDE, encoding="utf-8")
    with build(configured) as parts:
        yield Evening(parts)


def test_each_question_has_its_answer(evening: Evening) -> None:
    entry = evening.reflections.speak("two", Hand(blocks_per_answer=4), evening.events.append)
    assert entry.state is State.NO_SPEECH
    assert entry.guide == "two"
    assert evening.submitted == []
    assert [(answer.prompt, answer.start, answer.end) for answer in entry.answers] == [
        ("What went well?", 0.0, 2.0),
        ("What was hard?", 2.0, 4.0),
    ]
    assert evening.narrator.spoken == ["Settle first.", "What went well?", "What was hard?", KEPT, "Go gently."]


def test_what_reads_the_words_is_loaded_while_they_are_spoken(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed = threading.Event()
    monkeypatch.setattr(evening.notebook, "warm", warmed.set)
    monkeypatch.setattr("sessions.reflection.WARMING_AFTER_SECONDS", 0.0)
    spoken = evening.reflections.begin("two", evening.events.append)
    assert warmed.wait(timeout=30)
    spoken.discard()


def test_the_recording_holds_all_that_was_heard(evening: Evening) -> None:
    entry = evening.reflections.speak("two", Hand(), evening.events.append)
    with evening.notebook.recording(entry.id) as recording:
        assert recording.complete
        playable = PlayableRecording(recording)
        assert playable.media_type == "audio/wav"
        content = b"".join(playable.blocks())
    assert len(content) == playable.size_bytes == 44 + 4 * 16_000 * 2
    assert np.frombuffer(content[44:], dtype="<i2").tolist() == [round(0.25 * 32767)] * 64_000


def test_the_person_hears_when_it_is_their_turn_and_sees_what_is_safe(evening: Evening) -> None:
    evening.reflections.speak("two", Hand(), evening.events.append)
    kinds = [type(event) for event in evening.events]
    first_turn = [Prompted, Listening, Saved, Saved, Saved, Saved]
    assert kinds == [*first_turn * 2, Closing]
    assert [event.seconds for event in evening.events if isinstance(event, Saved)] == [x / 2 for x in range(1, 9)]


def test_without_questions_it_just_listens(evening: Evening) -> None:
    entry = evening.reflections.speak("free", Hand(blocks_per_answer=6), evening.events.append)
    assert entry.answers == ()
    assert evening.notebook.recording(entry.id).readable_bytes == 3 * 32_000


def test_letting_go_in_the_middle_files_what_was_said(evening: Evening) -> None:
    entry = evening.reflections.speak("two", Hand(blocks_per_answer=100, ends_after=3), evening.events.append)
    assert [(answer.prompt, answer.end) for answer in entry.answers] == [("What went well?", 1.5)]


def test_a_microphone_that_goes_away_loses_nothing(evening: Evening) -> None:
    evening.microphone.lost_after = 5
    with pytest.raises(DeviceLost):
        evening.reflections.speak("free", Hand(blocks_per_answer=100), evening.events.append)
    (entry,) = evening.notebook.entries().entries
    assert entry.state is State.NO_SPEECH
    with evening.notebook.recording(entry.id) as recording:
        assert recording.complete
        assert recording.readable_bytes == 5 * 16_000


def test_a_full_disk_keeps_what_was_said_before(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    append = RecordingWriter.append

    def full_after_three(writer: RecordingWriter, data: bytes) -> None:
        if writer.bytes_written >= 3 * 16_000:
            raise DiskFull
        append(writer, data)

    monkeypatch.setattr(RecordingWriter, "append", full_after_three)
    with pytest.raises(DiskFull):
        evening.reflections.speak("free", Hand(blocks_per_answer=100), evening.events.append)
    (entry,) = evening.notebook.entries().entries
    assert evening.notebook.recording(entry.id).readable_bytes == 3 * 16_000


def test_without_a_microphone_there_is_no_entry(evening: Evening) -> None:
    evening.microphone.lost_after = 0
    with pytest.raises(NoMicrophone):
        evening.reflections.speak("free", Hand(), evening.events.append)
    assert evening.notebook.entries().total == 0


def test_without_a_speaker_the_questions_are_read(evening: Evening) -> None:
    evening.speaker.there = False
    entry = evening.reflections.speak("two", Hand(), evening.events.append)
    assert [event.turn.prompt for event in evening.events if isinstance(event, Prompted)] == [
        answer.prompt for answer in entry.answers
    ]


def test_a_question_can_be_left_out_while_it_is_asked(evening: Evening) -> None:
    class Impatient(Hand):
        def take(self) -> Press | None:
            press = super().take()
            return "skip" if self.looks == 1 else press

    hand = Impatient()
    hand.looks = 0
    entry = evening.reflections.speak("two", hand, evening.events.append)
    assert [answer.prompt for answer in entry.answers] == ["What was hard?"]


def test_letting_go_before_anything_was_said_keeps_nothing(evening: Evening) -> None:
    with pytest.raises(NothingRecorded):
        evening.reflections.speak("two", Hand(ends_after=0), evening.events.append)
    assert evening.notebook.entries().total == evening.microphone.blocks == 0


def test_an_unknown_guide_opens_nothing(evening: Evening) -> None:
    with pytest.raises(UnknownSession):
        evening.reflections.speak("nothing", Hand(), evening.events.append)
    assert evening.notebook.entries().total == evening.microphone.blocks == 0


@pytest.mark.parametrize("ending", ["wav", "mp3", "opus", "m4a", "flac"])
def test_a_file_from_elsewhere_is_kept_byte_by_byte(evening: Evening, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"memo.{ending}"
    files.encode([AudioClip.silence(48_000, 48_000)], path, ending)
    entry = evening.reflections.add_file(path, guide="two")
    with evening.notebook.recording(entry.id) as recording:
        assert recording.read() == path.read_bytes()
    assert evening.submitted == [entry.id]


@pytest.mark.parametrize(
    ("content", "error"), [(b"", UnreadableAudio), (b"words, not sound", UnreadableAudio), (None, UnreadableFile)]
)
def test_what_holds_no_sound_becomes_no_entry(
    evening: Evening, tmp_path: Path, content: bytes | None, error: type[Exception]
) -> None:
    path = tmp_path / "memo.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error):
        evening.reflections.add_file(path)
    assert evening.notebook.entries().total == 0
    assert evening.submitted == []
