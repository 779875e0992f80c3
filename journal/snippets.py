"""The words around a hit, and which word of the entry it is.

The index keeps no texts, and FTS5's own ``snippet()`` compares every hit of a text with every other: of a long one that
repeats the word it takes minutes. So what was found is cut into pieces, which are searched like entries, and the best
piece gives the snippet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam
from sqlalchemy import text as sql

from journal.query import set_apart

SNIPPET_WORDS: Final = 24
WORDS_BEFORE_HIT: Final = 6
PIECE_CHARACTERS: Final = 2_000
LONGEST_WORD_CHARACTERS: Final = 80

# Unicode sets these aside for use inside a program; no text has them.
FROM, TO = "\ufdd0", "\ufdd1"

# Whole words if there are spaces at all.
_PIECE = re.compile(rf"(?s).{{1,{PIECE_CHARACTERS}}}(?!\S)|.{{1,{PIECE_CHARACTERS}}}")
_CREATE = sql(
    "CREATE VIRTUAL TABLE temp.pieces USING fts5("
    "text, tags, number UNINDEXED, words_before UNINDEXED,"
    " tokenize = \"porter unicode61 remove_diacritics 2 categories 'L* N* Co So'\")"
)
_INSERT = sql("INSERT INTO temp.pieces VALUES (:text, :tags, :number, :words_before)")
_RANKED = sql("SELECT rowid, number FROM temp.pieces WHERE pieces MATCH :any_word ORDER BY rank")
_SHOWN = sql(
    "SELECT number, highlight(pieces, 0, :from, :to) AS text, words_before"
    " FROM temp.pieces WHERE pieces MATCH :any_word AND rowid IN :rows"
).bindparams(bindparam("rows", expanding=True))
_TAGGED = sql("SELECT DISTINCT number FROM temp.pieces WHERE pieces MATCH :any_tag")


class Excerpt(NamedTuple):
    """Some words of an entry, and the place of the one that was looked for among all of them; None if there is none.

    ``marks``: from where to where in ``text`` stands what was looked for.
    """

    text: str
    word: int | None = None
    marks: tuple[tuple[int, int], ...] = ()


class Excerpts(NamedTuple):
    """By the entries' numbers: the best place of each in which a word occurs, and those that have one in a tag."""

    by_words: Mapping[int, Excerpt]
    tagged: frozenset[int]


def excerpts(connection: Connection, found: Mapping[int, tuple[str, str]], any_term: str) -> Excerpts:
    """Where the terms occur, in time that grows with the texts only.

    Args:
        connection: to the database.
        found: text and tags of entries, by their numbers.
        any_term: what to look for as a MATCH of FTS5, with OR, since a piece need not have every term.
    """
    rows = [row for number, (text, tags) in found.items() for row in _pieces(number, text, tags)]
    if not rows:
        return Excerpts({}, frozenset())
    with _table(connection):
        connection.execute(_INSERT, rows)
        asked = {"from": FROM, "to": TO, "any_word": f"text : ({any_term})"}
        rows_of_best: dict[int, int] = {}
        for row, number in connection.execute(_RANKED, {"any_word": asked["any_word"]}):
            rows_of_best.setdefault(number, row)
        shown = connection.execute(_SHOWN, {**asked, "rows": list(rows_of_best.values())})
        best = {number: _around_hit(text, words_before) for number, text, words_before in shown}
        tagged = frozenset(connection.execute(_TAGGED, {"any_tag": f"tags : ({any_term})"}).scalars())
    return Excerpts(best, tagged)


def beginning(text: str) -> Excerpt:
    """The first words of a text, or of a passage that was found as a whole."""
    words = text[: SNIPPET_WORDS * LONGEST_WORD_CHARACTERS].split()
    shown = " ".join(map(_short, words[:SNIPPET_WORDS]))
    return Excerpt(shown + ("…" if len(words) > SNIPPET_WORDS else ""))


@contextmanager
def _table(connection: Connection) -> Iterator[None]:
    # In memory, like all that is temporary; words are made alike as in the index itself.
    connection.execute(_CREATE)
    try:
        yield
    finally:
        connection.execute(sql("DROP TABLE temp.pieces"))


def _pieces(number: int, text: str, tags: str) -> Iterator[dict[str, str | int]]:
    words_before = 0
    for piece in _PIECE.findall(text) or [""]:
        yield {"number": number, "text": set_apart(piece), "tags": tags, "words_before": words_before}
        words_before += len(piece.split())
        tags = ""


def _around_hit(piece: str, words_before: int) -> Excerpt:
    """The words around the place where most hits lie together."""
    words = piece.split()
    hits = [at for at, word in enumerate(words) if FROM in word]
    if not hits:  # a hit can lie between two words only in theory
        return beginning(_unmarked(piece))
    close = [
        sum(hit <= other < hit + SNIPPET_WORDS - WORDS_BEFORE_HIT for other in hits[at:][:SNIPPET_WORDS])
        for at, hit in enumerate(hits)
    ]
    hit = hits[close.index(max(close))]
    start = max(0, min(hit - WORDS_BEFORE_HIT, len(words) - SNIPPET_WORDS))
    shown = words[start : start + SNIPPET_WORDS]
    before = "…" if start or words_before else ""
    after = "…" if start + SNIPPET_WORDS < len(words) else ""
    text = " ".join(map(_short, shown))
    marks = tuple((len(before) + mark, len(before) + end) for mark, end in _marks(text))
    return Excerpt(before + _unmarked(text) + after, words_before + hit, marks)


def _unmarked(text: str) -> str:
    return text.replace(FROM, "").replace(TO, "")


def _marks(text: str) -> tuple[tuple[int, int], ...]:
    """What stands between FROM and TO, as offsets in the text without them. Phrases may be cut at either end."""
    marks: list[tuple[int, int]] = []
    start: int | None = 0  # if the first one closes, what it closes began before the text
    for before, sign in enumerate(re.finditer(f"[{FROM}{TO}]", text)):
        place = sign.start() - before
        if sign.group() == FROM:
            start = place
        elif start is not None:
            marks.append((start, place))
            start = None
    if text.rfind(FROM) > text.rfind(TO):
        marks.append((start or 0, len(_unmarked(text))))
    return tuple(marks)


def _short(word: str) -> str:
    plain = _unmarked(word)
    if len(plain) <= LONGEST_WORD_CHARACTERS:
        return word
    marked = FROM * (FROM in word), TO * (TO in word)
    return f"{marked[0]}{plain[: LONGEST_WORD_CHARACTERS - 1]}…{marked[1]}"
