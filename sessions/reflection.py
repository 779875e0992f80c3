"""Where voice meets journal: a person speaks, and it is kept, heard and filed.

``Reflections`` is the use case behind ``outbreath speak`` and ``outbreath add`` and behind uploads over HTTP.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from audio.clip import AudioClip, join
from audio.devices import Microphone, PlaybackControl, Speaker
from audio.tones import interface_tone
from core.errors import (
    DeviceLost,
    NoMicrophone,
    NoSoundCard,
    NothingRecorded,
    OutbreathError,
    UnknownPrompt,
    UnreadableFile,
)
from core.transcript import Transcript
from journal.entry import Answer, Entry
from journal.recorded_sound import MICROPHONE_MEDIA_TYPE, MICROPHONE_RATE_HZ, microphone_bytes, sound_of
from journal.recordings import RecordingReader, RecordingWriter
from sessions.conversation import LISTEN_ONLY, Conversation, Plan
from sessions.events import Closing, Event, LongSilence, Prompted
from sessions.script_files import Library
from sessions.slots import SAMPLE_RATE_HZ
from sessions.spoken_entry import TURNS, Press, SpokenEntry, StartListening
from voice.narrator import Narrator
from voice.speech_to_text import SpeechToText
from voice.transcriber import transcribe

if TYPE_CHECKING:
    from journal.notebook import Notebook

COPY_BYTES = 256 * 1024

WARMING_AFTER_SECONDS = 5.0
"""Not at once: then the microphone is being opened, and whoever speaks already is not to lose a word."""
LINE_GAP_SECONDS = 0.6
UNKNOWN_MEDIA_TYPE = "application/octet-stream"


class Presses(Protocol):
    """The person's hand."""

    def take(self) -> Press | None:
        """What was asked for, if anything waits; it is used up."""
        ...

    def interrupting(self) -> PlaybackControl:
        """A control that the next press stops."""
        ...

    @property
    def ended(self) -> bool:
        """The person wants to stop altogether."""
        ...


def transcribe_recording(
    recording: RecordingReader, recogniser: SpeechToText, language: str | None, vocabulary: Sequence[str] = ()
) -> Transcript:
    """What is said in a kept recording, which is closed afterwards.

    Raises:
        UnreadableAudio, DamagedRecording: there is no sound in it that can be read.
    """
    with recording:
        return transcribe(sound_of(recording), recogniser, language, vocabulary=vocabulary)


