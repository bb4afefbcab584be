"""First tables: people and access, writes and records, feed and receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Create everything."""
    _create_people()
    _create_access()
    _create_records()


def _create_people() -> None:
    op.create_table(
        "instance",
        sa.Column("name", Bytes, primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "receipt_key",
        sa.Column("id", Bytes, primary_key=True),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "region",
        sa.Column("code", Bytes, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", Bytes, nullable=False),
        sa.Column("valid_to", Bytes, nullable=False),
        sa.Column("successor", Bytes, nullable=False),
    )
    op.create_table(
        "home",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("region", Bytes, nullable=False, unique=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("receipts", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "person",
        sa.Column("id", Bytes, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("profession", sa.Text(), nullable=False),
    )
    op.create_table(
        "grant",
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("region", Bytes, sa.ForeignKey("region.code"), primary_key=True),
        sa.Column("role", Bytes, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
    )


def _create_access() -> None:
    op.create_table(
        "account",
        sa.Column("login", Bytes, primary_key=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("digest", Bytes, primary_key=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by", Bytes, nullable=True),
    )
    op.create_table(
        "attempt",
        sa.Column("key", Bytes, primary_key=True),
        sa.Column("period", sa.BigInteger(), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.create_table(
        "device",
        sa.Column("id", Bytes, primary_key=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("token_digest", Bytes, nullable=False, unique=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("skew", sa.BigInteger(), nullable=False),
    )
    op.create_index("device_person", "device", ["person"])
    op.create_table(
        "replica",
        sa.Column("id", Bytes, primary_key=True),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("device", Bytes, sa.ForeignKey("device.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )


def _create_records() -> None:
    op.create_table(
        "write",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("replica", Bytes, primary_key=True),
        sa.Column("n", sa.BigInteger(), primary_key=True),
        sa.Column("record", Bytes, nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=False),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("digest", Bytes, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("receipt", sa.BigInteger(), nullable=False),
    )
    op.create_index("write_home_record", "write", ["home", "record", "arrival"])
    op.create_index("write_replica_n", "write", ["replica", "n"])
    op.create_table(
        "record",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("id", Bytes, primary_key=True),
        sa.Column("kind", Bytes, nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("region", Bytes, nullable=False),
        sa.Column("author", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("date", Bytes, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", Bytes, nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("record_author", "record", ["author"])
    op.create_index("record_id", "record", ["id"])
    op.create_table(
        "feed",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("region", Bytes, primary_key=True),
        sa.Column("record", Bytes, primary_key=True),
        sa.Column("record_home", sa.Integer(), sa.ForeignKey("home.id"), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
    )
    op.create_index("feed_home_n", "feed", ["home", "n"])
    op.create_index("feed_record", "feed", ["record"])
    op.create_table(
        "receipt",
        sa.Column("home", sa.Integer(), sa.ForeignKey("home.id"), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("replica", Bytes, nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("root", Bytes, nullable=False),
        sa.Column("key", Bytes, nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Data that phones brought is never dropped by a command: restore a copy instead."""
    raise NotImplementedError("the first migration cannot be undone")
