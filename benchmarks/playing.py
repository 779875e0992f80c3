"""Playing for an hour: memory of the server that streams it, and of the player on the sound card."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import outbreath.wiring
from audio.clip import AudioClip
from audio.devices import PlaybackControl
from benchmarks.figures import Figure, table
from benchmarks.running_server import RunningServer, running_server
from core import settings
from voice.voices import SHIPPED

MINUTES = 60
EARLY_SECONDS = 300
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
            for figure in (_streaming(Path(folder) / name, name), _playing(Path(folder) / f"{name}-played", name))
        ]


def _streaming(home: Path, voice: str) -> Figure:
    with running_server(home) as server:
        idle = server.resident_mb()
        with _watching(server) as seen:
            address = "/api/v1/sessions/morning-arrival/audio"
            with server.client.stream("GET", address, params={"minutes": MINUTES, "voice": voice}) as response:
                for _ in response.iter_bytes():
                    pass
    added = f"{max(seen) - idle:.0f} MB (idle {idle:.0f} MB)"
    return Figure(f"memory while streaming {MINUTES} minutes, voice and all, {voice}", "≤ 150 MB above idle", added)


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
    early = max(mb for seconds, mb in speaker.resident_mb.items() if seconds <= EARLY_SECONDS)
    grown = max(speaker.resident_mb.values()) - early
    return Figure(
        f"memory that playing {MINUTES} minutes adds after the first five, {voice}",
        "none",
        f"{grown:.0f} MB (played in {took_seconds:.0f} s)",
    )


if __name__ == "__main__":
    print(table(measure()))
