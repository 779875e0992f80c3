"""Chooses a voice by its name."""

from __future__ import annotations

from collections.abc import Callable

from voice.hibari_engine import HibariEngine
from voice.kokoro_engine import KokoroEngine
from voice.model_store import ModelStore
from voice.pinned_models import OPTIONAL_VOICES, SHIPPED_VOICES
from voice.piper_engine import PiperVoiceEngine
from voice.text_to_speech import TextToSpeech
from voice.writing import english_reads_all

SHIPPED = SHIPPED_VOICES
NAMED = SHIPPED_VOICES + OPTIONAL_VOICES
"""Voices with a name of their own, installed or not."""

SAMPLE = "Feel your feet on the floor. Let the breath out become a little longer than the breath in."
"""What a voice says for whoever wants to hear it first."""


def voice(name_or_path: str, models: ModelStore, threads: int = 2) -> TextToSpeech:
    """A voice, not yet loaded: one of ``NAMED``, or the path of a Piper voice.

    A Piper voice is an ``.onnx`` file with its ``.onnx.json`` beside it, or a folder with one such pair in it.

    Raises:
        UnknownVoice: neither a known name nor a Piper voice.
        UnclearVoiceFolder: a folder that doesn't hold exactly one voice.
        VoiceNotInstalled: an optional voice that isn't here.
    """
    if name_or_path == "hibari":
        return HibariEngine(models, threads)
    if name_or_path == "joe":
        return PiperVoiceEngine(models, name_or_path, threads)
    if name_or_path == "kokoro":
        # Told now, before a session is planned with it.
        models.expect(name_or_path)
        return KokoroEngine(models, threads)
    return PiperVoiceEngine(models, str(models.piper(name_or_path)), threads)


def can_speak(name_or_path: str) -> Callable[[str], bool]:
    """Whether a voice has sounds for the whole of a text. Of a person's own voice the best is believed."""
    return english_reads_all if name_or_path in NAMED else lambda _: True


def selectable(models: ModelStore) -> tuple[str, ...]:
    """Names of the voices that can speak here: those that ship, and optional ones that are installed."""
    present = models.present
    return SHIPPED_VOICES + tuple(name for name in OPTIONAL_VOICES if name in present)
