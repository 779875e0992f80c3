"""Transcription: words, speed and inventions, against faster-whisper called plainly on the same clips in one run.

``python -m benchmarks.transcription [FOLDER] [--model NAME]``; the folder holds ``speech/`` and ``nonspeech/``, each
with a ``manifest.tsv``. Both ways use the same model folder, 8 bit weights and as many threads.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer

from audio.files import decode
from benchmarks.clips import DATA, manifest, normalised
from benchmarks.figures import Figure, table
from voice.model_store import ModelStore
from voice.transcriber import transcribe
from voice.whisper_engine import WhisperEngine

THREADS = 2

Hear = Callable[[Path], str]


@dataclass(slots=True)
class Score:
    """What one way of transcribing did with all clips."""

    references: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    audio_seconds: float = 0.0
    work_seconds: float = 0.0
    invented_words: int = 0
    clips_with_inventions: int = 0

    @property
    def word_error_percent(self) -> float:
        return 100 * jiwer.wer(self.references, self.heard)

    @property
    def real_time_factor(self) -> float:
        return self.work_seconds / self.audio_seconds


def measure(data: Path, model: str) -> list[Figure]:
    """Runs both ways clip by clip in turn, so that a busy moment of the machine meets both."""
    with tempfile.TemporaryDirectory() as folder:
        models = ModelStore(Path(folder))
        engine = WhisperEngine(models, model, THREADS)
        engine.warm()
        ways = {"ours": _ours(engine), "plain": _plain(models.whisper(model))}
        scores = {way: Score() for way in ways}
        for clip in manifest(data / "speech"):
            for way, hear in ways.items():
                _hear_speech(scores[way], hear, data / "speech" / clip["file"], clip)
        clips = manifest(data / "nonspeech")
        for clip in clips:
            for way, hear in ways.items():
                words = len(normalised(hear(data / "nonspeech" / clip["file"])).split())
                scores[way].invented_words += words
                scores[way].clips_with_inventions += bool(words)
    return _figures(scores["ours"], scores["plain"], len(clips), model)


def _hear_speech(score: Score, hear: Hear, path: Path, clip: dict[str, str]) -> None:
    began = time.perf_counter()
    text = hear(path)
    score.work_seconds += time.perf_counter() - began
    score.audio_seconds += float(clip["duration_s"])
    score.references.append(normalised(clip["reference"]))
    score.heard.append(normalised(text))


def _figures(ours: Score, plain: Score, quiet_clips: int, model: str) -> list[Figure]:
    minutes = ours.audio_seconds / 60
    return [
        Figure(
            f"word error rate with {model}, {len(ours.heard)} clips, {minutes:.0f} min",
            f"≤ {plain.word_error_percent:.1f} % (faster-whisper plainly) + 0.5",
            f"{ours.word_error_percent:.1f} %",
        ),
        Figure(
            f"time taken, of the sound's own, {THREADS} threads",
            "≤ 0.20",
            f"{ours.real_time_factor:.3f} (plainly {plain.real_time_factor:.3f})",
        ),
        Figure(
            f"words invented in {quiet_clips} clips without speech",
            "none",
            f"{ours.invented_words} in {ours.clips_with_inventions} clips "
            f"(plainly {plain.invented_words} in {plain.clips_with_inventions})",
        ),
    ]


def _ours(engine: WhisperEngine) -> Hear:
    return lambda path: transcribe(decode(path), engine, "en").text


def _plain(folder: Path) -> Hear:
    from faster_whisper import WhisperModel

    model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)

    def hear(path: Path) -> str:
        segments, _ = model.transcribe(str(path), language="en")
        return "".join(segment.text for segment in segments)

    return hear


def main() -> None:
    """Prints the figures as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA)
    parser.add_argument("--model", default="base")
    chosen = parser.parse_args()
    print(table(measure(chosen.folder, chosen.model)))


if __name__ == "__main__":
    main()
