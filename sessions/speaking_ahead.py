"""Prepares sounds on background threads, a few ahead of the listener, in the order they are needed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from weakref import WeakSet

AHEAD = 12
"""Lines spoken before they are needed: about a minute of speech, and 10 MB."""

LOOK_SECONDS = 0.1

THREAD_NAME = "speaking-ahead"

Made = TypeVar("Made")

_listened_to: WeakSet[SpeakingAhead[Any]] = WeakSet()


def somebody_waits() -> bool:
    """Whether something is being made that somebody is going to hear now."""
    return any(each.working for each in list(_listened_to))


class SpeakingAhead(Generic[Made]):
    """A queue of work whose results are taken in order, at most ``AHEAD`` of them made and not yet taken.

    The threads start with ``begin`` or the first ``take`` and end with the context: work that has not begun is
    dropped, work that has begun is not waited for.

    Args:
        threads: so many are made at a time.
    """

    def __init__(self, work: Iterable[Callable[[], Made]], threads: int = 1) -> None:
        self._work = iter(work)
        self._coming: deque[Future[Made]] = deque()
        self._executor = ThreadPoolExecutor(threads, THREAD_NAME)

    def __enter__(self) -> Self:
        _listened_to.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _listened_to.discard(self)
        self._executor.shutdown(wait=False, cancel_futures=True)

    @property
    def working(self) -> bool:
        """Whether something is being made, or waits to be."""
        return not all(coming.done() for coming in list(self._coming))

    def begin(self) -> None:
        """Has the next few results made, unless they are already coming."""
        while len(self._coming) < AHEAD and (work := next(self._work, None)):
            self._coming.append(self._executor.submit(work))

    def wait_for(self, count: int, given_up: Callable[[], bool]) -> None:
        """Waits until the next ``count`` results are there, or ``AHEAD`` of them, or nobody waits for them any more.

        Raises what the work raised.
        """
        if count:
            self.begin()
        for coming in list(self._coming)[:count]:
            while not given_up() and not wait([coming], LOOK_SECONDS).done:
                pass
            if given_up():
                return
            coming.result()

    def take(self) -> Made:
        """The next result; waits until it is there. Raises what its work raised.

        Raises:
            IndexError: all results are taken.
        """
        self.begin()
        coming = self._coming.popleft()
        self.begin()
        return coming.result()
