"""Activities that are one event: what was said of which two, and which record stands for another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table and the column. Nobody said so of any yet: no record is counted as another."""
    op.create_table(
        "joining",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("record", Bytes, primary_key=True),
        sa.Column("region", Bytes, nullable=False),
        sa.Column("kind", Bytes, nullable=False),
        sa.Column("counted", Bytes, nullable=False),
        sa.Column("stands", Bytes, nullable=False),
        sa.Column("verdict", Bytes, nullable=False),
    )
    op.create_index("joining_region_kind", "joining", ["region", "kind"])
    op.create_index("joining_counted", "joining", ["counted"])
    op.create_index("joining_stands", "joining", ["stands"])
    op.add_column("record", sa.Column("counted_as", Bytes, nullable=False, server_default=""))
    some = sa.text("counted_as != ''")
    op.create_index("record_counted_as", "record", ["counted_as"], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Data that phones brought is never touched by going back: restore a copy instead."""
    raise NotImplementedError("migrations are not undone")
