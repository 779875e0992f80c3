"""Rendering: how long it takes beside piper alone, how exact the lengths and the cues are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from audio import files
from benchmarks.figures import Figure, table
from core import settings
from outbreath import wiring
from voice.model_store import ModelStore
from voice.piper_engine import LENGTH_SCALE, NOISE_SCALE
from voice.voices import SHIPPED

RATE_HZ = 48_000
LENGTHS_MINUTES = (3, 10, 20, 60)
FORMATS = ("wav", "mp3", "ogg", "opus", "m4a", "flac")
SILENT_DBFS = -60.0
ONSET_DBFS = -50.0


def measure() -> list[Figure]:
    """Runs the command line in a home of its own, engines and start of the program included."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        figures = [figure for name in SHIPPED for figure in _speed(home / name, name)]
        errors = [_length_error_ms(home, minutes, "wav") for minutes in LENGTHS_MINUTES]
        formats = {name: _length_error_ms(home, 3, name) for name in FORMATS}
        onsets = _cue_errors_ms(home)
    return [
        *figures,
        Figure("length at 3, 10, 20, 60 minutes", "± 50 ms", f"{max(map(abs, errors)):.1f} ms off at most"),
        Figure(
            "length in every format",
            "± 50 ms and a frame",
            ", ".join(f"{n} {ms:+.1f}" for n, ms in formats.items()) + " ms",
        ),
        Figure(
            "onset of spoken lines against the timeline",
            "± 20 ms",
            f"{max(onsets):.1f} ms at most of {len(onsets)} lines",
        ),
    ]


def _speed(home: Path, voice: str) -> list[Figure]:
    home.mkdir()
    first = _render(home, 10, voice)
    again = [_render(home, 10, voice) for _ in range(5)]
    hour = _render(home, 60, voice)
    figures = [
        Figure(f"10 minutes of morning-arrival, first time, {voice}", "≤ 10 s", f"{first:.1f} s"),
        Figure("the same again", "≤ 1 s", _middle_and_worst(again)),
        Figure("the same again, by a program that runs already", "≤ 1 s", _middle_and_worst(_warm(home, voice))),
        Figure(f"60 minutes of it, its further lines spoken, {voice}", "≤ 30 s", f"{hour:.1f} s"),
    ]
    if voice == "joe":
        plain = _plain_piper_seconds(home)
        ratio = f"{first / plain:.2f} ({first:.1f} s, {plain:.1f} s)"
        figures.append(Figure("10 minutes, beside the piper command speaking its lines alone", "≤ 1.2", ratio))
    return figures


def _warm(home: Path, voice: str) -> list[float]:
    """Seconds of five renders in this process, all lines spoken before."""
    configured = settings.load(environment={"OUTBREATH_HOME": str(home), "OUTBREATH_VOICE": voice})
    took = []
    with wiring.build(configured) as parts:
        for _ in range(5):
            began = time.perf_counter()
            parts.guide.prepare("morning-arrival", 10).write(home / "rendered.wav")
            took.append(time.perf_counter() - began)
    return took


def _middle_and_worst(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} s (worst of {len(seconds)}: {max(seconds):.2f} s)"


def _plain_piper_seconds(home: Path) -> float:
    """The same lines through piper's own command line, as slowly delivered, into files."""
    cues = json.loads(_outbreath(home, "timeline", "morning-arrival", "--minutes", "10", "--voice", "joe", "--json"))
    lines = dict.fromkeys(cue["text"] for cue in cues["cues"] if cue["spoken"])
    (home / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
    model = ModelStore(home / "models").piper("joe")
    command = [sys.executable, "-m", "piper", "-m", str(model)]
    files = ["-i", str(home / "lines.txt"), "-d", str(home / "plain")]
    delivery = ["--length-scale", str(LENGTH_SCALE), "--noise-scale", str(NOISE_SCALE), "--noise-w-scale", "0"]
    began = time.perf_counter()
    subprocess.run([*command, *files, *delivery], check=True, capture_output=True)
    return time.perf_counter() - began


def _outbreath(home: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "outbreath", *arguments],
        env=os.environ | {"OUTBREATH_HOME": str(home)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _render(home: Path, minutes: float, voice: str) -> float:
    began = time.perf_counter()
    options = ("--minutes", str(minutes), "--voice", voice, "-o", str(home / "rendered.wav"))
    _outbreath(home, "render", "morning-arrival", *options)
    return time.perf_counter() - began


def _length_error_ms(home: Path, minutes: float, ending: str) -> float:
    path = home / f"length.{ending}"
    _outbreath(home, "render", "morning-arrival", "--minutes", str(minutes), "-o", str(path))
    frames = sum(clip.frames for clip in files.decode(path, RATE_HZ))
    return (frames / RATE_HZ - minutes * 60) * 1000


def _cue_errors_ms(home: Path) -> list[float]:
    """For spoken lines that follow a silence: where they become audible, less where the timeline has them."""
    options = ("morning-arrival", "--minutes", "10", "--bed", "none")
    cues = json.loads(_outbreath(home, "timeline", *options, "--json"))["cues"]
    _outbreath(home, "render", *options, "-o", str(home / "cues.wav"))
    sound = np.concatenate([clip.samples for clip in files.decode(home / "cues.wav", RATE_HZ)])
    errors = []
    for cue in cues:
        if cue["kind"] != "line":
            continue
        at = round(cue["start"] * RATE_HZ)
        before, after = sound[max(0, at - RATE_HZ // 10) : at], sound[at : at + RATE_HZ // 2]
        if len(before) and _dbfs(np.abs(before).max()) < SILENT_DBFS:
            errors.append(int(np.argmax(np.abs(after) > 10 ** (ONSET_DBFS / 20))) / RATE_HZ * 1000)
    return errors


def _dbfs(peak: float) -> float:
    return float(20 * np.log10(max(peak, 1e-9)))


if __name__ == "__main__":
    print(table(measure()))
