"""Looking after something again and again, beside everything else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from core.errors import OutbreathError
from journal.durable_files import disk_faults_are_said

_log = logging.getLogger(__name__)


class Rounds:
    """A thread that makes a round now and then. One that fails is made again like any other.

    Args:
        make: makes a round.
        pause_seconds: how long to wait before the next one.
    """

    def __init__(self, make: Callable[[], None], pause_seconds: Callable[[], float]) -> None:
        self._make = make
        self._pause_seconds = pause_seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def started(self) -> bool:
        return self._thread is not None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns once no round is being made and none will be."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        told = ""
        while not self._stopping.wait(self._pause_seconds()):
            try:
                with disk_faults_are_said():
                    self._make()
                told = ""
            except OutbreathError as error:
                if error.code != told:  # not once a second for as long as the disk is full
                    _log.warning("to be tried again: %s", error.code)
                told = error.code
