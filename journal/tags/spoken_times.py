"""When evidence was said: characters of a text as seconds of its recording."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from core.transcript import Word
from journal.entry import Span, Tag

LOOKED_AHEAD_CHARACTERS = 200
"""How far a corrected text may have moved from what was heard before a word counts as gone."""


def timed(tags: Sequence[Tag], text: str, words: Sequence[Word]) -> tuple[Tag, ...]:
    """The tags with seconds in their evidence, as far as the words that were heard still stand in the text."""
    if not words:
        return tuple(tags)
    starts, ends, heard = _places(text, words)
    return tuple(
        tag.model_copy(update={"evidence": tuple(_timed(span, starts, ends, heard) for span in tag.evidence)})
        for tag in tags
    )


def _timed(span: Span, starts: Sequence[int], ends: Sequence[int], heard: Sequence[Word]) -> Span:
    first, after = bisect_right(ends, span.start), bisect_left(starts, span.end)
    if first >= after:
        return span
    return span.model_copy(update={"start_seconds": heard[first].start, "end_seconds": heard[after - 1].end})


def _places(text: str, words: Sequence[Word]) -> tuple[list[int], list[int], list[Word]]:
    """Where the words stand in the text, in order; those that are not there any more are left out."""
    starts: list[int] = []
    ends: list[int] = []
    heard: list[Word] = []
    at = 0
    for word in words:
        said = word.text.strip()
        found = text.find(said, at, at + LOOKED_AHEAD_CHARACTERS + len(said)) if said else -1
        if found >= 0:
            at = found + len(said)
            starts.append(found)
            ends.append(at)
            heard.append(word)
    return starts, ends, heard
