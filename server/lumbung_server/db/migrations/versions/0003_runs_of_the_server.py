"""Every start of the server leaves a mark, so that a phone can tell a database that was put back from an old copy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table of starts."""
    op.create_table(
        "run",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", Bytes, nullable=False, unique=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Data that phones brought is never touched by going back: restore a copy instead."""
    raise NotImplementedError("migrations are not undone")
