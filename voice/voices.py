"""Chooses a voice by its name."""

from __future__ import annotations

from core.errors import UnknownVoice
from voice.hibari_engine import HibariEngine
from voice.model_store import SHIPPED_VOICES, ModelStore
from voice.piper_engine import PiperVoiceEngine
from voice.text_to_speech import TextToSpeech

SHIPPED = SHIPPED_VOICES


def voice(name_or_path: str, models: ModelStore, threads: int = 2) -> TextToSpeech:
    """A voice, not yet loaded: ``joe``, ``hibari``, or the path of a Piper voice (``.onnx``, its ``.json`` beside it).

    Raises:
        UnknownVoice: neither a shipped name nor a Piper voice.
    """
    if name_or_path == "hibari":
        return HibariEngine(models, threads)
    if name_or_path == "joe":
        return PiperVoiceEngine(models, name_or_path, threads)
    if not name_or_path.endswith(".onnx"):
        raise UnknownVoice(SHIPPED)
    models.piper(name_or_path)
    return PiperVoiceEngine(models, name_or_path, threads)
