"""A real server in a process of its own, in a home of its own, for the measurements that go over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True, slots=True)
class RunningServer:
    """``start_seconds``: from the command to the first page served."""

    client: httpx.Client
    process_id: int
    start_seconds: float

    def resident_mb(self) -> float:
        """Physical memory that the process holds right now."""
        status = Path(f"/proc/{self.process_id}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1024


@contextmanager
def running_server(home: Path) -> Iterator[RunningServer]:
    """Starts ``outbreath serve`` on a free port and stops it at the end."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "outbreath", "serve", "--port", "0", "--no-open"],
        env=os.environ | {"OUTBREATH_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=address, timeout=120) as client:
            client.get("/").raise_for_status()
            yield RunningServer(client, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)
