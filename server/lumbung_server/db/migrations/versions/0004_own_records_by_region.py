"""Where a person's own records lie is read from an index: every sync asks whether any lies outside their regions."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the region into the index of authors."""
    op.create_index("record_author_region", "record", ["author", "region"])
    op.drop_index("record_author", "record")


def downgrade() -> None:
    """Data that phones brought is never touched by going back: restore a copy instead."""
    raise NotImplementedError("migrations are not undone")
