"""The shape of the database, and the numbered steps that lead to it."""

LATEST = "0005"
"""The newest step in ``versions``; a database at it needs no migration."""
