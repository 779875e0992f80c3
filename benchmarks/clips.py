"""The recordings that measurements hear: clips of speech with what is said in them, and entries joined from them."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio import files
from audio.clip import AudioClip, Samples
from voice.speech_to_text import SAMPLE_RATE_HZ

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

FILLERS = {"ah", "eh", "er", "erm", "hm", "hmm", "mhm", "mm", "uh", "um"}
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

ROOM_LEVEL = 0.0015
"""Noise of a quiet room, -56 dBFS."""
BLOCK_FRAMES = 4_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody's evening: ``samples`` mono at 16 kHz, what is said in it, and where nobody speaks."""

    samples: Samples
    reference: str
    pauses: tuple[tuple[float, float], ...]
    """(start, end) in seconds of all that lies between two clips."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE_HZ

    def blocks(self) -> Iterator[AudioClip]:
        """The entry as a microphone gives it."""
        for at in range(0, len(self.samples), BLOCK_FRAMES):
            yield AudioClip(self.samples[at : at + BLOCK_FRAMES], SAMPLE_RATE_HZ)


def normalised(text: str) -> str:
    """Words alone, for references and what was heard alike: no case, marks or fillers; digits as words."""
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’]", "", text.lower())).split()
    return " ".join(DIGITS[int(word)] if re.fullmatch(r"\d", word) else word for word in words if word not in FILLERS)


def manifest(folder: Path) -> list[dict[str, str]]:
    """The clips of a folder, as its list describes them."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def samples_of(path: Path) -> Samples:
    """A clip, mono at 16 kHz."""
    return np.concatenate([block.samples for block in files.decode(path, SAMPLE_RATE_HZ)])


def joined(data: Path, minutes: float, seed: int, pauses_seconds: tuple[float, float], noise: Samples | None) -> Entry:
    """Clips of speech in an order drawn by ``seed``, with pauses between them, about as long as asked.

    Args:
        pauses_seconds: shortest and longest pause.
        noise: what is heard in the pauses, over and over; None is a quiet room.
    """
    chance = random.Random(seed)  # noqa: S311  # the same entry every time, no secret
    room = np.random.default_rng(seed)
    clips = manifest(data / "speech")
    parts: list[Samples] = []
    said: list[str] = []
    pauses: list[tuple[float, float]] = []
    frames = 0
    while frames < minutes * 60 * SAMPLE_RATE_HZ:
        if len(said) % len(clips) == 0:
            chance.shuffle(clips)
        clip = clips[len(said) % len(clips)]
        speech = samples_of(data / "speech" / clip["file"])
        pause_frames = round(chance.uniform(*pauses_seconds) * SAMPLE_RATE_HZ)
        pause = room.normal(0, ROOM_LEVEL, pause_frames) if noise is None else np.resize(noise, pause_frames)
        start = frames + len(speech)
        frames = start + pause_frames
        pauses.append((start / SAMPLE_RATE_HZ, frames / SAMPLE_RATE_HZ))
        parts += [speech, pause.astype(np.float32)]
        said.append(clip["reference"])
    # It ends with the last word: who stops speaking does not wait for a pause.
    return Entry(np.concatenate(parts[:-1]), " ".join(said), tuple(pauses[:-1]))
