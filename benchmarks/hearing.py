"""Words while one speaks: as right as afterwards, and none where nobody spoke.

``python -m benchmarks.hearing [FOLDER]``; the peer is faster-whisper called plainly on the finished recording, with the
same model folder, 8 bit weights and as many threads.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jiwer
import numpy as np

from audio.clip import Samples
from benchmarks.clips import DATA, Entry, joined, manifest, normalised, samples_of
from benchmarks.figures import Figure, table
from core.transcript import UNCERTAIN_BELOW, Transcript
from voice.live_transcriber import LiveTranscriber
from voice.model_store import ModelStore
from voice.speech_to_text import SAMPLE_RATE_HZ
from voice.whisper_engine import WhisperEngine

THREADS = 2
LONG_ENTRIES = 3
LONG_MINUTES = 5
NOISES = {
    "room noise": None,
    "rain": "esc10/Rain/*",
    "silence": "",
}
NOISY_MINUTES = 10
MOST_BEHIND_SECONDS = 60
TOUCH_SECONDS = 0.6
"""So near to a clip a word may still belong to it."""
VOCABULARY = ("metoprolol", "Ward 7B", "Anneliese", "Dr. Okafor", "haloperidol")

Hear = Callable[[Entry], Transcript | str]


def measure(data: Path) -> list[Figure]:
    """Everything with the model base."""
    with tempfile.TemporaryDirectory() as folder:
        models = ModelStore(Path(folder))
        engine = WhisperEngine(models, "base", THREADS)
        engine.warm()
        plain = _plain(models.whisper("base"))
        clips = [
            Entry(samples_of(data / "speech" / clip["file"]), clip["reference"], ())
            for clip in manifest(data / "speech")
        ]
        long = [joined(data, LONG_MINUTES, seed, (0.3, 4.0), None) for seed in range(LONG_ENTRIES)]
        return [
            *_words("46 clips", clips, engine, plain),
            *_words(f"{LONG_ENTRIES} joined entries of {LONG_MINUTES} min", long, engine, plain),
            *_inventions(data, engine),
        ]


def live(entry: Entry, engine: WhisperEngine, vocabulary: Sequence[str] = ()) -> Transcript:
    """What is heard while it is spoken. Faster than life, but never so fast that the recogniser falls behind."""
    transcriber = LiveTranscriber(engine, "en", vocabulary)
    for block in entry.blocks():
        transcriber.push(block)
        while transcriber.behind_seconds > MOST_BEHIND_SECONDS:
            time.sleep(0.05)
    return transcriber.finish()


def _words(name: str, entries: Sequence[Entry], engine: WhisperEngine, plain: Callable[[Entry], str]) -> list[Figure]:
    said = [normalised(entry.reference) for entry in entries]
    transcripts = [live(entry, engine) for entry in entries]
    ours = 100 * jiwer.wer(said, [normalised(transcript.text) for transcript in transcripts])
    theirs = 100 * jiwer.wer(said, [normalised(plain(entry)) for entry in entries])
    reach = f"≤ {theirs:.1f} % (faster-whisper, afterwards) + 0.5"
    return [
        Figure(f"word errors while speaking, {name}", reach, f"{ours:.1f} %"),
        _certainty(name, said, transcripts),
    ]


def _certainty(name: str, said: Sequence[str], transcripts: Sequence[Transcript]) -> Figure:
    """How often words are wrong that are marked as uncertain, and those that are not."""
    wrong: dict[bool, list[bool]] = {True: [], False: []}
    for reference, transcript in zip(said, transcripts, strict=True):
        heard = [(part, word.uncertain) for word in transcript.words for part in normalised(word.text).split()]
        if not heard:
            continue
        aligned = jiwer.process_words(reference, " ".join(part for part, _ in heard)).alignments[0]
        for chunk in aligned:
            for place in range(chunk.hyp_start_idx, chunk.hyp_end_idx):
                wrong[heard[place][1]].append(chunk.type != "equal")
    shares = {kind: 100 * float(np.mean(marks)) for kind, marks in wrong.items()}
    return Figure(
        f"words below a probability of {UNCERTAIN_BELOW}, {name}",
        "shown",
        f"{len(wrong[True])} of {sum(map(len, wrong.values()))}; {shares[True]:.0f} % of them wrong, "
        f"of the others {shares[False]:.0f} %",
    )


def _inventions(data: Path, engine: WhisperEngine) -> list[Figure]:
    clips = [Entry(samples_of(data / "nonspeech" / clip["file"]), "", ()) for clip in manifest(data / "nonspeech")]
    figures = []
    for how, vocabulary in (("", ()), (", with a vocabulary", VOCABULARY)):
        words = sum(len(live(clip, engine, vocabulary).words) for clip in clips)
        figures.append(Figure(f"words in {len(clips)} clips without speech{how}", "0", str(words)))
    for seed, (name, pattern) in enumerate(NOISES.items()):
        entry = joined(data, NOISY_MINUTES, seed, (2.0, 30.0), _noise(data, pattern))
        middles = [(word.start + word.end) / 2 for word in live(entry, engine).words]
        touched = sum(
            any(start + TOUCH_SECONDS < middle < end - TOUCH_SECONDS for middle in middles)
            for start, end in entry.pauses
        )
        figures.append(
            Figure(f"pauses of 2 to 30 s of {name} with a word in them", "≤ 1 %", f"{touched} of {len(entry.pauses)}")
        )
    return figures


def _noise(data: Path, pattern: str | None) -> Samples | None:
    if pattern is None:
        return None
    found = sorted((data / "nonspeech").glob(pattern)) if pattern else []
    return np.concatenate([samples_of(path) for path in found]) if found else np.zeros(SAMPLE_RATE_HZ, dtype=np.float32)


def _plain(folder: Path) -> Callable[[Entry], str]:
    from faster_whisper import WhisperModel

    model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)
    return lambda entry: "".join(segment.text for segment in model.transcribe(entry.samples, language="en")[0])


if __name__ == "__main__":
    print(table(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)))
