"""An account has a second step if its owner wants one, sessions for its own affairs, and a link that sets its password.

None of these tables holds a secret that the database alone gives away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the tables, all empty."""
    op.create_table(
        "second_factor",
        sa.Column("login", Bytes, sa.ForeignKey("account.login"), primary_key=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", Bytes, primary_key=True),
        sa.Column("login", Bytes, sa.ForeignKey("account.login"), nullable=False),
    )
    op.create_index("recovery_code_login", "recovery_code", ["login"])
    op.create_table(
        "reset_link",
        sa.Column("login", Bytes, sa.ForeignKey("account.login"), primary_key=True),
        sa.Column("digest", Bytes, nullable=False, unique=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("digest", Bytes, primary_key=True),
        sa.Column("id", Bytes, nullable=False, unique=True),
        sa.Column("login", Bytes, sa.ForeignKey("account.login"), nullable=False),
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("device", Bytes, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("session_login", "session", ["login"])
