"""What a speaker and a microphone do, whether they are a sound card or a WAV file."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from audio.clip import AudioClip


class PlaybackControl:
    """Pause, resume and stop, safe to call from any thread."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._stopped = threading.Event()
        self.played_seconds = 0.0
        """How much has sounded so far, as the speaker tells; a pause adds nothing."""
        self.delay_seconds = 0.0
        """How long after it was played it is heard, as the speaker tells: the device holds so much back."""

    def pause(self) -> None:
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def stop(self) -> None:
        self._stopped.set()
        self._running.set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def wait_while_paused(self, timeout_seconds: float | None = None) -> None:
        """Returns once running again or stopped, or after the timeout."""
        self._running.wait(timeout_seconds)


class Speaker(Protocol):
    """Plays sound."""

    def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:
        """Plays blocks of one format in order and returns when the last has sounded or ``control`` stopped it.

        Returns the number of frames that were played.

        Raises:
            NoSoundCard: there is no device.
            DeviceLost: the device went away while playing.
        """
        ...


class Microphone(Protocol):
    """Hears sound."""

    def listen(self, sample_rate: int) -> AbstractContextManager[Iterator[AudioClip]]:
        """Opens the microphone; the iterator yields mono blocks of at most half a second until closed.

        Leaving the context closes the device. A device that is a file ends by itself.

        Raises:
            NoMicrophone: there is no device.
            DeviceLost: the device went away while listening.
        """
        ...
