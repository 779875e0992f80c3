"""Everything that is kept: entries, recordings, tags, search."""
