"""Starting, first sound and memory of the server."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, table
from benchmarks.running_server import RunningServer, running_server

SHARED_SPEECH = Path(__file__).resolve().parents[2] / "shared" / "data" / "speech" / "jfk" / "jfk.flac"
AUDIBLE = 33  # 16 bit steps: -60 dBFS
RUNS = 5


def measure() -> list[Figure]:
    """Starts real servers and asks them over HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        starts, idle_mb, cold, warm = [], [], [], []
        for _ in range(RUNS):
            shutil.rmtree(home / "cache", ignore_errors=True)
            with running_server(home) as server:
                starts.append(server.start_seconds)
                idle_mb.append(server.resident_mb())
                cold.append(first_sound_seconds(server))
                _play_to_the_end(server)
                warm.append(first_sound_seconds(server))
        with running_server(home) as server:
            _play_to_the_end(server)
            _transcribe(server)
            both_mb = server.resident_mb()
    return [
        Figure("start to the first page served", "≤ 3 s", _seconds(starts)),
        Figure("first sound, nothing spoken before", "≤ 1.0 s", _seconds(cold)),
        Figure("first sound, server warm", "≤ 0.5 s", _seconds(warm)),
        Figure("memory before either engine is used", "≤ 200 MB", f"{max(idle_mb):.0f} MB"),
        Figure("memory with both engines loaded", "≤ 700 MB", f"{both_mb:.0f} MB"),
    ]


def first_sound_seconds(server: RunningServer) -> float:
    """From the request to the first audible sample of ten minutes of morning-arrival."""
    began = time.perf_counter()
    with server.client.stream("GET", "/api/v1/sessions/morning-arrival/audio", params={"minutes": 10}) as response:
        response.raise_for_status()
        received = b""
        for piece in response.iter_bytes():
            received += piece
            samples = np.frombuffer(received[44 : len(received) - len(received) % 2], dtype="<i2")
            if np.abs(samples.astype(np.int32)).max(initial=0) > AUDIBLE:
                return time.perf_counter() - began
    raise AssertionError("a session without a sound")


def _play_to_the_end(server: RunningServer) -> None:
    server.client.get("/api/v1/sessions/morning-arrival/audio", params={"minutes": 10}).raise_for_status()


def _transcribe(server: RunningServer) -> None:
    with SHARED_SPEECH.open("rb") as speech:
        entry = server.client.post("/api/v1/entries", files={"audio": ("speech.flac", speech, "audio/flac")}).json()
    while server.client.get(f"/api/v1/entries/{entry['id']}").json()["state"] == "transcribing":
        time.sleep(0.2)


def _seconds(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} s (worst of {len(values)}: {max(values):.2f} s)"


if __name__ == "__main__":
    print(table(measure()))
