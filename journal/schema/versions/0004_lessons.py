"""What a person's tags teach, and which version of the tagger has read an entry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds two columns; no entry changes. What was decided before teaches, too."""
    op.add_column("entry_tags", sa.Column("teaches", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("entries", sa.Column("tagged_by", sa.Text))
