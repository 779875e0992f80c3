"""Between the thread that makes sound and the sound card's callback: a bounded queue that can pause and stop."""

from __future__ import annotations

import queue

import numpy as np

from audio.clip import Samples
from audio.devices import PlaybackControl

CHUNK_SECONDS = 0.1
CAPACITY_CHUNKS = 10
"""One second: enough to get over a slow moment, and little enough to stop making sound soon after a stop."""


class PlaybackQueue:
    """What is to be played next. ``put`` and ``finish`` belong to the maker of sound, ``pull`` to the callback.

    Pausing keeps the place: nothing is taken from the queue and silence is played. Where sound breaks off or sets in
    again, one callback's worth of it is faded, so that it does not click.

    ``tail_frames`` of silence follow the last sound, because a sound server may drop what is still on its way when the
    stream ends. ``frames_played`` counts sound only, and the control is told of it in seconds.
    """

    def __init__(self, control: PlaybackControl, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self.tail_frames = 0
        self.frames_played = 0
        self.pulls = 0
        self._control = control
        self._chunks: queue.Queue[Samples] = queue.Queue(CAPACITY_CHUNKS)
        self._rest = np.zeros((0, 1), dtype=np.float32)
        self._finished = False
        self._sounding = True
        self._tail_frames_played = 0
        self._ended = False

    @property
    def over(self) -> bool:
        """All has sounded, or it was stopped; and the silence after it too."""
        return self._ended and self._tail_frames_played >= self.tail_frames

    @property
    def full(self) -> bool:
        return self._chunks.full()

    def put(self, chunk: Samples, timeout_seconds: float) -> bool:
        """Takes a chunk, shape (frames, channels); False when there was no room for it in time."""
        try:
            self._chunks.put(chunk, timeout=timeout_seconds)
        except queue.Full:
            return False
        return True

    def finish(self) -> None:
        """Says that nothing more will come."""
        self._finished = True

    def pull(self, out: Samples) -> bool:
        """Fills ``out``, shape (frames, channels), and says whether that was the last of it."""
        self.pulls += 1
        out.fill(0.0)
        stopped = self._control.stopped
        wanted = not (stopped or self._control.paused)
        # Read before the queue is: what was put before the finish must not be missed.
        finished = self._finished
        filled = self._sound(out, wanted) if wanted or self._sounding else 0
        self._ended = self._ended or stopped or (finished and wanted and filled < len(out))
        if self._ended:
            self._tail_frames_played += len(out) - filled
        return self.over

    def _sound(self, out: Samples, wanted: bool) -> int:
        filled = self._fill(out)
        self.frames_played += filled
        self._control.played_seconds = self.frames_played / self.sample_rate
        if wanted != self._sounding:
            ends = (0.0, 1.0) if wanted else (1.0, 0.0)
            out *= np.linspace(*ends, len(out), dtype=np.float32)[:, None]
        self._sounding = wanted
        return filled

    def _fill(self, out: Samples) -> int:
        filled = 0
        while filled < len(out):
            if not len(self._rest):
                try:
                    self._rest = self._chunks.get_nowait()
                except queue.Empty:
                    break
            taken = min(len(out) - filled, len(self._rest))
            out[filled : filled + taken] = self._rest[:taken]
            self._rest = self._rest[taken:]
            filled += taken
        return filled
