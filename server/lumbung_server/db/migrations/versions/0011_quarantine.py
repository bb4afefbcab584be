"""What a phone without permission hands over waits here, unjudged, until a coordinator decides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "handover_permit",
        sa.Column("device", Bytes, primary_key=True),
        sa.Column("token_digest", Bytes, nullable=False),
        sa.Column("allowed_by", Bytes, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("device", Bytes, nullable=False),
        sa.Column("replica", Bytes, nullable=False),
        sa.Column("came_at", sa.BigInteger(), nullable=False),
        sa.Column("clocks", sa.Text(), nullable=False),
        sa.Column("state", Bytes, nullable=False),
        sa.Column("decided_by", Bytes, nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("quarantine_person", "quarantine", ["person"])
    op.create_table(
        "quarantined_write",
        sa.Column("replica", Bytes, primary_key=True),
        sa.Column("digest", Bytes, primary_key=True),
        sa.Column("quarantine", sa.BigInteger(), sa.ForeignKey("quarantine.number"), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", Bytes, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
    )
    op.create_index("quarantined_write_quarantine", "quarantined_write", ["quarantine", "n"])
