"""A disk of a few megabytes that a test may fill up; only root may mount one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SIZE_MB = 4
FILLER = "filler"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder that is a disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("not run, because no disk can be mounted here")
    yield folder
    # Lazily: what still has a file open on it may finish.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> None:
    """Leaves not a single byte."""
    with (disk / FILLER).open("ab", buffering=0) as file:
        for block in (bytes(65_536), bytes(1)):
            try:
                while file.write(block):
                    pass
            except OSError:
                continue


def make_room(disk: Path) -> None:
    """Takes away what ``fill`` put there."""
    (disk / FILLER).unlink()
