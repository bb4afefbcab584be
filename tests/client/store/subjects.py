"""Stores that the kill test writes to: ours, and TinyDB as it comes, behind the same three calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import JSONStorage
from tinydb.table import Document, Table

from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name

Row = dict[str, Any]
State = dict[tuple[str, str], Row]
TABLES = (str(Name.OUTBOX), str(Name.RECORDS))
MARK = "marked"


class Kind(StrEnum):
    """What a person or the server does to several rows at once."""

    INSERT = "insert"  # new rows
    MARK = "mark"  # the field `marked` gets the same value in rows that are there
    MOVE = "move"  # rows of the outbox go to the records
    REMOVE = "remove"  # rows go


@dataclass(frozen=True)
class Operation:
    """One action: the rows of one table that it is about, with the values they get (none for a removal)."""

    kind: Kind
    table: str
    rows: Mapping[str, Row]

    def changes(self) -> tuple[Change, ...]:
        """Return the action as what stands where from now on."""
        if self.kind is Kind.REMOVE:
            return tuple(Change(self.table, key, None) for key in self.rows)
        if self.kind is Kind.MOVE:
            gone = (Change(Name.OUTBOX, key, None) for key in self.rows)
            return (*(Change(Name.RECORDS, key, row) for key, row in self.rows.items()), *gone)
        return tuple(Change(self.table, key, row) for key, row in self.rows.items())

    def on(self, state: State) -> State:
        """Return the state after the action."""
        after = dict(state)
        for table, key, value in self.changes():
            if value is None:
                after.pop((table, key), None)
            else:
                after[table, key] = value
        return after


class Subject(Protocol):
    """An open store. An action whose call has returned is acknowledged."""

    def do(self, operation: Operation) -> None:
        """Keep an action."""

    def tidy(self, meanwhile: Callable[[], None]) -> None:
        """Do what the store does from time to time, with `meanwhile` called whenever it lets others work."""

    def content(self) -> State:
        """Return everything in it."""

    def close(self) -> None:
        """Let go of it."""


class Lumbung:
    """Our store on native files."""

    def __init__(self, folder: Path) -> None:
        self._store = asyncio.run(LocalStore.open(NativeFiles(folder)))
        if self._store.damage is not None:
            self._store.close()
            raise OSError(f"damaged: {self._store.damage}")

    def do(self, operation: Operation) -> None:
        """Write one frame."""
        self._store.apply(operation.changes())

    def tidy(self, meanwhile: Callable[[], None]) -> None:
        """Make a checkpoint."""

        async def pause() -> None:
            meanwhile()

        async def work() -> None:
            await self._store.checkpoint(pause)

        asyncio.run(work())

    def content(self) -> State:
        """Read both tables."""
        return {(table, key): dict(row) for table in TABLES for key, row in self._store.rows(table)}

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()


class _TextKeyed(Table):
    document_id_class = str  # type: ignore[assignment]  # TinyDB types ids as int, but takes whatever this names


class Tiny:
    """TinyDB on its own file, used as its documentation says, each action with as few calls as it offers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = self._opened(folder / "db.json")
        self._db.table_class = _TextKeyed
        self.content()

    def _opened(self, path: Path) -> TinyDB:
        return TinyDB(path)

    def do(self, operation: Operation) -> None:
        """Change the tables."""
        table, keys = self._db.table(operation.table), list(operation.rows)
        documents = [Document(row, key) for key, row in operation.rows.items()]  # type: ignore[arg-type]
        if operation.kind is Kind.INSERT:
            table.insert_multiple(documents)
        elif operation.kind is Kind.MARK:
            mark = next(iter(operation.rows.values()))[MARK]
            table.update({MARK: mark}, doc_ids=keys)  # type: ignore[arg-type]
        elif operation.kind is Kind.MOVE:
            # A kill between these two leaves rows in both tables: TinyDB cannot change two at once.
            moved = self._db.table(Name.RECORDS)
            moved.insert_multiple([document for document in documents if not moved.contains(doc_id=document.doc_id)])
            self._db.table(Name.OUTBOX).remove(doc_ids=keys)  # type: ignore[arg-type]
        else:
            table.remove(doc_ids=keys)  # type: ignore[arg-type]

    def tidy(self, meanwhile: Callable[[], None]) -> None:
        """Do nothing: TinyDB has no such thing."""

    def content(self) -> State:
        """Read both tables."""
        return {(name, str(row.doc_id)): dict(row) for name in TABLES for row in self._db.table(name)}

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class TinyCached(Tiny):
    """The same behind TinyDB's caching middleware, with its own settings."""

    def _opened(self, path: Path) -> TinyDB:
        return TinyDB(path, storage=CachingMiddleware(JSONStorage))


SUBJECTS: Mapping[str, Callable[[Path], Subject]] = {
    "lumbung": Lumbung,
    "tinydb": Tiny,
    "tinydb-cached": TinyCached,
}
