"""A code says who made it, and whether it let a second store in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns; who made the codes that are there is not known."""
    op.add_column("enrolment_code", sa.Column("made_by", Bytes, nullable=True))
    op.add_column("enrolment_code", sa.Column("again_at", sa.BigInteger(), nullable=True))
