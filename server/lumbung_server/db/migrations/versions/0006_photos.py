"""Which records name which pictures, the pictures that arrived, and uploads under way."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from lumbung_shared.photos import named_in

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the tables of photos, and note what the records that are there name."""
    photo = op.create_table(
        "photo",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("record", Bytes, primary_key=True),
        sa.Column("sha256", Bytes, primary_key=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.Column("device", Bytes, nullable=False),
    )
    op.create_index("photo_sha256", "photo", ["sha256", "person"])
    op.create_table(
        "blob",
        sa.Column("sha256", Bytes, primary_key=True),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "blob_holder",
        sa.Column("sha256", Bytes, sa.ForeignKey("blob.sha256"), primary_key=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), primary_key=True),
    )
    op.create_table(
        "upload",
        sa.Column("id", Bytes, primary_key=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("sha256", Bytes, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "photo_wanted",
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("sha256", Bytes, primary_key=True),
        sa.Column("asked_by", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("upload_person", "upload", ["person", "finished"])
    op.create_index("upload_expires_at", "upload", ["expires_at"])
    _note_what_is_there(photo)


def _note_what_is_there(photo: sa.Table) -> None:
    """Note which pictures the writes name that were stored before this table was there."""
    write = sa.table("write", *map(sa.column, ("home", "record", "person", "content")))
    naming = sa.select(write).where(write.c.content.contains('"sha256":', autoescape=True))
    found: dict[tuple[int, str, str, str], None] = {}
    for home, record, person, content in op.get_bind().execute(naming):
        for name in named_in([json.loads(content).get("sets")]):
            found[home, record, name, person] = None
    names = ("home", "record", "sha256", "person")
    rows = [dict(zip(names, key, strict=True), arrived=0, device="") for key in found]
    if rows:
        op.bulk_insert(photo, rows)


def downgrade() -> None:
    """Data that phones brought is never touched by going back: restore a copy instead."""
    raise NotImplementedError("migrations are not undone")
