"""Sessions spoken ahead of time, in the background, so that they start at once later; and those that must be.

A session can be planned once it is known how long its lines take. Of shipped ones it is known; of a script of one's own
it is learnt by having them spoken once. A quick voice does that while somebody waits. A slow one would take minutes.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from core.errors import BeingPrepared, OutbreathError, TooMuchToPrepare
from sessions.guide import Guide, Performance
from sessions.speaking_ahead import LOOK_SECONDS, somebody_waits
from sessions.words import Words

MOST_WAITING = 20
"""Sessions that wait to be spoken; a slow voice takes an hour or two for so many."""

PATIENCE_SECONDS = 10.0
"""So long somebody waits for an answer; what takes longer is learnt in the background."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A session as somebody asks for it; see ``Guide.prepare``."""

    slug: str
    minutes: float | None = None
    guidance: str | None = None
    bed: str | None = None
    voice: str | None = None

    def words(self, guide: Guide) -> Words:
        """What may be said in it."""
        return guide.words(self.slug, self.minutes, self.guidance, self.bed, self.voice)

    def planned(self, guide: Guide) -> Performance:
        """It is ready to be played."""
        return guide.prepare(self.slug, self.minutes, self.guidance, self.bed, self.voice)


class Preparing:
    """Speaks the lines of sessions and keeps them. What is spoken already costs nothing."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._closing = threading.Event()
        self._changing = threading.Lock()
        self._waiting = 0
        self._learning: set[Words] = set()
        self._troubles: dict[Words, OutbreathError] = {}
        # Whoever asked for a session that can't be planned yet is waiting; whoever prepares one is not.
        self._learner = ThreadPoolExecutor(1, "learning")
        self._speaker = ThreadPoolExecutor(1, "preparing")

    def performance(self, choice: Choice) -> Performance:
        """A session planned to the frame, within about ten seconds.

        Raises:
            BeingPrepared: it takes longer to learn how long the lines are; that goes on in the background.
            TooMuchToPrepare: so it would, but too many others wait. Also what ``Guide.prepare`` raises.
        """
        words = choice.words(self._guide)
        if words.seconds_to_learn <= PATIENCE_SECONDS:
            return choice.planned(self._guide)
        with self._changing:
            trouble = self._troubles.pop(words, None)
        if trouble:
            raise trouble
        self._learn(words)
        with self._changing:
            seconds = sum(each.seconds_to_learn for each in self._learning)
        raise BeingPrepared(len(words.lines) - len(words.unknown), len(words.lines), max(1, math.ceil(seconds)))

    def progress(self, choice: Choice) -> tuple[int, int]:
        """How many lines a session has, and how many of them are spoken.

        Raises: what ``Guide.prepare`` raises.
        """
        words = choice.words(self._guide)
        if words.seconds_to_learn > PATIENCE_SECONDS:
            return len(words.lines), len(words.lines) - len(words.unknown)
        performance = choice.planned(self._guide)
        return len(performance.lines), performance.lines_ready

    def begin(self, choice: Choice) -> None:
        """Has a session spoken ahead; returns at once, or within about ten seconds.

        Raises:
            TooMuchToPrepare: too many others wait. Also what ``Guide.prepare`` raises.
        """
        with suppress(BeingPrepared):  # it is learnt by being spoken
            self.submit(self.performance(choice))

    def expect(self, slug: str) -> None:
        """Somebody looks at a session, and may want it soon, as the settings have it; returns at once."""
        with suppress(OutbreathError):  # who wants it in the end is told
            words = self._guide.words(slug)
            if words.seconds_to_learn > PATIENCE_SECONDS:
                self._learn(words)

    def submit(self, performance: Performance) -> None:
        """Takes a session on; returns at once.

        Raises:
            TooMuchToPrepare: too many others wait.
        """
        self._take_on(self._speaker, lambda: self._prepare(performance))

    def close(self) -> None:
        """Ends after the line that is being spoken."""
        self._closing.set()
        for thread in (self._learner, self._speaker):
            thread.shutdown(wait=False, cancel_futures=True)

    def _learn(self, words: Words) -> None:
        """Has the words spoken, once however often they are asked for."""
        with self._changing:
            if words in self._learning or words in self._troubles:
                return
            self._learning.add(words)
        try:
            self._take_on(self._learner, lambda: self._say(words))
        except TooMuchToPrepare:
            with self._changing:
                self._learning.discard(words)
            raise

    def _say(self, words: Words) -> None:
        trouble: OutbreathError | None = None
        try:
            self._go_through(words.learned(), somebody_waits)
        except OutbreathError as fault:
            trouble = fault
        finally:  # whatever a voice throws, others must not wait for it
            with self._changing:
                self._learning.discard(words)
                if trouble:
                    self._troubles[words] = trouble

    def _prepare(self, performance: Performance) -> None:
        # Whoever plays the session is told what keeps its voice from speaking.
        with suppress(OutbreathError):
            self._go_through(performance.spoken_ahead(), lambda: bool(self._learning) or somebody_waits())

    def _go_through(self, spoken: Iterator[str], others_first: Callable[[], bool]) -> None:
        while self._may_go_on(others_first) and next(spoken, None) is not None:
            pass

    def _may_go_on(self, others_first: Callable[[], bool]) -> bool:
        """Waits for as long as the voices are needed for what is wanted more; False once it is closing."""
        while others_first() and not self._closing.wait(LOOK_SECONDS):
            pass
        return not self._closing.is_set()

    def _take_on(self, thread: ThreadPoolExecutor, work: Callable[[], None]) -> None:
        with self._changing:
            if self._waiting >= MOST_WAITING:
                raise TooMuchToPrepare(self._waiting)
            self._waiting += 1
        thread.submit(self._counted, work)

    def _counted(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._changing:
                self._waiting -= 1
