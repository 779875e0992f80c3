"""The words around a hit.

FTS5's own ``snippet()`` compares every hit of a text with every other: of a long one that repeats the word it takes
minutes. So a long text is cut into pieces, which are searched like entries, and the best piece gives the snippet.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select
from sqlalchemy import text as sql

from journal.schema.tables import search

SNIPPET_WORDS = 24
PIECE_CHARACTERS = 2_000

# Unicode sets these aside for use inside a program; no text has them.
FROM, TO = "\ufdd0", "\ufdd1"

_WHOLE_ROW: ColumnElement[Any] = literal_column("search")
# Whole words if there are spaces at all.
_PIECE = re.compile(rf"(?s).{{1,{PIECE_CHARACTERS}}}(?!\S)|.{{1,{PIECE_CHARACTERS}}}")
_BEST_PIECE = sql(
    "SELECT snippet(pieces, 0, :from, :to, '…', :words) FROM temp.pieces WHERE pieces MATCH :any ORDER BY rank LIMIT 1"
)


def snippet_of_short_text() -> ColumnElement[str | None]:
    """The snippet of a row that was found; NULL if its text is long."""
    snippet = func.snippet(_WHOLE_ROW, 0, FROM, TO, "…", SNIPPET_WORDS)
    return case((func.length(search.c.text) <= PIECE_CHARACTERS, snippet), else_=None)


def snippet_of_long_text(connection: Connection, number: int, any_term: str) -> str:
    """The snippet of a row of ``search``, in time that grows with its text only; its start if no piece has a hit.

    ``any_term``: what to look for as a MATCH of FTS5, with OR, since a piece need not have every term.
    """
    text: str = connection.execute(select(search.c.text).where(search.c.rowid == number)).scalar_one()
    pieces = [{"text": piece} for piece in _PIECE.findall(text)]
    # In memory, like all that is temporary; words are made alike as in the index itself.
    connection.execute(
        sql("CREATE VIRTUAL TABLE temp.pieces USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2')")
    )
    try:
        connection.execute(sql("INSERT INTO temp.pieces (text) VALUES (:text)"), pieces)
        asked = {"from": FROM, "to": TO, "words": SNIPPET_WORDS, "any": any_term}
        best: str | None = connection.execute(_BEST_PIECE, asked).scalar()
    finally:
        connection.execute(sql("DROP TABLE temp.pieces"))
    return best if best is not None else " ".join(text[:PIECE_CHARACTERS].split()[:SNIPPET_WORDS]) + "…"
