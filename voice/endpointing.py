"""Where speech starts and ends: a pure machine, probabilities in, stretches out. No sound, no model, no clock."""

from __future__ import annotations

from typing import Final, NamedTuple

FRAME_SECONDS: Final = 0.032
"""One probability stands for this much sound (512 samples at 16 kHz)."""

ONSET_PROBABILITY: Final = 0.5
OFFSET_PROBABILITY: Final = 0.35
"""Speech starts at the first and goes on above the second (the hysteresis that Silero's authors recommend)."""

MIN_SPEECH_SECONDS: Final = 0.25
"""Less voice than this in a stretch is a cough or a click. "Yes" takes longer."""

MIN_SILENCE_SECONDS: Final = 0.9
"""A pause of this length ends a stretch; shorter ones belong to the sentence, and a recogniser makes good use of them:
with 0.6 s it gets 0.4 more of a hundred words wrong."""

LONG_SECONDS: Final = 12.0
MIN_SILENCE_WHEN_LONG_SECONDS: Final = 0.3
"""Who has spoken for so long without a pause takes a breath now and then; that is where a stretch ends best."""

PADDING_SECONDS: Final = 0.3
"""Kept before and after the voice: soft first and last sounds lie below the threshold."""

LONGEST_SECONDS: Final = 20.0
"""Longer speech is cut at its quietest point, so that no recognition takes much longer than another."""


class Span(NamedTuple):
    """A stretch of speech, in frames of ``FRAME_SECONDS``; the end is not part of it."""

    start: int
    end: int


def _frames(seconds: float) -> int:
    return round(seconds / FRAME_SECONDS)


class Endpointer:
    """Finds stretches of speech in a stream of speech probabilities, one per frame.

    Spans come in order and never overlap.
    """

    def __init__(self) -> None:
        self._now = 0
        self._start: int | None = None
        self._free_from = 0
        self._last_voice = 0
        self._voice_until = 0
        self._continues = False
        self._probabilities: list[float] = []

    @property
    def pending_from(self) -> int:
        """The first frame that a later span may still contain: sound before it can be let go."""
        return max(self._free_from, self._now - _frames(PADDING_SECONDS)) if self._start is None else self._start

    @property
    def silent_seconds(self) -> float:
        """How long no frame has held a voice."""
        return (self._now - self._voice_until) * FRAME_SECONDS

    def push(self, probability: float) -> Span | None:
        """Takes the next frame's probability (0 to 1); gives a span if one ended here."""
        frame = self._now
        if self._start is None:
            if probability < ONSET_PROBABILITY:
                self._now += 1
                return None
            self._start = self.pending_from
            self._continues = False
            self._probabilities = [0.0] * (frame - self._start)
        self._now += 1
        self._probabilities.append(probability)
        if probability >= OFFSET_PROBABILITY:
            self._last_voice = frame
            self._voice_until = frame + 1
        is_long = self._now - self._start >= _frames(LONG_SECONDS)
        if frame - self._last_voice >= _frames(MIN_SILENCE_WHEN_LONG_SECONDS if is_long else MIN_SILENCE_SECONDS):
            return self._close()
        if self._now - self._start >= _frames(LONGEST_SECONDS):
            return self._cut()
        return None

    def finish(self) -> Span | None:
        """The stream is over, or is to be cut here; gives the span that was still open."""
        return None if self._start is None else self._close()

    def _close(self) -> Span | None:
        assert self._start is not None
        voiced = sum(probability >= OFFSET_PROBABILITY for probability in self._probabilities)
        # What is left over after a cut is the rest of a sentence, however short it is.
        enough = voiced >= (1 if self._continues else _frames(MIN_SPEECH_SECONDS))
        end = min(self._now, self._last_voice + 1 + _frames(PADDING_SECONDS))
        span = Span(self._start, max(self._start, end))
        self._start = None
        self._free_from = span.end
        return span if enough else None

    def _cut(self) -> Span:
        """Ends the span at its quietest frame, which is sought in its later half, and goes on from there."""
        assert self._start is not None
        half = len(self._probabilities) // 2
        quietest = min(range(half, len(self._probabilities)), key=self._probabilities.__getitem__)
        span = Span(self._start, self._start + quietest)
        self._start = self._free_from = span.end
        self._continues = True
        self._probabilities = self._probabilities[quietest:]
        return span
