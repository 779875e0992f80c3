"""Sessions spoken ahead of time, in the background, so that they start at once later; and those that must be.

A session can be planned once it is known how long its lines take. Of shipped ones it is known; of a script of one's own
it is learnt by having them spoken once. A quick voice does that while somebody waits. A slow one would take minutes.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from core.errors import BeingPrepared, Bug, OutbreathError, TooMuchToPrepare
from sessions.guide import Guide, Performance
from sessions.speaking_ahead import LOOK_SECONDS, somebody_waits
from sessions.words import Words

MOST_WAITING = 20
"""Sessions that wait to be spoken; a slow voice takes an hour or two for so many."""

PATIENCE_SECONDS = 10.0
"""So long somebody waits for an answer; what takes longer is learnt in the background."""


_log = logging.getLogger(__name__)


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
            trouble = self._troubles.get(words)
        # It is tried again all the same: what was in the way may have been mended since.
        self._learn(words)
        if trouble:
            raise trouble
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
            if words not in self._troubles and words.seconds_to_learn > PATIENCE_SECONDS:
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
            if words in self._learning:
                return
            self._learning.add(words)
        try:
            self._take_on(self._learner, lambda: self._say(words))
        except TooMuchToPrepare:
            with self._changing:
                self._learning.discard(words)
            raise

    def _say(self, words: Words) -> None:
        try:
            self._go_through(self._cleared(words), somebody_waits)
        except Exception as fault:  # noqa: BLE001 - whatever a voice throws, whoever waits for it must be told
            with self._changing:
                self._troubles[words] = _told(fault)
        finally:
            with self._changing:
                self._learning.discard(words)

    def _cleared(self, words: Words) -> Iterator[str]:
        """The words as they are learnt. A voice that says one of them is in no trouble any more."""
        for line in words.learned():
            with self._changing:
                self._troubles.pop(words, None)
            yield line

    def _prepare(self, performance: Performance) -> None:
        try:
            self._go_through(performance.spoken_ahead(), lambda: bool(self._learning) or somebody_waits())
        except Exception as fault:  # noqa: BLE001 - whoever plays the session is told what keeps its voice from speaking
            _told(fault)

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


def _told(fault: Exception) -> OutbreathError:
    """What people are told of it. Of what nobody expected the log has the type; its message may hold words."""
    if isinstance(fault, OutbreathError):
        return fault
    _log.error("bug: %s", type(fault).__name__)
    return Bug()
