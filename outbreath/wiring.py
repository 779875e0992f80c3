"""The one place that picks engines and builds the parts.

``Outbreath`` serves the command line, the server and the tests; a test hands in its replacements by name. Every part
is made when it is first asked for, so that listing the sessions opens no journal and loads no engine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio import files
from audio.devices import Microphone, Speaker
from audio.soundcard import SoundCardMicrophone, SoundCardSpeaker
from core import logs
from core import settings as settings_files
from core.errors import JournalLocked
from core.settings import PREFIX, Configuration
from core.settings_file import Value
from core.transcript import Transcript
from journal.cipher import DataKey
from journal.entry import Entry
from journal.keys import DATABASE_FILE, RECORDINGS_FOLDER, Keys
from journal.meaning.encoder import TextEncoder
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.recordings import Recordings
from journal.tags.suggester import TagSuggester
from outbreath import keyboard
from outbreath.parts import Parts
from sessions import durations
from sessions.guide import Guide
from sessions.player import Player
from sessions.preparing import Preparing
from sessions.reflection import Reflections, transcribe_recording
from sessions.rendering import SAMPLE_RATE_HZ
from sessions.script_files import Library
from voice.live_transcriber import LiveTranscriber
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.speech_cache import SpeechCache
from voice.speech_to_text import SAMPLE_RATE_HZ as HEARING_RATE_HZ
from voice.speech_to_text import SpeechToText
from voice.transcriber import transcribe
from voice.voices import NAMED, can_speak, voice
from voice.whisper_engine import WhisperEngine

# The store's library takes longer to import than most commands take; sessions need none of it.
if TYPE_CHECKING:
    from journal.notebook import Notebook
    from journal.processing import Processing
    from journal.store import Store

PASSPHRASE_VARIABLE = PREFIX + "PASSPHRASE"


class Outbreath(Parts):
    """All parts of one installation. As a context manager it stops what it started."""

    def __init__(self, configuration: Configuration, **replacements: Any) -> None:
        super().__init__(configuration, **replacements)
        self._narrators: dict[str, Narrator] = {}

    def close(self) -> None:
        """Ends what is played, stops background work and closes the journal, if any of it was begun."""
        if "player" in self.__dict__:
            self.player.close()
        if "preparing" in self.__dict__:
            self.preparing.close()
        if "processing" in self.__dict__:
            self.processing.stop()
        if "store" in self.__dict__:
            self.store.close()

    def choose(self, values: Mapping[str, Value]) -> None:
        super().choose(values)
        # All else asks for a setting when it is needed; the guide was told once.
        self.guide.choose(self.settings.voice, self.settings.guidance, self.settings.bed)

    # --- Speech and sound -------------------------------------------------------------------------------------

    @cached_property
    def models(self) -> ModelStore:
        return ModelStore(self.places.models)

    @cached_property
    def recogniser(self) -> SpeechToText:
        return WhisperEngine(self.models, self.settings.speech_model, self.settings.threads)

    @cached_property
    def spoken_lines(self) -> SpeechCache:
        return SpeechCache(self.places.spoken_lines, self.settings.spoken_lines_limit_mb * 1_000_000)

    def narrator(self, voice_name: str | None = None) -> Narrator:
        """The voice of that name, or the one of the settings. The same one each time, since its model is large.

        Raises:
            UnknownVoice: there is no such voice.
        """
        name = voice_name or self.settings.voice
        with self._making:
            if name not in self._narrators:
                speaking = voice(name, self.models, self.settings.threads)
                # Only of voices with a name is it known beforehand how long their lines take.
                planned = durations.planned_seconds(name) if name in NAMED else None
                self._narrators[name] = Narrator(speaking, self.spoken_lines, SAMPLE_RATE_HZ, planned)
            return self._narrators[name]

    @cached_property
    def speaker(self) -> Speaker:
        return SoundCardSpeaker(self.settings.output_device)

    @cached_property
    def microphone(self) -> Microphone:
        return SoundCardMicrophone(self.settings.input_device)

    def transcribe_file(self, path: Path) -> Transcript:
        """What is said in a file; nothing is stored.

        Raises:
            UnreadableFile, UnreadableAudio: there is no sound to be had from it.
        """
        return transcribe(files.decode(path, HEARING_RATE_HZ), self.recogniser, self.settings.language)

    # --- Sessions ---------------------------------------------------------------------------------------------

    @cached_property
    def library(self) -> Library:
        return Library(self.places.scripts, self._can_speak)

    def _can_speak(self, text: str) -> bool:
        return can_speak(self.settings.voice)(text)

    @cached_property
    def guide(self) -> Guide:
        settings = self.settings
        return Guide(self.library, self.narrator, settings.voice, settings.guidance, settings.bed)

    @cached_property
    def player(self) -> Player:
        return Player(self.guide, self.speaker)

    @cached_property
    def preparing(self) -> Preparing:
        return Preparing(self.guide)

    # --- The journal ------------------------------------------------------------------------------------------

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.places.journal, self.settings.key_store)

    @cached_property
    def ask_passphrase(self) -> Callable[[], str] | None:
        """How to ask for a passphrase; None where nobody can be asked."""
        return None

    @cached_property
    def data_key(self) -> DataKey:
        try:
            return self.keys.open(os.environ.get(PASSPHRASE_VARIABLE))
        except JournalLocked:
            if self.ask_passphrase is None:
                raise
            return self.keys.open(self.ask_passphrase())

    def unlock(self, passphrase: str) -> None:
        """Opens a locked journal until the program ends, and takes on its work.

        Raises:
            WrongKey: this is not the passphrase.
        """
        self.__dict__["data_key"] = self.keys.open(passphrase)
        self.resume()

    @property
    def locked(self) -> bool:
        """The journal waits for its passphrase."""
        try:
            return not self.data_key
        except JournalLocked:
            return True

    @cached_property
    def store(self) -> Store:
        from journal.store import Store

        return Store.open(self.places.journal / DATABASE_FILE, self.data_key)

    @cached_property
    def tagger(self) -> TagSuggester:
        from journal.tags.trained_tagger import TrainedTagger

        return TrainedTagger(threads=self.settings.threads, meaning=self.minilm)

    @cached_property
    def text_encoder(self) -> TextEncoder:
        return self.minilm

    @cached_property
    def minilm(self) -> MiniLmEncoder:
        """One for tags and for the search: it reads an entry once for both."""
        return MiniLmEncoder(threads=self.settings.threads)

    @cached_property
    def notebook(self) -> Notebook:
        from journal.notebook import Notebook

        # Two requests may be the first at once; one journal is opened for both.
        with self._making:
            if "notebook" in self.__dict__:
                return self.__dict__["notebook"]  # type: ignore[no-any-return]
            recordings = Recordings(self.places.journal / RECORDINGS_FOLDER, self.data_key)
            hour = self.settings.day_starts_at_hour
            return Notebook(self.store, recordings, self.tagger, self.clock, hour, self.text_encoder)

    def write(self, text: str, guide: str | None = None, spoken_at: datetime | None = None) -> Entry:
        """Files a typed entry.

        Raises:
            UnknownSession: no such guide.
            EmptyText, TooMuchText, BadValue: see ``Notebook.write``.
        """
        if guide is not None:
            self.library.script(guide)
        return self.notebook.write(text, guide, spoken_at)

    @cached_property
    def processing(self) -> Processing:
        from journal.processing import Processing

        with self._making:
            if "processing" in self.__dict__:
                return self.__dict__["processing"]  # type: ignore[no-any-return]
            return Processing(
                self.places.journal,
                self.data_key,
                self.notebook,
                lambda recording: transcribe_recording(
                    recording, self.recogniser, self.settings.language, self.notebook.vocabulary.words()
                ),
            )

    def resume(self) -> None:
        """Opens the journal and takes on its work: what was left unfinished, and what comes. Loads no engine."""
        self.processing.start()

    @cached_property
    def reflections(self) -> Reflections:
        return Reflections(
            self.notebook,
            self.processing.submit,
            self.library,
            self.narrator,
            self.speaker,
            self.microphone,
            lambda on_words: LiveTranscriber(
                self.recogniser, self.settings.language, self.notebook.vocabulary.words(), on_words
            ),
        )


def configuration(**flags: Any) -> Configuration:
    """The settings of this process, with the flags that were given."""
    return settings_files.load(flags)


def build(configured: Configuration, **replacements: Any) -> Outbreath:
    """All parts for a configuration."""
    return Outbreath(configured, **replacements)


def from_environment(**flags: Any) -> Outbreath:
    """All parts for the settings of this process, which asks for a passphrase where somebody can answer."""
    configured = configuration(**flags)
    logs.configure(configured.settings.log_level)
    return Outbreath(configured, ask_passphrase=keyboard.ask_passphrase if sys.stdin.isatty() else None)
