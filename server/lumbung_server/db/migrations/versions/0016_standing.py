"""A phone says what it holds unsent, and photos that have not arrived are found by their person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty until a phone says something, and an index that holds only what is outstanding."""
    op.add_column("device", sa.Column("standing", sa.Text(), nullable=True))
    op.add_column("device", sa.Column("standing_at", sa.BigInteger(), nullable=True))
    outstanding = sa.text("arrived = 0")
    op.create_index("photo_outstanding", "photo", ["person"], sqlite_where=outstanding, postgresql_where=outstanding)
