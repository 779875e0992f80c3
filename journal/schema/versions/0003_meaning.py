"""An index of words that keeps no copy of the texts, and what passages mean."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from journal.word_index import WordIndex

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the index anew; no entry changes. What entries mean is found out later, by background work."""
    op.execute("DROP TABLE search")
    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5("
        "text, tags, content='', tokenize=\"porter unicode61 remove_diacritics 2\")"
    )
    # A deleted word leaves the index at once, and a tag weighs twice a word.
    op.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)")
    op.execute("INSERT INTO search(search, rank) VALUES ('rank', 'bm25(1.0, 2.0)')")
    op.execute("CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row)")
    op.create_table(
        "indexed",
        sa.Column("entry_number", sa.Integer, primary_key=True),
        sa.Column("fingerprint", sa.Integer, nullable=False),
    )
    op.create_table(
        "meanings",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column(
            "entry_number",
            sa.Integer,
            sa.ForeignKey("entries.number", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("encoder", sa.Text, nullable=False),
        sa.Column("vectors", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("meanings_by_encoder", "meanings", ["encoder", "number"])
    op.create_index("entries_by_guide", "entries", ["guide"], sqlite_where=sa.text("guide IS NOT NULL"))
    # By today's rules; what later rules make different is noticed by the index itself.
    WordIndex().rebuild(op.get_bind())
