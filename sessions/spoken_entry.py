"""An entry while it is being spoken: its sound goes to disk at once, its words come as it goes on.

The one core of speaking: the microphone of ``outbreath speak`` and the web socket of the page both feed it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from audio.clip import AudioClip
from core.errors import DiskFull, NothingRecorded, OutbreathError
from core.transcript import Word
from journal.entry import Entry
from journal.recorded_sound import BYTES_PER_FRAME, MICROPHONE_RATE_HZ
from journal.recordings import RecordingWriter
from sessions.conversation import Conversation
from sessions.events import Closing, Event, Heard, Listening, LongSilence, Prompted, Saved
from voice.live_transcriber import LiveTranscriber

if TYPE_CHECKING:
    from journal.notebook import Notebook

SAVE_SECONDS: Final = 0.25
"""So much sound is gathered before it is written, each time waiting for the disk. With what the sound card holds it
stays well below the one second that a crash may cost."""

LONG_SILENCE_SECONDS: Final = 20.0
"""After this a soft tone says that Outbreath is still listening, once in each pause."""

SAVE_BYTES: Final = round(SAVE_SECONDS * MICROPHONE_RATE_HZ) * BYTES_PER_FRAME

StartListening = Callable[[Callable[[tuple[Word, ...]], None]], LiveTranscriber]
"""Makes what turns the sound into words; told where the words go."""

Press = Literal["next", "skip", "back"]
"""What a person can ask for while they are listened to."""

_log = logging.getLogger(__name__)


class SpokenEntry:
    """One entry, from its first sound to its last word. Its methods are called one at a time, from any thread.

    Args:
        entry, writer: as ``Notebook.begin`` gives them.
        start_listening: see ``StartListening``; when that fails, the words come after the end, from the recording.
        submit: hands the entry over to the durable work, should its words not be known at the end.
        on_event: told what happens; Heard comes from another thread.
    """

    def __init__(
        self,
        notebook: Notebook,
        entry: Entry,
        writer: RecordingWriter,
        conversation: Conversation,
        start_listening: StartListening,
        submit: Callable[[str], None],
        on_event: Callable[[Event], None],
    ) -> None:
        self.entry_id = entry.id
        self.conversation = conversation
        self.on_event = on_event
        self._notebook = notebook
        self._writer = writer
        self._submit = submit
        self._gathered = bytearray()
        self._quiet_since = 0.0
        self._tone_told = False
        self._words: list[Word] = []
        self._live = self._listening(start_listening)
        self._stopped = False

    @property
    def seconds(self) -> float:
        """How much is safe on disk."""
        return self._writer.bytes_written / (MICROPHONE_RATE_HZ * BYTES_PER_FRAME)

    @property
    def words(self) -> tuple[Word, ...]:
        """What has been heard by now."""
        return tuple(self._words)

    # --- Speaking ------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Tells what is to be said to the person now."""
        plan, index = self.conversation.plan, self.conversation.index
        self.on_event(Prompted(self.conversation.turn, index, len(plan.turns)))

    def listen(self) -> None:
        """Tells that the person is heard from now on."""
        self._quiet_since, self._tone_told = self.seconds, False
        self._tell_listening()

    def resume(self) -> None:
        """Somebody comes back after a line broke: writes what came over it, and tells where things stand.

        Half a sample at its end is let go: whoever comes back sends all of it again.
        """
        self.save()
        self._gathered.clear()
        self.ask()
        self._tell_listening()
        if self._words:
            self.on_event(Heard(self.words))

    def _tell_listening(self) -> None:
        self.on_event(Listening(self.entry_id, self.seconds, self.conversation.plan.timebox_seconds))

    def hear(self, sound: bytes) -> None:
        """Takes what the person says: 16 bit samples, little endian, mono at ``MICROPHONE_RATE_HZ``.

        Raises:
            DiskFull, JournalUnreadable: it could not be kept; all before it is. ``stop`` still files that.
        """
        self._gathered += sound
        # The very first sound is not gathered: from then on there is an entry that nothing can lose.
        if len(self._gathered) >= SAVE_BYTES or not self._writer.bytes_written:
            self.save()

    def save(self) -> None:
        """Writes what is gathered. Raises as ``hear``."""
        whole = len(self._gathered) // BYTES_PER_FRAME * BYTES_PER_FRAME
        if not whole:
            return
        sound = bytes(self._gathered[:whole])
        self._writer.append(sound)
        del self._gathered[:whole]
        self.on_event(Saved(self.seconds))
        self._understand(sound)

    def next(self) -> bool:
        """Goes on to the next question; False when there is none, and it is time to ``stop``."""
        return self._turn(self.conversation.next)

    def skip(self) -> bool:
        """Leaves this question out. Else as ``next``."""
        return self._turn(self.conversation.skip)

    def back(self) -> bool:
        """Asks the question before again. Always True."""
        return self._turn(self.conversation.back)

    # --- Ending --------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """The person is done: what they said is complete on disk. Afterwards ``file`` it.

        Raises:
            NothingRecorded: there is no sound at all; the entry is gone.
            DiskFull: its end cannot be marked; what is on disk comes back as recovered.
        """
        with suppress(DiskFull):  # what no longer fits is lost, and was told when it came; the rest is not
            self.save()
        if not self._writer.bytes_written:
            self.discard()
            raise NothingRecorded
        answers = self.conversation.end(self.seconds)
        self._stopped = True
        with self._writer:
            self._writer.finish()
        self._notebook.finish_recording(self.entry_id, answers)
        self.on_event(Closing(self.conversation.plan.closing))

    def file(self) -> Entry:
        """Waits for the last words and files the entry; if they do not come, the durable work writes it down."""
        try:
            if self._live is None:
                self._submit(self.entry_id)
            else:
                self._notebook.file(self.entry_id, self._live.finish())
        except Exception as fault:  # noqa: BLE001 - whatever went wrong, the recording is whole and can be tried again
            _log.warning("%s is written down anew after %s", self.entry_id, type(fault).__name__)
            self._submit(self.entry_id)
        return self._notebook.entry(self.entry_id)

    def break_off(self) -> None:
        """Whoever was speaking is gone: what is on disk counts as cut off, and comes back as recovered."""
        if not self._stopped:
            with suppress(OutbreathError):
                self.save()
        self._writer.close()
        self._abandon()

    def discard(self) -> None:
        """As if it had never been begun."""
        self._gathered.clear()
        self._writer.close()
        self._abandon()
        self._notebook.delete(self.entry_id)

    # --- Inside --------------------------------------------------------------------------------------------------

    def _understand(self, sound: bytes) -> None:
        if self._live is None:
            return
        samples = np.frombuffer(sound, dtype="<i2").astype(np.int16)
        self._live.push(AudioClip.from_int16(samples, MICROPHONE_RATE_HZ))
        silent_seconds = min(self._live.silent_seconds, self.seconds - self._quiet_since)
        if silent_seconds < LONG_SILENCE_SECONDS:
            self._tone_told = False
        elif not self._tone_told:
            self._tone_told = True
            self.on_event(LongSilence(silent_seconds))

    def _turn(self, go: Callable[[float], bool]) -> bool:
        self.save()
        if self._live is not None:
            self._live.cut()
        went = go(self.seconds)
        if went:
            try:
                self._notebook.answered(self.entry_id, self.conversation.answers)
            except OutbreathError as error:  # they are kept again at the end; until then only a crash could lose them
                _log.warning("the questions of %s are not kept yet: %s", self.entry_id, error.code)
            self.ask()
        return went

    def _listening(self, start_listening: StartListening) -> LiveTranscriber | None:
        try:
            return start_listening(self._heard)
        except OutbreathError as error:
            _log.warning("%s is written down after its end: %s", self.entry_id, error.code)
            return None

    def _heard(self, words: tuple[Word, ...]) -> None:
        if words:
            self._words.extend(words)
            self.on_event(Heard(words))

    def _abandon(self) -> None:
        if self._live is not None:
            self._live.abandon()


TURNS: Final[dict[Press, Callable[[SpokenEntry], bool]]] = {
    "next": SpokenEntry.next,
    "skip": SpokenEntry.skip,
    "back": SpokenEntry.back,
}
"""What to do for each press. False means that there is no question left, and it is time to stop."""
