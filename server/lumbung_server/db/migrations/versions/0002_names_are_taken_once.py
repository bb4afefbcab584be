"""Names of writes and ids of records are taken once in all homes; a feed can be read by region."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make two indexes unique and add one."""
    op.drop_index("write_replica_n", "write")
    op.create_index("write_replica_n", "write", ["replica", "n"], unique=True)
    op.drop_index("record_id", "record")
    op.create_index("record_id", "record", ["id"], unique=True)
    op.create_index("feed_home_region_n", "feed", ["home", "region", "n"])


def downgrade() -> None:
    """Data that phones brought is never touched by going back: restore a copy instead."""
    raise NotImplementedError("migrations are not undone")
