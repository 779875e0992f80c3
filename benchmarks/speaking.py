"""Speaking to a real server: how soon the entry is there, and what it costs meanwhile.

``python -m benchmarks.speaking [--minutes 1 1 1 5 15 60]``. Entries of up to 5 minutes are spoken in real time. Longer
ones come faster, as fast as the recogniser keeps pace, but for their last minute, which is spoken in real time too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from websockets.sync.client import ClientConnection, connect

from benchmarks.clips import DATA, Entry, joined
from benchmarks.figures import Figure, table
from benchmarks.running_server import RunningServer, running_server
from voice.model_store import ModelStore

FRAME_SECONDS = 0.1
FRAME_BYTES = 3_200
REAL_TIME_UP_TO_MINUTES = 5
PEER_UP_TO_MINUTES = 15
LAST_SECONDS = 60
MOST_AHEAD_SECONDS = 45
ASK_EVERY_SECONDS = 0.25
STARTS = 10
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Spoken:
    """One entry that was spoken, and what was seen meanwhile."""

    minutes: float
    wait_seconds: float = 0.0
    peer_seconds: float | None = None
    cores_used: float = 0.0
    grown_mb: float = 0.0
    answers_ms: list[float] = field(default_factory=list)


def measure(minutes: list[float]) -> list[Figure]:
    """Speaks entries of these lengths, each from another order of clips."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        speak(server, joined(DATA, 0.2, 99, (0.3, 1.0), None), 0.2)  # loads the models
        starts = [start_seconds(server) for _ in range(STARTS)]
        model = ModelStore(Path(folder) / "data" / "models").whisper("base")
        spoken = []
        for seed, length in enumerate(minutes):
            entry = joined(DATA, length, seed, (0.3, 4.0), None)
            one = speak(server, entry, length)
            # Its time grows with the length, which a quarter of an hour shows as well as an hour.
            one.peer_seconds = _whole_file(entry, model) if length <= PEER_UP_TO_MINUTES else None
            spoken.append(one)
    first = f"{statistics.median(starts):.2f} s (worst of {STARTS}: {max(starts):.2f} s)"
    return [
        *_waits(spoken),
        *_costs(spoken),
        Figure("from the command to the first sound on disk", "≤ 0.3 s", first),
    ]


def speak(server: RunningServer, entry: Entry, minutes: float) -> Spoken:
    """Speaks one entry and waits until it is ready."""
    spoken, done = Spoken(minutes), threading.Event()
    sound = (entry.samples * 32767).astype("<i2").tobytes()
    before_mb, before_seconds, began = server.resident_mb(), _processor_seconds(server), time.monotonic()
    asking = threading.Thread(target=_keep_asking, args=(server, spoken.answers_ms, done))
    with connect(_address(server), max_size=None) as line:
        heard = _Heard(line)
        asking.start()
        _send(line, sound, heard, real_time=minutes <= REAL_TIME_UP_TO_MINUTES)
        ended = time.monotonic()
        spoken.cores_used = (_processor_seconds(server) - before_seconds) / (ended - began)
        line.send(json.dumps({"type": "end"}))
        assert heard.until_ready()["entry"]["state"] == "ready"
        spoken.wait_seconds = time.monotonic() - ended
    done.set()
    asking.join()
    spoken.grown_mb = server.resident_mb() - before_mb
    return spoken


class _Heard:
    """Reads what the server tells, in a thread of its own."""

    def __init__(self, line: ClientConnection) -> None:
        self.seconds = 0.0
        self._last: dict[str, Any] = {}
        self._thread = threading.Thread(target=self._read, args=(line,))
        self._thread.start()

    def _read(self, line: ClientConnection) -> None:
        for message in line:
            self._last = json.loads(message)
            if self._last["type"] == "segment":
                self.seconds = self._last["end"]

    def until_ready(self) -> dict[str, Any]:
        self._thread.join()
        return self._last


def _send(line: ClientConnection, sound: bytes, heard: _Heard, *, real_time: bool) -> None:
    pieces = [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]
    last = 0 if real_time else max(0, len(pieces) - round(LAST_SECONDS / FRAME_SECONDS))
    for sent, piece in enumerate(pieces[:last]):
        line.send(piece)
        while sent * FRAME_SECONDS - heard.seconds > MOST_AHEAD_SECONDS:
            time.sleep(FRAME_SECONDS)
    began = time.monotonic()
    for sent, piece in enumerate(pieces[last:], 1):
        line.send(piece)
        time.sleep(max(0.0, began + sent * FRAME_SECONDS - time.monotonic()))


def _keep_asking(server: RunningServer, answers_ms: list[float], done: threading.Event) -> None:
    while not done.wait(ASK_EVERY_SECONDS):
        before = time.perf_counter()
        server.client.get("/api/v1/entries").raise_for_status()
        answers_ms.append(1000 * (time.perf_counter() - before))


def start_seconds(server: RunningServer) -> float:
    """From opening the line until a quarter of a second of sound, sent at once, is on disk."""
    before = time.perf_counter()
    with connect(_address(server)) as line:
        while json.loads(line.recv())["type"] != "listening":
            pass
        line.send(bytes(8_000))
        while json.loads(line.recv())["type"] != "saved":
            pass
        return time.perf_counter() - before


def _whole_file(entry: Entry, model: Path) -> float:
    """The peer: the command ``whisper-ctranslate2`` with the same model on the finished recording."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entry.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16_000)
            file.writeframes((entry.samples * 32767).astype(np.int16).tobytes())
        program = Path(sys.executable).with_name("whisper-ctranslate2")
        options = ("--language", "en", "--compute_type", "int8", "--threads", "2", "--device", "cpu")
        command = [program, "--model_directory", model, "--output_dir", folder, *options, path]
        before = time.monotonic()
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        return time.monotonic() - before


def _waits(spoken: list[Spoken]) -> list[Figure]:
    waits = [one.wait_seconds for one in spoken]
    rows = [
        Figure(
            f"{one.minutes:g} min: last word → ready, with tags",
            f"whole file afterwards: {one.peer_seconds:.1f} s" if one.peer_seconds else "as for 1 min",
            f"{one.wait_seconds:.2f} s",
        )
        for one in spoken
    ]
    overall = f"{statistics.median(waits):.2f} s median, {max(waits):.2f} s worst"
    return [Figure("last word → entry ready", "≤ 1.5 s median, ≤ 2.5 s worst", overall), *rows]


def _costs(spoken: list[Spoken]) -> list[Figure]:
    live = [one for one in spoken if one.minutes <= REAL_TIME_UP_TO_MINUTES]
    longest = max(spoken, key=lambda one: one.minutes)
    worst_ms = max(statistics.quantiles(one.answers_ms, n=20)[-1] for one in live)
    return [
        Figure("processor while speaking, of two cores", "≤ 0.35", f"{max(one.cores_used for one in live) / 2:.2f}"),
        Figure("`GET /entries` while somebody speaks", "p95 ≤ 100 ms", f"p95 {worst_ms:.0f} ms"),
        Figure(f"memory that {longest.minutes:g} min added", "flat", f"{longest.grown_mb:+.0f} MB"),
    ]


def _processor_seconds(server: RunningServer) -> float:
    fields = Path(f"/proc/{server.process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def _address(server: RunningServer) -> str:
    return str(server.client.base_url).rstrip("/").replace("http", "ws", 1) + "/api/v1/entries/live"


def main() -> None:
    """Prints the figures as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="+", default=[1, 1, 1, 5, 15, 60])
    print(table(measure(parser.parse_args().minutes)))


if __name__ == "__main__":
    main()
