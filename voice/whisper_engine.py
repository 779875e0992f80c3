"""Whisper: the only module that imports ``faster_whisper`` and ``ctranslate2``."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any, Final

from audio.clip import AudioClip
from core.errors import ModelDamaged, TranscriptionFailed, UnknownLanguage
from core.transcript import Word
from voice.lazy_model import LazyModel
from voice.loops import without_loops
from voice.memory import give_back
from voice.model_files import Progress
from voice.model_store import ModelStore
from voice.onnx_runtime import quiet
from voice.speech_to_text import SAMPLE_RATE_HZ

BEAM_SIZE: Final = 5

# The thresholds of the Whisper paper (Radford et al. 2022, section 4.5): beyond them a decoding has failed.
LOG_PROBABILITY: Final = -1.0
COMPRESSION_RATIO: Final = 2.4
NO_SPEECH_PROBABILITY: Final = 0.6

SUREST_AT_LEAST: Final = 0.12
"""Of single words made up out of sneezes, laughter and cries the surest had 0.06; of real ones the least sure 0.21."""

PERHAPS_NO_SPEECH_PROBABILITY: Final = 0.4
"""A vocabulary makes the decoder bold: it hears names in a sneeze. What may be no speech at all is decoded without it.
Real speech has at most 0.35, cries and sneezes have more than 0.45."""

TEMPERATURES: Final = (0.0, 0.2, 0.4)
"""Of the second, careful pass, tried in turn. Higher ones mostly invent."""

CAREFUL_FROM_SECONDS: Final = 3.0
"""In less sound than this a failed pass was a cough or a laugh; to try again is to invite a guess."""

TOKENS_PER_SECOND: Final = 12
TOKENS_AT_LEAST: Final = 40
MOST_TOKENS: Final = 400
"""People say about 4 tokens a second, 8 when they hurry; a decoder that repeats itself is stopped above that."""

JOINED_BY: Final = ("-", "'", "’")


def available() -> bool:
    """True if faster-whisper is installed; it is not loaded by asking."""
    return importlib.util.find_spec("faster_whisper") is not None


class WhisperEngine:
    """faster-whisper on the CPU with 8 bit weights.

    A stretch is decoded in a single pass, which its length allows; faster-whisper's usual way goes over the end of
    a stretch again and costs a quarter more. Only when that pass fails by Whisper's own measure, the usual way
    follows with its higher temperatures. What still fails is left out: no word is better than an invented one.

    Args:
        models: where the model's files are.
        name: ``base``, ``tiny.en``, or the folder of a CTranslate2 Whisper model.
        threads: CPU threads.
        progress: follows the joining of the model's halves on the very first load.
    """

    def __init__(
        self, models: ModelStore, name: str = "base", threads: int = 2, progress: Progress | None = None
    ) -> None:
        self._models = models
        self._source = name
        self._threads = threads
        self._progress = progress
        self._model: LazyModel[Any] = LazyModel(self._load)

    @property
    def name(self) -> str:
        return Path(self._source).name

    @property
    def loaded(self) -> bool:
        return self._model.loaded

    def warm(self) -> None:
        self._model.get()

    def recognise(
        self, stretch: AudioClip, language: str | None, vocabulary: Sequence[str] = ()
    ) -> tuple[tuple[Word, ...], str | None]:
        if stretch.channels != 1 or stretch.sample_rate != SAMPLE_RATE_HZ:
            raise ValueError("the recogniser needs mono sound at 16 kHz")
        if not stretch.frames:
            return (), None
        pipeline = self._model.get()
        try:
            segments, heard = _decoded(
                pipeline, stretch, {"language": language, "hotwords": ", ".join(vocabulary) or None}
            )
            if vocabulary and any(segment.no_speech_prob > PERHAPS_NO_SPEECH_PROBABILITY for segment in segments):
                segments, heard = _decoded(pipeline, stretch, {"language": language, "hotwords": None})
        except (RuntimeError, ValueError):
            if language is not None and language not in pipeline.model.supported_languages:
                raise UnknownLanguage from None
            # The engine's own message can hold words.
            raise TranscriptionFailed from None
        finally:
            give_back()
        # A loop is cut to its first round; only what the engine itself does not believe is left out.
        believed = filter(_believed, segments)
        words = tuple(word for segment in believed for word in _said(segment, stretch.duration_seconds))
        return words, heard if words else None

    def _load(self) -> Any:
        folder = self._models.whisper(self._source, self._progress)
        quiet()
        import ctranslate2
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        # Temperatures above 0 draw lots; the same recording should give the same words.
        ctranslate2.set_random_seed(0)
        try:
            model = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError):
            raise ModelDamaged(self.name) from None
        give_back()
        return BatchedInferencePipeline(model)


def _decoded(pipeline: Any, stretch: AudioClip, hints: dict[str, str | None]) -> tuple[list[Any], str]:
    """In one pass if that goes well, else with care."""
    segments, heard = _single_pass(pipeline, stretch, hints)
    if all(map(_trusted, segments)):
        return segments, heard
    if stretch.duration_seconds < CAREFUL_FROM_SECONDS:
        return list(filter(_trusted, segments)), heard
    return _careful_pass(pipeline.model, stretch, hints | {"language": heard})


def _single_pass(pipeline: Any, stretch: AudioClip, hints: dict[str, str | None]) -> tuple[list[Any], str]:
    segments, about = pipeline.transcribe(
        stretch.samples,
        **hints,
        # The whole stretch as the one clip: no voice activity of its own, and a batch of one.
        clip_timestamps=[{"start": 0, "end": stretch.duration_seconds}],
        batch_size=1,
        beam_size=BEAM_SIZE,
        word_timestamps=True,
        max_new_tokens=_most_tokens(stretch),
    )
    return list(segments), about.language


def _careful_pass(model: Any, stretch: AudioClip, hints: dict[str, str | None]) -> tuple[list[Any], str]:
    segments, about = model.transcribe(
        stretch.samples,
        **hints,
        beam_size=BEAM_SIZE,
        temperature=TEMPERATURES,
        no_speech_threshold=NO_SPEECH_PROBABILITY,
        log_prob_threshold=LOG_PROBABILITY,
        compression_ratio_threshold=COMPRESSION_RATIO,
        condition_on_previous_text=False,
        word_timestamps=True,
        max_new_tokens=_most_tokens(stretch),
    )
    return list(segments), about.language


def _most_tokens(stretch: AudioClip) -> int:
    return min(MOST_TOKENS, TOKENS_AT_LEAST + ceil(TOKENS_PER_SECOND * stretch.duration_seconds))


def _trusted(segment: Any) -> bool:
    """False for what Whisper makes up out of noise: it does not believe it itself, or it goes round in circles."""
    return _believed(segment) and not _loops(segment)


def _believed(segment: Any) -> bool:
    """False when all of it is a guess: a sneeze is heard as "What?", and not one word stands out."""
    surest = max((word.probability for word in segment.words or ()), default=1.0)
    return bool(segment.avg_logprob >= LOG_PROBABILITY and surest >= SUREST_AT_LEAST)


def _loops(segment: Any) -> bool:
    """People who say a sentence twice compress as well as a loop does, so the measure alone is no proof."""
    words = [word.word for word in segment.words or ()]
    return segment.compression_ratio > COMPRESSION_RATIO and len(without_loops(words)) < len(words)


def _said(segment: Any, longest_seconds: float) -> list[Word]:
    words = _words(segment, longest_seconds)
    if segment.compression_ratio <= COMPRESSION_RATIO:
        return words
    return [words[place] for place in without_loops([word.text for word in words])]


def _words(segment: Any, longest_seconds: float) -> list[Word]:
    words: list[Word] = []
    for heard in segment.words or ():
        text = heard.word.strip()
        if not text:
            continue
        start = min(max(float(heard.start), 0.0), longest_seconds)
        end = min(max(float(heard.end), start), longest_seconds)
        word = Word(text=text, start=start, end=end, probability=min(1.0, max(0.0, float(heard.probability))))
        # The engine cuts "hot-headed" in two; what follows without a space belongs to the word before.
        if words and text.startswith(JOINED_BY) and not heard.word.startswith(" "):
            words[-1] = _joined(words[-1], word)
        else:
            words.append(word)
    return words


def _joined(first: Word, second: Word) -> Word:
    probability = min(first.probability, second.probability)
    return Word(text=first.text + second.text, start=first.start, end=second.end, probability=probability)
