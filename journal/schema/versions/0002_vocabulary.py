"""The person's own words for the recogniser, and which recordings are mostly noise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds a table and a column; no entry changes."""
    op.create_table(
        "vocabulary",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("word", sa.Text, nullable=False, unique=True),
    )
    op.add_column("entries", sa.Column("mostly_noise", sa.Boolean, nullable=False, server_default=sa.false()))
