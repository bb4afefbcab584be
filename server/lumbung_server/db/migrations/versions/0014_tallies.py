"""Numbers for the overview, and what each record contributes to them. The next start reckons what is stored already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table and the column."""
    op.add_column("record", sa.Column("counted", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "tally",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("region", Bytes, primary_key=True),
        sa.Column("kind", Bytes, primary_key=True),
        sa.Column("measure", Bytes, primary_key=True),
        sa.Column("month", Bytes, primary_key=True),
        sa.Column("review", Bytes, primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
