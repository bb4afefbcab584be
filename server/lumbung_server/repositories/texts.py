"""The words by which activities are found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Dialect, Insert, Select, Text, bindparam, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import record_text
from lumbung_server.db.texts import asked, has_words

_DROP = delete(record_text).where(record_text.c.record.in_(bindparam("records", expanding=True)))
_WORDS = select(record_text.c.record, record_text.c.words).where(
    record_text.c.record.in_(bindparam("records", expanding=True))
)


async def put_words(connection: AsyncConnection, words: Mapping[str, str]) -> None:
    """Store the words of activities, in place of those they had."""
    if not words:
        return
    if connection.dialect.name == "postgresql":
        columns = {"record": list(words), "words": list(words.values())}
        await connection.execute(_of_arrays(connection.dialect), columns)
    else:
        rows = [{"record": record, "words": text} for record, text in words.items()]
        await connection.execute(_putting(connection.dialect), rows)


@cache
def _putting(dialect: Dialect) -> Insert:
    adding = insert_into(dialect, record_text)
    return adding.on_conflict_do_update(index_elements=["record"], set_={"words": adding.excluded.words})


@cache
def _of_arrays(dialect: Dialect) -> Insert:
    """Return the statement that takes all rows as two arrays: one message instead of hundreds."""
    arrays = [bindparam(name, type_=ARRAY(Text)) for name in ("record", "words")]
    rows = func.unnest(*arrays).table_valued("record", "words").render_derived()
    adding = insert_into(dialect, record_text)
    changed = {"words": adding.excluded.words}
    return adding.from_select(["record", "words"], select(rows)).on_conflict_do_update(
        index_elements=["record"], set_=changed
    )


async def drop_words(connection: AsyncConnection, records: Collection[str]) -> None:
    """Let records be found by no words any more."""
    if records:
        await connection.execute(_DROP, {"records": sorted(records)})


async def words_of(connection: AsyncConnection, records: Collection[str]) -> dict[str, str]:
    """Return record to its words, where it has any."""
    rows = await connection.execute(_WORDS, {"records": sorted(records)})
    return {row.record: row.words for row in rows}


@cache
def newest_hits(dialect: Dialect) -> Select[Any]:
    """Return the query of the newest texts that have what `sought` asks for, `hits` at most."""
    query = select(record_text.c.record).where(has_words(dialect))
    return query.order_by(record_text.c.number.desc()).limit(bindparam("hits"))


def sought(connection: AsyncConnection, words: Collection[str], places: Collection[str]) -> str:
    """Return the value of that query's parameter `sought`."""
    return asked(connection.dialect, words, places)
