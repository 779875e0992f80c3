"""Runs every measurement one after the other, prints the tables and writes docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

PARTS = (
    ("Starting, first sound, memory", "benchmarks.starting"),
    ("Rendering", "benchmarks.rendering"),
    ("Playing for an hour", "benchmarks.playing"),
    ("Sound", "benchmarks.sound"),
    ("Spoken words", "benchmarks.spoken_words"),
    ("Transcription", "benchmarks.transcription"),
    ("Words while speaking", "benchmarks.hearing"),
    ("Speaking", "benchmarks.speaking"),
    ("The page", "benchmarks.page"),
    ("Crashes", "benchmarks.killing"),
    ("Retrieval", "benchmarks.retrieval"),
    ("Search among a hundred thousand", "benchmarks.search"),
    ("How well search finds", "benchmarks.search_quality"),
    ("Suggested tags", "benchmarks.tags"),
    ("Learning from the person", "benchmarks.learning"),
)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

OPENING = """# Benchmarks

Written by `make bench`; each part alone with the command above its table. Times are of this one machine ({machine});
where there is a peer it was measured in the same run. Machines differ, and so do runs: read ratios, not digits.
"""


def main() -> None:
    """Measures each part in a process of its own, so that none warms up another."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    page = [OPENING.format(machine=machine)]
    for title, module in PARTS:
        command = [sys.executable, "-m", module]
        measured = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        page.append(f"## {title}\n\n`.venv/bin/python -m {module}`\n\n{measured}\n")
        print(page[-1], flush=True)
    PAGE.write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
