"""Languages that the recogniser can be told to expect."""

from __future__ import annotations

from typing import Final

ENGLISH: Final = "en"
CODES: Final = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv th tr uk ur "
    "vi zh"
)
"""ISO 639-1 codes: of what Whisper has learnt, the languages it heard most of. The settings file takes any."""


def languages(speech_model: str) -> tuple[str, ...]:
    """Those that a model understands, by its name."""
    return (ENGLISH,) if speech_model.endswith(f".{ENGLISH}") else tuple(CODES.split())
