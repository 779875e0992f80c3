"""Sessions spoken ahead of time, one after another in the background, so that they start at once later."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from core.errors import OutbreathError
from sessions.guide import Performance
from sessions.speaking_ahead import LOOK_SECONDS, somebody_waits


class Preparing:
    """Speaks the lines of sessions and keeps them. What is spoken already costs nothing."""

    def __init__(self) -> None:
        self._closing = threading.Event()
        self._thread = ThreadPoolExecutor(1, "preparing")

    def submit(self, performance: Performance) -> None:
        """Takes a session on; returns at once."""
        self._thread.submit(self._prepare, performance)

    def close(self) -> None:
        """Ends after the line that is being spoken."""
        self._closing.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _prepare(self, performance: Performance) -> None:
        # Whoever plays the session is told what keeps its voice from speaking.
        with suppress(OutbreathError):
            spoken = performance.spoken_ahead()
            while self._may_go_on() and next(spoken, None) is not None:
                pass

    def _may_go_on(self) -> bool:
        """Waits for as long as the voices are needed for what somebody hears now; False once it is closing."""
        while somebody_waits() and not self._closing.wait(LOOK_SECONDS):
            pass
        return not self._closing.is_set()
