"""What was erased on request: of whom or of which record, which answers, when, by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "erasure",
        sa.Column("id", Bytes, primary_key=True),
        sa.Column("what", Bytes, nullable=False),
        sa.Column("subject", Bytes, nullable=False),
        sa.Column("paths", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person", Bytes, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("reason", Bytes, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("home", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
    )
    op.create_index("erasure_subject", "erasure", ["subject"])
