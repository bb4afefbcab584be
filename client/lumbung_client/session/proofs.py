"""Which receipt proves which activity, found without looking through all of them. Never makes one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from lumbung_client.session.gradual import Gradual
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.local_store import LocalStore, Name, Row, Touched
from lumbung_client.store.shelf import Shelf
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Receipt


class Proofs:
    """Receipts, newest first, and the newest of each record."""

    def __init__(self, store: LocalStore, content: Content) -> None:
        self._content = content
        self._receipts = Shelf()
        self._by_write: dict[str, list[str]] = {}
        self._sent: dict[str, list[str]] = {}
        self._reading = (
            Gradual(lambda: [key for key, _ in content.rows(Name.RECEIPTS)], self._take_receipt),
            Gradual(lambda: [key for key, _ in content.rows(Name.SENT)], self._take_sent),
        )
        store.watch(self._follow)

    def newest(self, limit: int) -> list[Receipt]:
        """Return the newest receipts, newest first."""
        self._finish()
        return [receipt for key in self._receipts.newest(limit=limit) if (receipt := self._receipt(key))]

    def of(self, record: str) -> Receipt | None:
        """Return the newest receipt of any own write of a record."""
        self._finish()
        keys = {key for name in self._sent.get(record, ()) for key in self._by_write.get(name, ())}
        receipts = [receipt for key in keys if (receipt := self._receipt(key))]
        return max(receipts, key=lambda receipt: (receipt.time, receipt.number), default=None)

    async def warm(self, pause: Callable[[], Awaitable[None]]) -> None:
        """Look through what there is, a slice at a time."""
        for reading in self._reading:
            await reading.warm(pause)

    def _finish(self) -> None:
        for reading in self._reading:
            reading.finish()

    def _receipt(self, key: str) -> Receipt | None:
        row = self._content.get(Name.RECEIPTS, key)
        return None if row is None else from_wire(Receipt, row)

    def _take_receipt(self, key: str) -> None:
        row = self._content.get(Name.RECEIPTS, key)
        if row is not None:
            self._receipts.put(key, (plain.number(row.get("time")), plain.number(row.get("number"))))
            _add(self._by_write, _names(row), key)

    def _take_sent(self, key: str) -> None:
        row = self._content.get(Name.SENT, key)
        if row is not None:
            _add(self._sent, [_record(row)], key)

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        receipts, sent = self._reading
        for item in touched:
            if item.table == Name.RECEIPTS and receipts.begun:
                self._receipts.drop(item.key)
                _remove(self._by_write, _names(item.before), item.key)
                self._take_receipt(item.key)
            elif item.table == Name.SENT and sent.begun:
                _remove(self._sent, [_record(item.before)], item.key)
                self._take_sent(item.key)


def _names(row: Row | None) -> list[str]:
    """Return the names of the writes that a receipt is for, as they stand in the table of sent ones."""
    if row is None:
        return []
    replica = plain.text(row.get("replica"))
    return [f"{replica}:{n}" for n in plain.items(row.get("numbers"))]


def _record(row: Row | None) -> str:
    write = None if row is None else row.get("write")
    return plain.text(write.get("record")) if isinstance(write, Mapping) else ""


def _add(index: dict[str, list[str]], places: list[str], key: str) -> None:
    for place in places:
        keys = index.setdefault(place, [])
        if key not in keys:
            keys.append(key)


def _remove(index: dict[str, list[str]], places: list[str], key: str) -> None:
    for place in places:
        keys = index.get(place, [])
        if key in keys:
            keys.remove(key)
        if not keys:
            index.pop(place, None)
