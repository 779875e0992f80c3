"""A whole Outbreath of its own in one folder, used from outside as a person does: by commands and over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.house import REPOSITORY

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass
class Installation:
    """Home, temporary files and data all lie under ``folder``; everything that is printed is kept."""

    folder: Path
    models: Path
    prefix: tuple[str, ...] = ()
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("home", "temporary", "outbreath/data"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "outbreath/data/models").symlink_to(self.models)

    @property
    def environment(self) -> dict[str, str]:
        """That of a person: without CI, which makes some libraries keep quiet."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "temporary"),
            "OUTBREATH_HOME": str(self.folder / "outbreath"),
            "OUTBREATH_KEY_STORE": "file",
            "OUTBREATH_LOG_LEVEL": "debug",
            "LANG": "C.UTF-8",
        }

    def run(self, *arguments: str | Path, typed: str = "", code: int = 0) -> str:
        """Runs a command to its end; gives what it printed. What it told on standard error is kept in ``told``."""
        command = [*self.prefix, sys.executable, "-m", "outbreath", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=self.environment, input=typed, capture_output=True, text=True, check=False
        )
        self.told.append(done.stderr)
        assert done.returncode == code, done.stderr
        return done.stdout

    @contextmanager
    def server(self, port: int = 0) -> Iterator[str]:
        """The address of a running server, which is killed without warning in the end."""
        command = [*self.prefix, sys.executable, "-m", "outbreath", "serve", "--port", str(port), "--no-open"]
        log = self.folder / "server.log"
        with log.open("w") as told:
            running = subprocess.Popen(
                command, cwd=REPOSITORY, env=self.environment, stdout=subprocess.PIPE, stderr=told, text=True
            )
        try:
            assert running.stdout
            found = next((match for line in running.stdout if (match := ADDRESS.search(line))), None)
            assert found, log.read_text()
            yield found.group()
        finally:
            running.kill()
            self.told.append(running.communicate()[0] + log.read_text())
            log.unlink()
