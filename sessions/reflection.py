"""Where voice meets journal: a person speaks, and it is kept, heard and filed.

``Reflections`` is the use case behind ``outbreath speak`` and ``outbreath add`` and behind uploads over HTTP.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from audio.clip import AudioClip
from audio.devices import Microphone, Speaker
from audio.tones import interface_tone
from core.errors import NoMicrophone, NoSoundCard, UnreadableFile
from core.transcript import Transcript
from journal.entry import Answer, Entry
from journal.notebook import Notebook
from journal.recorded_sound import MICROPHONE_MEDIA_TYPE, MICROPHONE_RATE_HZ, microphone_bytes, sound_of
from journal.recordings import RecordingReader, RecordingWriter
from sessions.events import Event, Listening, Prompted, Saved
from sessions.script import Ask, Line, Script
from sessions.script_files import Library
from sessions.slots import SAMPLE_RATE_HZ
from voice.narrator import Narrator
from voice.speech_to_text import SpeechToText
from voice.transcriber import transcribe

COPY_BYTES = 256 * 1024
UNKNOWN_MEDIA_TYPE = "application/octet-stream"


class Presses(Protocol):
    """The person's hand: each press goes on to the next question."""

    def take(self) -> bool:
        """True if a press was waiting; it is used up."""
        ...

    @property
    def ended(self) -> bool:
        """The person wants to stop altogether."""
        ...


def transcribe_recording(recording: RecordingReader, recogniser: SpeechToText, language: str | None) -> Transcript:
    """What is said in a kept recording, which is closed afterwards.

    Raises:
        UnreadableAudio, DamagedRecording: there is no sound in it that can be read.
    """
    with recording:
        return transcribe(sound_of(recording), recogniser, language)


class Reflections:
    """Takes in what a person says, however it comes.

    Args:
        submit: hands the entry of a finished recording over to be transcribed and tagged.
        narrator: gives the voice that asks; called only when there is something to ask.
    """

    def __init__(
        self,
        notebook: Notebook,
        submit: Callable[[str], None],
        library: Library,
        narrator: Callable[[], Narrator],
        speaker: Speaker,
        microphone: Microphone,
    ) -> None:
        self._notebook = notebook
        self._submit = submit
        self._library = library
        self._narrator = narrator
        self._speaker = speaker
        self._microphone = microphone

    def speak(self, guide: str, presses: Presses, on_event: Callable[[Event], None]) -> Entry:
        """Follows a guide at the microphone until its last question is answered or the person ends it.

        A pause never ends it. Whatever goes wrong after the first word, what was said is filed first.

        Raises:
            UnknownSession: no such guide. NoMicrophone: nothing can be heard; no entry is made.
            DeviceLost, DiskFull: it ended early; what was said by then is an entry.
        """
        script = self._library.script(guide)
        entry, writer = self._notebook.begin(guide=guide, media_type=MICROPHONE_MEDIA_TYPE)
        answers: list[Answer] = []
        try:
            for prompt in self._prompts(script, on_event):
                start = _seconds(writer)
                self._listen(writer, presses, on_event)
                if prompt:
                    answers.append(Answer(prompt=prompt, start=start, end=_seconds(writer)))
                if presses.ended:
                    break
        finally:
            self._close(entry.id, writer, tuple(answers))
        if not writer.bytes_written:
            raise NoMicrophone
        return self._notebook.entry(entry.id)

    def _close(self, entry_id: str, writer: RecordingWriter, answers: tuple[Answer, ...]) -> None:
        if writer.bytes_written:
            self.file(entry_id, writer, answers)
        else:
            writer.close()
            self._notebook.delete(entry_id)

    def _prompts(self, script: Script, on_event: Callable[[Event], None]) -> Iterator[str]:
        """Speaks what the guide says and yields whenever it is time to listen; at least once."""
        asked = False
        for step in script.steps():
            if isinstance(step, Line) and step.importance.included("normal"):
                self._say(step.text)
            elif isinstance(step, Ask):
                asked = True
                on_event(Prompted(step.prompt))
                self._say(step.prompt)
                yield step.prompt
        if not asked:
            yield ""

    def _listen(self, writer: RecordingWriter, presses: Presses, on_event: Callable[[Event], None]) -> None:
        self._play(interface_tone("listening", SAMPLE_RATE_HZ))
        # The microphone opens once the prompt and the tone are over, so that neither is heard.
        with self._microphone.listen(MICROPHONE_RATE_HZ) as blocks:
            on_event(Listening())
            for block in blocks:
                writer.append(microphone_bytes(block))
                on_event(Saved(_seconds(writer)))
                if presses.take() or presses.ended:
                    return

    def _say(self, text: str) -> None:
        if text:
            self._play(self._narrator().line(text))

    def _play(self, clip: AudioClip) -> None:
        # Who has a microphone but no speaker reads the questions instead.
        with suppress(NoSoundCard):
            self._speaker.play([clip])

    def add_file(self, path: Path, guide: str | None = None, spoken_at: datetime | None = None) -> Entry:
        """Files a recording that was made elsewhere; its bytes are kept as they are.

        Raises:
            UnreadableFile: the file cannot be opened. UnreadableAudio: there is no sound in it. No entry is made.
        """
        media_type = mimetypes.guess_type(path.name)[0] or UNKNOWN_MEDIA_TYPE
        try:
            file = path.open("rb")
        except OSError:
            raise UnreadableFile from None
        with file:
            return self.add_stream(file, media_type, guide, spoken_at)

    def add_stream(
        self, source: BinaryIO, media_type: str, guide: str | None = None, spoken_at: datetime | None = None
    ) -> Entry:
        """Files the recording that ``source`` holds from its start to its end.

        Raises:
            UnknownSession: no such guide. UnreadableAudio: there is no sound in it. No entry is made.
        """
        if guide is not None:
            self._library.script(guide)
        entry, writer = self._notebook.begin(guide=guide, spoken_at=spoken_at, media_type=media_type)
        try:
            while data := source.read(COPY_BYTES):
                writer.append(data)
            self.accept(entry.id, writer)
        except BaseException:
            writer.close()
            self._notebook.delete(entry.id)
            raise
        return self._notebook.entry(entry.id)

    def accept(self, entry_id: str, writer: RecordingWriter, answers: tuple[Answer, ...] = ()) -> None:
        """Files a recording that came from elsewhere, once there is sound in it.

        Raises:
            UnreadableAudio: there is none. The entry is still there, for the caller to delete.
        """
        self.require_sound(entry_id)
        self.file(entry_id, writer, answers)

    def require_sound(self, entry_id: str) -> None:
        """Hears the beginning of a recording.

        Raises:
            UnreadableAudio: there is no sound in what is on disk by now.
        """
        with self._notebook.recording(entry_id) as recording:
            for _ in sound_of(recording):
                break

    def file(self, entry_id: str, writer: RecordingWriter, answers: tuple[Answer, ...] = ()) -> None:
        """Closes a recording and hands it over to be transcribed and tagged.

        Raises:
            DiskFull: there is no room to close it; at the next start it comes back as recovered.
        """
        with writer:
            writer.finish()
        self._notebook.finish_recording(entry_id, answers)
        self._submit(entry_id)


def _seconds(writer: RecordingWriter) -> float:
    return writer.bytes_written / (MICROPHONE_RATE_HZ * 2)
