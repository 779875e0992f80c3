"""An index of words in which every picture is found, the older ones too."""

from __future__ import annotations

from alembic import op

from journal.word_index import WordIndex

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the index anew; no entry changes. Left to itself FTS5 passes over symbols (So), such as ☀ and 💊."""
    op.execute("DROP TABLE search_terms")
    op.execute("DROP TABLE search")
    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5("
        "text, tags, content='', tokenize=\"porter unicode61 remove_diacritics 2 categories 'L* N* Co So'\")"
    )
    op.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)")
    op.execute("INSERT INTO search(search, rank) VALUES ('rank', 'bm25(1.0, 2.0)')")
    op.execute("CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row)")
    WordIndex().rebuild(op.get_bind())
