"""Many rows in one statement: new ones, and what becomes of those whose key is there already."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import ARRAY, BigInteger, BindParameter, Boolean, Dialect, Insert, Text, bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import Table

from lumbung_server.db.connections import insert_into


async def put(
    connection: AsyncConnection,
    table: Table,
    values: Sequence[object],
    kept: Collection[str] = (),
    added: Collection[str] = (),
) -> None:
    """Insert values that have the columns' names, or put them in the place of those with the same key.

    `kept`: columns that stay as they were then; without them a row that is there already is an error. `added`: columns
    whose values are added to those that were there. No key may stand twice in `values`. SQLite gets the rows as tuples
    (to gather them in dicts takes longer than to insert them), PostgreSQL an array for each column: one message
    instead of hundreds.
    """
    names = tuple(table.c.keys())
    rows = map(attrgetter(*names), values)
    if connection.dialect.name == "postgresql":
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        await connection.execute(_of_arrays(connection.dialect, table, tuple(kept), tuple(added)), columns)
    else:
        await connection.exec_driver_sql(_of_rows(connection.dialect, table, tuple(kept), tuple(added)), list(rows))


@functools.cache
def _of_rows(dialect: Dialect, table: Table, kept: tuple[str, ...], added: tuple[str, ...]) -> str:
    """Return the SQL that puts rows into a table, its parameters in the order of the columns."""
    statement = _replacing(insert_into(dialect, table), table, kept, added)
    compiled = statement.compile(dialect=dialect, column_keys=table.c.keys())
    assert list(compiled.positiontup or ()) == table.c.keys()  # noqa: S101  # what the tuples are gathered by
    return compiled.string


_ARRAYS: Mapping[type, ARRAY[Any]] = {str: ARRAY(Text), int: ARRAY(BigInteger), bool: ARRAY(Boolean)}


@functools.cache
def _of_arrays(dialect: Dialect, table: Table, kept: tuple[str, ...], added: tuple[str, ...]) -> Insert:
    """Return the statement that puts into a table what arrays, named like its columns, hold."""
    names = table.c.keys()
    arrays: list[BindParameter[Any]] = [
        bindparam(column.name, type_=_ARRAYS[column.type.python_type]) for column in table.c
    ]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return _replacing(insert_into(dialect, table).from_select(names, select(rows)), table, kept, added)


def _replacing(adding: sqlite.Insert, table: Table, kept: tuple[str, ...], added: tuple[str, ...]) -> sqlite.Insert:
    if not kept:
        return adding
    changed = {
        name: column + adding.excluded[name] if name in added else adding.excluded[name]
        for name, column in table.c.items()
        if name not in kept
    }
    return adding.on_conflict_do_update(index_elements=[*table.primary_key], set_=changed)
