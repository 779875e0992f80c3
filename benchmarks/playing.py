"""Playing for an hour: memory of the server that streams it, and of the player on the sound card."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import outbreath.wiring
from audio.clip import AudioClip
from audio.devices import PlaybackControl
from benchmarks.figures import Figure, table
from benchmarks.running_server import RunningServer, running_server
from core import settings
from voice.voices import SHIPPED

MINUTES = 60
STRETCH_SECONDS = 300
LOOK_SECONDS = 0.05
MEGABYTE = 1024 * 1024


class Nowhere:
    """A speaker that plays as fast as sound is made, and notes the memory of this process as time goes by."""

    def __init__(self) -> None:
        self.resident_mb: dict[float, float] = {}

    def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:  # noqa: ARG002  # nobody pauses here
        frames = 0
        for block in blocks:
            frames += block.frames
            self.resident_mb[frames / block.sample_rate] = resident_mb()
        return frames


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * 4096 / MEGABYTE


def measure() -> list[Figure]:
    """An hour of morning-arrival with each shipped voice, streamed and played."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            figure
            for name in SHIPPED
            for figure in (*_streaming(Path(folder) / name, name), _playing(Path(folder) / f"{name}-played", name))
        ]


def _streaming(home: Path, voice: str) -> list[Figure]:
    with running_server(home) as server:
        unused = server.resident_mb()
        _stream(server, "between-clients", voice, minutes=1)
        idle = server.resident_mb()
        with _watching(server) as seen:
            _stream(server, "morning-arrival", voice, MINUTES)
    name = f"memory while streaming {MINUTES} minutes, {voice}"
    return [
        Figure(name, "≤ 150 MB above idle", f"{max(seen) - idle:.0f} MB (idle {idle:.0f} MB)"),
        Figure(f"{name}, loading the voice included", "shown", f"{max(seen) - unused:.0f} MB (before {unused:.0f} MB)"),
    ]


def _stream(server: RunningServer, slug: str, voice: str, minutes: int) -> None:
    parameters: dict[str, str | int] = {"minutes": minutes, "voice": voice}
    with server.client.stream("GET", f"/api/v1/sessions/{slug}/audio", params=parameters) as response:
        response.raise_for_status()
        for _ in response.iter_bytes():
            pass


@contextmanager
def _watching(server: RunningServer) -> Iterator[list[float]]:
    seen = [server.resident_mb()]
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            seen.append(server.resident_mb())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


def _playing(home: Path, voice: str) -> Figure:
    speaker = Nowhere()
    configured = settings.load(environment={"OUTBREATH_HOME": str(home), "OUTBREATH_VOICE": voice})
    with outbreath.wiring.build(configured, speaker=speaker) as parts:
        began = time.monotonic()
        performance = parts.guide.prepare("morning-arrival", MINUTES)
        parts.guide.perform(performance, parts.speaker, None, lambda _: None)
        took_seconds = time.monotonic() - began
    first = median(mb for seconds, mb in speaker.resident_mb.items() if seconds <= STRETCH_SECONDS)
    last = median(mb for seconds, mb in speaker.resident_mb.items() if seconds > 60 * MINUTES - STRETCH_SECONDS)
    return Figure(
        f"memory in the last five minutes of {MINUTES} played, over the first five, {voice}",
        "no more",
        f"{last - first:+.0f} MB (played in {took_seconds:.0f} s; most {max(speaker.resident_mb.values()):.0f} MB)",
    )


if __name__ == "__main__":
    print(table(measure()))
