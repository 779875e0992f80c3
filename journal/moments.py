"""From a word of an entry's text to the moment in its recording at which it was said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

FARTHEST_WORDS: Final = 60
"""How far from its expected place a word is looked for, in a text that the person has corrected."""


def seconds_at(words_json: str | None, text: str, word: int | None) -> float | None:
    """When a word was said, in seconds into the recording; None if the entry has no words with times.

    Args:
        words_json: the words of the recording as the table ``entry_words`` holds them.
        text: the text of the entry, which the person may have corrected.
        word: the place of the word among those of the text, as ``str.split`` parts them; None if there is none.
    """
    if word is None:
        return None
    said: Sequence[Sequence[Any]] = json.loads(words_json or "[]")
    if not said:
        return None
    written = text.split()
    expected = min((2 * word + 1) * len(said) // (2 * len(written) or 1), len(said) - 1)
    if len(written) == len(said):
        return float(said[expected][1])
    wanted = _plain(written[word]) if word < len(written) else ""
    nearby = range(max(0, expected - FARTHEST_WORDS), min(len(said), expected + FARTHEST_WORDS + 1))
    same = [at for at in nearby if wanted and _plain(said[at][0]) == wanted]
    return float(said[min(same, key=lambda at: abs(at - expected), default=expected)][1])


def _plain(word: str) -> str:
    return "".join(filter(str.isalnum, word)).casefold()
