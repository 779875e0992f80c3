"""The first shape: entries, their words and tags, search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates everything. Written out, because ``tables.py`` will move on and this step must not."""
    _create_entries()
    _create_tags()
    op.create_table("deletions", sa.Column("entry_id", sa.Text, primary_key=True))
    op.create_table("meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    _create_search()


def _create_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("spoken_at_microseconds", sa.Integer, nullable=False),
        sa.Column("spoken_at", sa.Text, nullable=False),
        sa.Column("shift_day", sa.Text, nullable=False),
        sa.Column("guide", sa.Text),
        sa.Column("duration_seconds", sa.Float),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("original_text", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("mood_before", sa.Integer),
        sa.Column("mood_after", sa.Integer),
        sa.Column("goal_id", sa.Text),
        sa.Column("failure", sa.Text),
        sa.CheckConstraint("kind IN ('spoken', 'typed')", name="kind_is_known"),
        sa.CheckConstraint(
            "state IN ('recording', 'recovered', 'transcribing', 'ready', 'no_speech', 'failed')",
            name="state_is_known",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("entries_by_time", "entries", ["spoken_at_microseconds", "id", "shift_day", "kind"])
    op.create_index(
        "entries_unsettled",
        "entries",
        ["state"],
        sqlite_where=sa.text("state IN ('recording', 'recovered', 'transcribing')"),
    )
    op.create_table(
        "entry_words",
        sa.Column("entry_number", sa.Integer, sa.ForeignKey("entries.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
    )


def _create_tags() -> None:
    op.create_table(
        "entry_tags",
        sa.Column("entry_number", sa.Integer, sa.ForeignKey("entries.number", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("entry_number", "name"),
        sa.CheckConstraint("source IN ('suggested', 'person')", name="source_is_known"),
        sqlite_with_rowid=False,
    )
    op.create_index("entry_tags_by_name", "entry_tags", ["name", "entry_number"], sqlite_where=sa.text("removed = 0"))


def _create_search() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5("
        "text, tags, tokenize=\"porter unicode61 remove_diacritics 2\", prefix='2 3')"
    )
    # A deleted word leaves the index at once, and a tag weighs twice a word.
    op.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)")
    op.execute("INSERT INTO search(search, rank) VALUES ('rank', 'bm25(1.0, 2.0)')")
