"""What administrators and coordinators did, when and about whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "audit",
        sa.Column("number", Number, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person", Bytes, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("act", Bytes, nullable=False),
        sa.Column("about", Bytes, nullable=False),
        sa.Column("region", Bytes, nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
    )
    op.create_index("audit_about", "audit", ["about", "number"])
