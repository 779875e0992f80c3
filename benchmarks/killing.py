"""What a crash costs: programs that record are killed at random moments, and their entries looked for afterwards.

``python -m benchmarks.killing [--times 200]``. Each is a process of its own that hears a tenth of a second at a time,
as slow as life, tells how much it has heard, and gets SIGKILL.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, table
from core import settings
from core.errors import OutbreathError
from journal.notebook import Notebook
from outbreath import wiring

LONGEST_SECONDS = 4.0
SOUND_SECONDS = 60
BLOCK_SECONDS = 0.1
BYTES_PER_SECOND = 32_000


def speaker() -> None:
    """Speaks an entry, as a microphone gives it. Tells on standard output how many seconds were heard by now."""
    chance = random.Random(3)  # noqa: S311
    with wiring.from_environment() as outbreath:
        spoken = outbreath.reflections.begin(None, lambda _: None)
        for block in range(1, round(SOUND_SECONDS / BLOCK_SECONDS)):
            time.sleep(BLOCK_SECONDS)
            os.write(1, f"{block * BLOCK_SECONDS:.4f}\n".encode())
            spoken.hear(chance.randbytes(round(BLOCK_SECONDS * BYTES_PER_SECOND)))


def kill(home: Path, after_seconds: float) -> float:
    """Has one recording killed so long after its first sound; gives the seconds that it had heard."""
    command = [sys.executable, "-c", "from benchmarks.killing import speaker; speaker()"]
    environment = os.environ | {"OUTBREATH_HOME": str(home), "OUTBREATH_KEY_STORE": "file"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after_seconds)
        process.kill()
        rest = process.stdout.read().split("\n")
    # The last line may be torn; the one before it was written whole.
    return float(rest[-2]) if len(rest) > 1 else 0.0


def measure(times: int) -> list[Figure]:
    """Kills, then opens the journal and looks."""
    chance = random.Random(9)  # noqa: S311  # moments, no secret
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        configured = settings.load(environment={"OUTBREATH_HOME": str(home), "OUTBREATH_KEY_STORE": "file"})
        with wiring.build(configured) as outbreath:
            notebook, lost, unreadable = outbreath.notebook, [], 0
            for _ in range(times):
                heard_seconds = kill(home, chance.uniform(0, LONGEST_SECONDS))
                (entry_id,) = notebook.recover() or ("",)
                kept_seconds = _kept_seconds(notebook, entry_id)
                unreadable += kept_seconds is None
                lost.append(heard_seconds - (kept_seconds or 0.0))
            found = notebook.entries().total
    return [
        Figure(f"sound lost to {times} kills, worst", "≤ 1.0 s", f"{max(lost):.2f} s"),
        Figure("entries missing; entries that cannot be read", "0; 0", f"{times - found}; {unreadable}"),
    ]


def _kept_seconds(notebook: Notebook, entry_id: str) -> float | None:
    """How much of a recording can be read; None if it cannot."""
    try:
        with notebook.recording(entry_id) as recording:
            return len(recording.read()) / BYTES_PER_SECOND
    except OutbreathError:
        return None


def main() -> None:
    """Prints the figures as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    print(table(measure(parser.parse_args().times)))


if __name__ == "__main__":
    main()
