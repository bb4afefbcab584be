"""What the feed filters by stands beside each record, in indexes that are in the feed's order; texts can be searched.

What SQL cannot work out of stored states is filled by the start that follows (`services/listing.py`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lumbung_server.db.texts import SEARCHING

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_WITA_MS = 8 * 3_600_000
_DAY_OF = {
    "sqlite": f"date((at + {_WITA_MS}) / 1000, 'unixepoch')",
    "postgresql": f"to_char(to_timestamp((at + {_WITA_MS}) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}
"""The day in Kalimantan at which a record was last written."""


def upgrade() -> None:
    """Add columns, fill them, add their indexes, and the table of texts."""
    for name in ("regency", "district", "organisation"):
        op.add_column("record", sa.Column(name, Bytes, nullable=False, server_default=""))
    for name in ("listed", "lacking"):
        op.add_column("record", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("record", sa.Column("review", Bytes, nullable=False, server_default="received"))
    _fill()
    _index("feed_author", "author")
    for place in ("regency", "region"):
        _index(f"feed_{place}", place)
        for column in ("kind", "organisation", "review"):
            _index(f"feed_{place}_{column}", place, column)
        for column in ("disputed", "lacking"):
            _index(f"feed_{place}_{column}", place, column, only=column)
    op.create_table(
        "record_text",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("record", Bytes, nullable=False, unique=True),
        sa.Column("words", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
    )
    for statement in SEARCHING[op.get_bind().dialect.name]:
        op.execute(statement)


def _fill() -> None:
    day = _DAY_OF[op.get_bind().dialect.name]
    op.execute(  # our own words alone
        "UPDATE record SET "  # noqa: S608
        "regency = CASE WHEN length(region) >= 5 THEN substr(region, 1, 5) ELSE '' END, "
        "district = CASE WHEN length(region) >= 8 THEN substr(region, 1, 8) ELSE '' END, "
        "listed = NOT deleted AND kind NOT IN (SELECT kind FROM form_offer WHERE purpose <> 'activity'), "
        "organisation = coalesce((SELECT membership.organisation FROM membership "
        "WHERE membership.person = record.author "
        f"AND membership.since <= CASE WHEN record.date <> '' THEN record.date ELSE {day} END "
        "ORDER BY membership.since DESC LIMIT 1), '')"
    )
    # Reviews, pictures and words are in the states: the next start reads those.
    op.execute("INSERT INTO instance (name, value) SELECT 'unlisted', '' FROM record LIMIT 1")


def _index(name: str, *columns: str, only: str = "") -> None:
    told = ("listed", only) if only else ("listed",)
    op.create_index(
        name,
        "record",
        [*columns, "date", "made_at", "id", *(("region",) if columns == ("author",) else ())],
        sqlite_where=sa.text(" AND ".join(f"{one} = 1" for one in told)),
        postgresql_where=sa.text(" AND ".join(told)),
    )


def downgrade() -> None:
    """Data that phones brought is never touched by going back: restore a copy instead."""
    raise NotImplementedError("migrations are not undone")