class Reflections:
    """Takes in what a person says, however it comes.

    Args:
        submit: hands the entry of a finished recording over to be transcribed and tagged.
        narrator: gives the voice that asks; called only when there is something to say.
        start_listening: makes what turns sound into words while it is spoken.
    """

    def __init__(
        self,
        notebook: Notebook,
        submit: Callable[[str], None],
        library: Library,
        narrator: Callable[[], Narrator],
        speaker: Speaker,
        microphone: Microphone,
        start_listening: StartListening,
    ) -> None:
        self._notebook = notebook
        self._submit = submit
        self._library = library
        self._narrator = narrator
        self._speaker = speaker
        self._microphone = microphone
        self._start_listening = start_listening

    def begin(
        self, guide: str | None, on_event: Callable[[Event], None], spoken_at: datetime | None = None
    ) -> SpokenEntry:
        """A new entry that is about to be spoken, on file before its first sound.

        While the person speaks, what will read their words is loaded, too.

        Args:
            spoken_at: when it was begun, if that was earlier.

        Raises:
            UnknownSession, BadScript: no such guide. BadValue: ``spoken_at`` has no offset.
        """
        plan = LISTEN_ONLY if guide is None else Plan.of(self._library.script(guide))
        later = threading.Timer(WARMING_AFTER_SECONDS, self._notebook.warm)
        later.daemon = True
        later.start()
        entry, writer = self._notebook.begin(guide=guide, spoken_at=spoken_at, media_type=MICROPHONE_MEDIA_TYPE)
        conversation = Conversation(plan)
        try:
            return SpokenEntry(
                self._notebook, entry, writer, conversation, self._start_listening, self._submit, on_event
            )
        except BaseException:
            writer.close()
            self._notebook.delete(entry.id)
            raise

    def prompt_sound(self, guide: str, index: int) -> AudioClip:
        """What is said to the person before a turn of a guide, as sound; behind the last turn, its closing words.

        Raises:
            UnknownSession, BadScript: no such guide. UnknownPrompt: it has no such turn.
        """
        plan = Plan.of(self._library.script(guide))
        spoken = [*(turn.spoken for turn in plan.turns), plan.closing]
        if not 0 <= index < len(spoken):
            raise UnknownPrompt
        return self._said(spoken[index])

    def speak(self, guide: str, presses: Presses, on_event: Callable[[Event], None]) -> Entry:
        """Follows a guide at the microphone until its last question is answered or the person ends it.

        A pause never ends it. Whatever goes wrong after the first word, what was said is filed first.

        Raises:
            UnknownSession: no such guide. NoMicrophone: nothing can be heard; no entry is made.
            DeviceLost, DiskFull: it ended early; what was said by then is an entry.
        """
        spoken = self.begin(guide, lambda event: self._told(event, on_event, presses))
        try:
            spoken.ask()
            while self._listen(spoken, presses) and not presses.ended:
                pass
        except BaseException:
            with suppress(NothingRecorded):
                spoken.stop()
                spoken.file()
            raise
        heard = bool(spoken.seconds) or not presses.ended
        try:
            spoken.stop()
        except NothingRecorded:
            # Who lets go during the first question is not told of a microphone.
            raise (NoMicrophone if heard else NothingRecorded)() from None
        entry = spoken.file()
        self._play(interface_tone("finished", SAMPLE_RATE_HZ))
        return entry

    def _listen(self, spoken: SpokenEntry, presses: Presses) -> bool:
        """Listens to one answer; False when it was the last."""
        # Who wants to go on while a question is said wants to answer it; any other wish is followed at once.
        press = presses.take()
        if press in ("skip", "back"):
            return TURNS[press](spoken)
        # The microphone opens once the prompt and the tone are over, so that neither is heard.
        with self._microphone.listen(MICROPHONE_RATE_HZ) as blocks:
            if presses.ended:  # while the question was said: there is nothing to keep of it
                return False
            spoken.listen()
            for block in blocks:
                spoken.hear(microphone_bytes(block))
                press = presses.take()
                if presses.ended or press is not None:
                    break
            else:
                press = "next"  # a device that is a file ends by itself
        for block in blocks:  # what the device still held was said before the press
            spoken.hear(microphone_bytes(block))
        if presses.ended or press is None:
            return False
        # Moving on speaks the next prompt, so the microphone is closed by now.
        return TURNS[press](spoken)

    def _told(self, event: Event, on_event: Callable[[Event], None], presses: Presses) -> None:
        """Tells an event in the order in which a person meets it: the question is read while it is heard."""
        on_event(event)
        match event:
            case Prompted(turn=turn, index=index):
                if index:
                    self._play(interface_tone("next", SAMPLE_RATE_HZ))
                self._say(turn.spoken, presses.interrupting())
                self._play(interface_tone("listening", SAMPLE_RATE_HZ))
            case LongSilence():
                self._play(interface_tone("listening", SAMPLE_RATE_HZ))
            case Closing(lines=lines):
                self._play(interface_tone("saved", SAMPLE_RATE_HZ))
                with suppress(OutbreathError):  # a voice that fails now must not keep the entry from being filed
                    self._say(lines)

    def _say(self, lines: Sequence[str], control: PlaybackControl | None = None) -> None:
        if lines:
            self._play(self._said(lines), control)

    def _said(self, lines: Sequence[str]) -> AudioClip:
        gap = AudioClip.silence(round(LINE_GAP_SECONDS * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
        clips = [clip for line in lines for clip in (self._narrator().line(line), gap)]
        return join(clips[:-1]) if clips else AudioClip.silence(0, SAMPLE_RATE_HZ)

    def _play(self, clip: AudioClip, control: PlaybackControl | None = None) -> None:
        # Who has a microphone but no speaker, or loses it, reads the questions instead.
        with suppress(NoSoundCard, DeviceLost):
            self._speaker.play([clip], control)

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
