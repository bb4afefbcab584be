"""Products that everybody may see, which pictures of them are public, and what keeps others from being shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the tables. They are filled at the next start, as whenever the rules of what is shown have changed."""
    op.create_table(
        "catalogue_session",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("record", Bytes, primary_key=True),
        sa.Column("region", Bytes, nullable=False),
        sa.Column("standing", Bytes, nullable=False),
    )
    op.create_index("catalogue_session_standing", "catalogue_session", ["standing", "region"])
    op.create_table(
        "catalogue",
        sa.Column("item", Bytes, primary_key=True),
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), nullable=False),
        sa.Column("record", Bytes, nullable=False),
        sa.Column("province", Bytes, nullable=False),
        sa.Column("regency", Bytes, nullable=False),
        sa.Column("district", Bytes, nullable=False),
        sa.Column("region", Bytes, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("business", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False),
    )
    op.create_index("catalogue_record", "catalogue", ["home", "record"])
    for level in ("province", "regency", "district", "region"):
        op.create_index(f"catalogue_{level}", "catalogue", [level, "at", "item"])
    op.create_table(
        "catalogue_picture",
        sa.Column("sha256", Bytes, primary_key=True),
        sa.Column("item", Bytes, sa.ForeignKey("catalogue.item"), primary_key=True),
    )
    op.create_index("catalogue_picture_item", "catalogue_picture", ["item"])
