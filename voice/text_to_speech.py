"""What a voice does, whichever engine speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from audio.clip import AudioClip


class TextToSpeech(Protocol):
    """A voice. Loads its model on first use, not when it is made."""

    @property
    def name(self) -> str:
        """The name people choose it by."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text would sound different: engine, model and delivery settings."""
        ...

    @property
    def sample_rate(self) -> int:
        """Hz of the clips that ``speak`` yields."""
        ...

    @property
    def typical_real_time_factor(self) -> float:
        """Seconds it takes for one second of speech on two cores that have nothing else to do."""
        ...

    @property
    def lines_at_once(self) -> int:
        """How many threads may be in ``speak`` at a time, where that is quicker than one after the other."""
        ...

    @property
    def loaded(self) -> bool:
        """True once the model is in memory."""
        ...

    def warm(self) -> None:
        """Loads the model now, so that the first words come without delay.

        Raises:
            ModelMissing, ModelDamaged: the voice's files are not there or not whole.
        """
        ...

    def speak(self, text: str) -> Iterator[AudioClip]:
        """Yields one mono clip per sentence, as soon as each is ready; nothing for a text without words.

        The same text always takes the same time, so that a session can be planned before it is spoken.

        Raises:
            ModelMissing, ModelDamaged: the voice's files are not there or not whole.
        """
        ...
