"""Organisations with the names they had, who belonged to which from when on, and phone numbers apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make an organisation of every name that stands with a person, and say who belongs to it."""
    op.create_table(
        "contact",
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("phone", sa.Text(), nullable=False),
    )
    organisation = op.create_table("organisation", sa.Column("id", Bytes, primary_key=True))
    organisation_name = op.create_table(
        "organisation_name",
        sa.Column("organisation", Bytes, sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("since", Bytes, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
    )
    membership = op.create_table(
        "membership",
        sa.Column("person", Bytes, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("since", Bytes, primary_key=True),
        sa.Column("organisation", Bytes, sa.ForeignKey("organisation.id"), nullable=True),
    )
    person = sa.table("person", sa.column("id", Bytes), sa.column("organisation", sa.Text()))
    connection = op.get_bind()
    belongs = connection.execute(sa.select(person.c.id, person.c.organisation).order_by(person.c.id)).all()
    names = sorted({name for _, name in belongs if name})
    ids = {name: f"org-{number:04}" for number, name in enumerate(names, 1)}
    if ids:
        connection.execute(organisation.insert(), [{"id": one} for one in ids.values()])
        named = [{"organisation": one, "since": "", "name": name} for name, one in ids.items()]
        connection.execute(organisation_name.insert(), named)
        members = [{"person": who, "since": "", "organisation": ids[name]} for who, name in belongs if name]
        connection.execute(membership.insert(), members)
    op.drop_column("person", "organisation")
