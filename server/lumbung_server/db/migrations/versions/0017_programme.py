"""Targets of work programmes are found by their region, among however many activities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index that holds nothing but targets."""
    targets = sa.text("kind = 'programme-target'")
    op.create_index("record_target", "record", ["region", "id"], sqlite_where=targets, postgresql_where=targets)
