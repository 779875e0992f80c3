"""A Piper voice run in two parts, so that a long sentence needs no more memory than a short one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from voice.onnx_graphs import in_parts
from voice.onnx_runtime import Session, session

WINDOW_FRAMES: Final = 100
"""A little more than a second. What windows share is computed twice, 12 frames to each side; that takes no longer than
whole lines do, which don't fit into the processor's cache."""


class Runs(Protocol):
    """What Piper asks of the session that it is given."""

    def run(self, outputs: list[str] | None, inputs: Mapping[str, Any]) -> list[Any]:
        """What the model makes of ``inputs``."""


def piper_session(model: Path, name: str) -> Runs:
    """The voice in two parts if it is built as Piper's are, else as it is.

    Raises:
        ModelDamaged: it is no ONNX model; ``name`` is the name people know it by.
    """
    try:
        parts = in_parts(model)
        reader = session(parts.reader, 1, name, layouts=False)
        vocoder = session(parts.vocoder, 1, name)
    except Exception:  # noqa: BLE001 (onnx raises what it likes, and a part may be none; onnxruntime says it better)
        return session(model, 1, name)
    return WindowedSession(reader, vocoder, parts.samples_per_frame, parts.reach_frames)


class WindowedSession:
    """Gives the samples that the whole model would, but has its vocoder make them window by window.

    All that a sample depends on lies within its window or the frames to each side of it, so no seam is heard: against
    the whole model samples differ by rounding, 0.000001 of full scale. Memory is given back when nobody speaks; after
    each window it would take a sixth of the time.
    """

    def __init__(self, reader: Session, vocoder: Session, samples_per_frame: int, reach_frames: int) -> None:
        self._reader = reader
        self._vocoder = vocoder
        self._samples_per_frame = samples_per_frame
        self._reach_frames = reach_frames
        self._speaking = 0
        self._counting = threading.Lock()

    def run(self, outputs: list[str] | None, inputs: Mapping[str, Any]) -> list[Any]:
        (frames,) = self._reader.run(outputs, inputs)
        with self._counted(frames):
            return [np.concatenate([*self._windows(frames)], axis=-1)]

    @contextmanager
    def _counted(self, frames: Any) -> Iterator[None]:
        with self._counting:
            self._speaking += 1
        try:
            yield
        finally:
            with self._counting:
                self._speaking -= 1
                if not self._speaking:
                    self._samples(frames[..., :1], give_back=True)

    def _windows(self, frames: Any) -> Iterator[Any]:
        """Stretches of samples, shape (..., samples)."""
        count, reach = frames.shape[-1], self._reach_frames
        windows = ceil(count / WINDOW_FRAMES)
        for number in range(windows):
            start, end = (count * edge // windows for edge in (number, number + 1))
            before = max(0, start - reach)
            made = self._samples(frames[..., before : end + reach], give_back=False)
            at = (start - before) * self._samples_per_frame
            yield made[..., at : at + (end - start) * self._samples_per_frame]

    def _samples(self, frames: Any, give_back: bool) -> Any:
        (source,) = (each.name for each in self._vocoder.get_inputs())
        (made,) = self._vocoder.run(None, {source: frames}, give_back)
        return made
