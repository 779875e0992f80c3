"""The steps from a recording to an entry. Each may be repeated; what makes them durable is in ``processing``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from core.errors import (
    DiskFull,
    JournalBusy,
    JournalUnreadable,
    OutbreathError,
    TranscriptionFailed,
    UnknownEntry,
)
from core.transcript import Transcript
from journal.entry import Failure, State
from journal.notebook import Notebook
from journal.recordings import RecordingReader

# These are the journal's troubles and pass; the recording is not to blame, so it has not failed.
PASSING = (DiskFull, JournalBusy, JournalUnreadable)
PAUSES_SECONDS = (0.5, 2.0, 5.0)
"""Before a step is tried again that such a trouble kept from its end; then its entry waits to be taken up anew."""

AT_A_TIME = 10
"""Entries in one step of background work: about half a second, after which recordings have their turn."""

_log = logging.getLogger(__name__)


class Stopped(BaseException):
    """The work was interrupted. No ``Exception``, so that nobody on the way takes it for an outcome."""


class Filing:
    """Writes down, tags and settles entries, and keeps to them what went wrong.

    Each step says whether there is anything left to do for the entry, and raises Stopped once interrupted.

    Args:
        transcribe: writes down what is said in a recording; it may raise any error of ``core.errors``. To interrupt
            it, its recording is closed under it.
    """

    def __init__(self, notebook: Notebook, transcribe: Callable[[RecordingReader], Transcript]) -> None:
        self._notebook = notebook
        self._transcribe = transcribe
        self._interrupted = threading.Event()
        self._recording: RecordingReader | None = None
        self._set_aside: dict[str, OutbreathError] = {}
        self._cannot_embed = False
        self._cannot_tag = False

    @property
    def steps(self) -> tuple[Callable[[str], bool], ...]:
        """All that is done to a recording, in this order."""
        return self.write_down, self.tag, self.embed, self.settle

    def interrupt(self) -> None:
        """Makes the step that is running end soon, and keeps others from beginning."""
        self._interrupted.set()
        recording = self._recording
        if recording is not None:
            recording.close()

    def resume(self) -> None:
        """Steps may begin again."""
        self._interrupted.clear()

    def put_aside(self, entry_id: str, trouble: OutbreathError) -> None:
        """Notes that an entry cannot be worked on for now, and why."""
        self._set_aside[entry_id] = trouble

    def set_aside(self) -> tuple[str, ...]:
        """Ids of the entries that were put aside; each is among them until it is taken up again."""
        return tuple(self._set_aside)

    def take_up(self, entry_id: str) -> None:
        """Notes that work on an entry begins anew, whatever kept it from its end before."""
        self._set_aside.pop(entry_id, None)

    def raise_trouble(self, entry_id: str) -> None:
        """Raises what an entry was put aside for; if it was not, does nothing."""
        trouble = self._set_aside.get(entry_id)
        if trouble is not None:
            raise trouble

    def write_down(self, entry_id: str) -> bool:
        """Has the recording transcribed and keeps what was heard."""
        self.take_up(entry_id)
        return self._step(self._write_down, entry_id)

    def tag(self, entry_id: str) -> bool:
        """Suggests tags for what was heard. Where the tagger fails, the entry is filed without."""
        return self._step(lambda entry_id: self._notebook.store_tags(entry_id) or True, entry_id)

    def settle(self, entry_id: str) -> bool:
        """The entry is ready."""
        return self._step(lambda entry_id: self._notebook.set_state(entry_id, State.READY), entry_id)

    def embed(self, entry_id: str) -> bool:
        """Finds out what the entry means. It is ready without that as well, and tried again later."""
        self._embedded(entry_id)
        return True

    def catch_up(self) -> bool:
        """Finds out what some older entries mean, and tags some anew; False when nothing more can be done for now."""
        self._go_on()
        if not self._cannot_embed:
            for entry_id in self._notebook.not_embedded(AT_A_TIME):
                if not self._embedded(entry_id):
                    return False
        if not self._cannot_tag:
            for entry_id in self._notebook.not_tagged(AT_A_TIME):
                if not self._tagged_anew(entry_id):
                    return False
        return self.has_to_catch_up()

    def has_to_catch_up(self) -> bool:
        """Whether some entry is not known to this version's encoder or tagger, and can be."""
        embeds = not self._cannot_embed and self._notebook.not_embedded(1)
        return bool(embeds or (not self._cannot_tag and self._notebook.not_tagged(1)))

    def give_up(self, entry_id: str) -> None:
        """The work on it never came to its end."""
        self._fail(entry_id, TranscriptionFailed())

    def _embedded(self, entry_id: str) -> bool:
        self._go_on()
        if self._cannot_embed:
            return False
        try:
            self._notebook.embed(entry_id)
        except UnknownEntry:
            pass  # it was deleted
        except PASSING as trouble:
            _log.warning("%s is found by its words only, for now: %s", entry_id, trouble.code)
            return False
        except Exception as fault:  # noqa: BLE001 - a broken encoder must not stop what else there is to do
            _log.error("entries are found by their words only after %s", type(fault).__name__)
            self._cannot_embed = True
            return False
        return True

    def _tagged_anew(self, entry_id: str) -> bool:
        self._go_on()
        try:
            self._cannot_tag = not self._notebook.store_tags(entry_id)
        except UnknownEntry:
            pass  # it was deleted
        except PASSING as trouble:
            _log.warning("%s keeps its tags for now: %s", entry_id, trouble.code)
            return False
        return not self._cannot_tag

    def _step(self, work: Callable[[str], bool | None], entry_id: str) -> bool:
        try:
            return self._patiently(work, entry_id)
        except UnknownEntry:
            return False  # it was deleted
        except PASSING as trouble:
            self._go_on()
            self.put_aside(entry_id, trouble)
        except OutbreathError as error:
            self._fail(entry_id, error)
        except Exception as fault:  # noqa: BLE001 - whatever an engine throws, the entry must not wait forever
            _log.error("%s failed with %s", entry_id, type(fault).__name__)
            self._fail(entry_id, TranscriptionFailed())
        return False

    def _patiently(self, work: Callable[[str], bool | None], entry_id: str) -> bool:
        for pause_seconds in PAUSES_SECONDS:
            self._go_on()
            try:
                return work(entry_id) is not False
            except PASSING:
                self._interrupted.wait(pause_seconds)
        self._go_on()
        return work(entry_id) is not False

    def _write_down(self, entry_id: str) -> bool:
        if self._notebook.entry(entry_id).state.settled:
            return False  # it was asked for twice, and is done
        self._notebook.set_state(entry_id, State.TRANSCRIBING)
        with self._notebook.recording(entry_id) as recording:
            self._recording = recording
            self._go_on()  # an interruption just before did not see the recording
            try:
                transcript = self._transcribe(recording)
            finally:
                self._recording = None
        self._go_on()  # a decoder may take a closed file for its end
        self._notebook.store_transcript(entry_id, transcript)
        return not transcript.no_speech

    def _fail(self, entry_id: str, error: OutbreathError) -> None:
        self._go_on()  # a closed recording is no failure
        failure = Failure(code=error.code, message=error.message, next_step=error.next_step)
        try:
            self._notebook.set_state(entry_id, State.FAILED, failure)
        except UnknownEntry:
            return
        except OutbreathError as trouble:
            self.put_aside(entry_id, trouble)

    def _go_on(self) -> None:
        if self._interrupted.is_set():
            raise Stopped
