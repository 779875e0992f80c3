"""When evidence was said: characters of a text as seconds of its recording.

A text that was corrected is laid beside what was heard, word by word. Times come from stretches that are the same in
both; "in the", alone among other words, is no such stretch, since it may be from anywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, NamedTuple

from core.transcript import Word
from journal.entry import Span, Tag
from journal.query import is_function_word

MOST_COMPARED_WORDS: Final = 20_000
"""Of what lies between the common beginning and the common end; what is rewritten at greater length has no times."""


class _Block(NamedTuple):
    """So many words that are the same from one place in the text and one in what was heard."""

    written: int
    heard: int
    words: int


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
        return span.model_copy(update={"start_seconds": None, "end_seconds": None})
    return span.model_copy(update={"start_seconds": heard[first].start, "end_seconds": heard[after - 1].end})


def _places(text: str, words: Sequence[Word]) -> tuple[list[int], list[int], list[Word]]:
    """Where the words that were heard stand in the text, in order; those that are not there any more are left out."""
    written = [(piece.start(), piece.end()) for piece in re.finditer(r"\S+", text)]
    # What a recogniser takes for one word may have a space in it.
    spoken = [(piece, word) for word in words for piece in word.text.split()]
    same = _blocks([_plain(text[start:end]) for start, end in written], [_plain(piece) for piece, _ in spoken])
    pairs = [(written[block.written + at], spoken[block.heard + at][1]) for block in same for at in range(block.words)]
    return [start for (start, _), _ in pairs], [end for (_, end), _ in pairs], [word for _, word in pairs]


def _plain(word: str) -> str:
    """Without its marks: who puts a comma behind a word has not changed it."""
    return "".join(filter(str.isalnum, word)).casefold() or word


def _blocks(written: Sequence[str], heard: Sequence[str]) -> list[_Block]:
    """The stretches that are the same, in order."""
    length = min(len(written), len(heard))
    first = next((at for at in range(length) if written[at] != heard[at]), length)
    last = next((at for at in range(length - first) if written[-1 - at] != heard[-1 - at]), length - first)
    one, other = written[first : len(written) - last], heard[first : len(heard) - last]
    between = list(_sure_blocks(one, other, first)) if max(len(one), len(other)) <= MOST_COMPARED_WORDS else []
    return [_Block(0, 0, first), *between, _Block(len(written) - last, len(heard) - last, last)]


def _sure_blocks(written: Sequence[str], heard: Sequence[str], at: int) -> Iterator[_Block]:
    """Those that are no chance: they stand in their place, or have a telling word that is said once or among others."""
    found = SequenceMatcher(None, written, heard).get_matching_blocks()
    counts = Counter(written), Counter(heard)
    end = 0, 0
    for block, following in pairwise(found):
        before = block.a - end[0] == block.b - end[1]
        behind = following.a - block.a == following.b - block.b
        telling = [word for word in written[block.a : block.a + block.size] if not is_function_word(word)]
        once = any(all(count[word] == 1 for count in counts) for word in telling)
        if (before and behind) or (telling and (block.size > 1 or once)):
            yield _Block(at + block.a, at + block.b, block.size)
        end = block.a + block.size, block.b + block.size
