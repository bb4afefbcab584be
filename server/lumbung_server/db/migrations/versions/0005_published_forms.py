"""Published forms, where each is offered and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table of offers."""
    op.create_table(
        "form_offer",
        sa.Column("kind", Bytes, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False, unique=True),
        sa.Column("region", Bytes, sa.ForeignKey("region.code"), nullable=False),
        sa.Column("since", Bytes, nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("purpose", Bytes, nullable=False),
        sa.Column("digest", Bytes, nullable=False),
        sa.Column("published_by", Bytes, nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Data that phones brought is never touched by going back: restore a copy instead."""
    raise NotImplementedError("migrations are not undone")
