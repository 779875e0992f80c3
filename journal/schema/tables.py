"""The tables of the journal as the program uses them. Steps in ``versions`` bring a database here."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    column,
    false,
    table,
    text,
    true,
)

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    # The number is for other tables only; the id is what the world sees.
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    # The moment, to sort by; beside it the same moment as it was written, with its offset.
    Column("spoken_at_microseconds", Integer, nullable=False),
    Column("spoken_at", Text, nullable=False),
    Column("shift_day", Text, nullable=False),
    Column("guide", Text),
    Column("duration_seconds", Float),
    Column("text", Text, nullable=False),
    # Only where it differs from the text: most entries are never corrected.
    Column("original_text", Text),
    Column("language", Text),
    Column("answers", Text, nullable=False),
    Column("mood_before", Integer),
    Column("mood_after", Integer),
    Column("goal_id", Text),
    Column("failure", Text),
    Column("mostly_noise", Boolean, nullable=False, server_default=false()),
    # The version of the tagger that read it; another one reads it anew.
    Column("tagged_by", Text),
    CheckConstraint("kind IN ('spoken', 'typed')", name="kind_is_known"),
    CheckConstraint(
        "state IN ('recording', 'recovered', 'transcribing', 'ready', 'no_speech', 'failed')", name="state_is_known"
    ),
    # A number that was once an entry's is never given to another.
    sqlite_autoincrement=True,
)
# All that lists are filtered and sorted by, so that they need not look into the rows with their texts.
Index("entries_by_time", entries.c.spoken_at_microseconds, entries.c.id, entries.c.shift_day, entries.c.kind)
Index("entries_by_guide", entries.c.guide, sqlite_where=text("guide IS NOT NULL"))
Index(
    "entries_unsettled",
    entries.c.state,
    sqlite_where=text("state IN ('recording', 'recovered', 'transcribing')"),
)

entry_words = Table(
    "entry_words",
    metadata,
    Column("entry_number", Integer, ForeignKey("entries.number", ondelete="CASCADE"), primary_key=True),
    # As JSON, a list of four values for each word: text, start, end, probability.
    Column("words", Text, nullable=False),
)

entry_tags = Table(
    "entry_tags",
    metadata,
    Column("entry_number", Integer, ForeignKey("entries.number", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("confidence", Float),
    # As JSON, a list of spans.
    Column("evidence", Text, nullable=False),
    # The person took it away: kept, so that it is not suggested again.
    Column("removed", Boolean, nullable=False),
    # What the person decided is an example for later suggestions, until they want it forgotten: see `lessons`.
    Column("teaches", Boolean, nullable=False, server_default=true()),
    PrimaryKeyConstraint("entry_number", "name"),
    CheckConstraint("source IN ('suggested', 'person')", name="source_is_known"),
    # The tags of an entry lie side by side.
    sqlite_with_rowid=False,
)
Index("entry_tags_by_name", entry_tags.c.name, entry_tags.c.entry_number, sqlite_where=text("removed = 0"))

deletions = Table(
    "deletions",
    metadata,
    # Entries that are gone but whose recording may still lie on disk, should the program have died in between.
    Column("entry_id", Text, primary_key=True),
)

vocabulary = Table(
    "vocabulary",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("word", Text, nullable=False, unique=True),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# Which entries are in the index of words, and with what: see `word_index`. No foreign key: who forgets to take an entry
# out of the index before it goes is found out by what is left here.
indexed = Table(
    "indexed",
    metadata,
    Column("entry_number", Integer, primary_key=True),
    Column("fingerprint", Integer, nullable=False),
)

meanings = Table(
    "meanings",
    metadata,
    # What is newer has a greater number, and no number is given twice, so that what is new can be read alone.
    Column("number", Integer, primary_key=True),
    Column("entry_number", Integer, ForeignKey("entries.number", ondelete="CASCADE"), nullable=False, unique=True),
    # The version of what made the vectors.
    Column("encoder", Text, nullable=False),
    # Those of all passages one after the other: see `meaning.packing`. None if there is nothing to read in the text.
    Column("vectors", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
Index("meanings_by_encoder", meanings.c.encoder, meanings.c.number)

# FTS5 reads this virtual table by its own means, so it is no part of `metadata`. It keeps no copy of the texts, which
# takes as much room as the index itself; what is taken out of it must be told word by word: see `word_index`.
# The column named like the table stands for a whole row in MATCH.
search = table("search", column("rowid", Integer), column("search"), column("rank"), column("text"), column("tags"))
# All words in the index by their stems, with the number of entries that have each.
search_terms = table("search_terms", column("term"), column("doc", Integer))
