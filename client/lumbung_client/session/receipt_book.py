"""*Bukti terima* opened: what a receipt is for, and how far this phone could see for itself that it is true.

Everything is read from the phone. The server's public keys are asked for once, after the first receipt has come, and
kept: so a receipt is checked without a network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from lumbung_client.session.ports import Ports
from lumbung_client.session.views import ActivityRow
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import RECEIPT_KEYS, put
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_client.sync import verdict
from lumbung_client.sync.proof import offered
from lumbung_client.sync.transport import Request, Unreachable
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import ReceiptKeys, is_signed, place_in, receipt_name, receipt_path
from lumbung_shared.writes import Write, batch_root, write_digest

KEYS_PATH = "/api/v1/receipt-keys"
_READ_BY = frozenset({Name.RECEIPTS, Name.SENT, Name.OUTBOX, Name.BROUGHT, Name.META})


class Seal(StrEnum):
    """What this phone found of the server's signature."""

    SOUND = "sound"
    BROKEN = "broken"
    UNCHECKED = "unchecked"  # it was not told the server's key yet


class Match(StrEnum):
    """What this phone found of its own writes under a receipt."""

    SAME = "same"
    OTHER = "other"  # the server says that it took something else
    PARTLY = "partly"  # not all of them are kept here any more


@dataclass(frozen=True)
class Received:
    """A record of which a receipt covers writes. `digests`: of those, as they were sent, by their numbers."""

    record: str
    kind: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class ReceiptView:
    """A receipt opened. `name`: what the server confirms it by, `address`: where, empty where the server's address is
    not known; `missing`: writes under it that are not kept here any more.
    """

    receipt: Receipt
    name: str
    address: str
    seal: Seal
    match: Match
    received: tuple[Received, ...]
    missing: int = 0

    @property
    def number(self) -> str:
        """The number as people say it."""
        return f"{self.receipt.home}-{self.receipt.number}"


class ReceiptBook:
    """The receipts of one store, looked at one at a time. `row`: a record as lists show it. `draw` makes a PNG of a
    picture of one (None: the platform cannot).
    """

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        ports: Ports,
        row: Callable[[str], ActivityRow | None],
    ) -> None:
        self._store = store
        self._content = content
        self._transport = ports.transport
        self._server = ports.server
        self._row = row
        self.draw = ports.draw
        self._views: dict[str, ReceiptView] = {}
        self._wanted: set[str] = set()
        self._asking: asyncio.Task[None] | None = None
        store.watch(self._follow)

    def view(self, name: str) -> ReceiptView | None:
        """Return the receipt that the server confirms by a name; None when it is not on this phone."""
        if name not in self._views:
            receipt = self._find(name)
            if receipt is None:
                return None
            self._views[name] = self._opened(receipt, name)
        return self._views[name]

    def row(self, record: str) -> ActivityRow | None:
        """Return a record of a receipt as it stands now; None when nothing is left of it here."""
        return self._row(record)

    def wake(self, key: str = "") -> None:
        """Ask for the server's keys, beside all else, if a receipt is signed with one that this phone was not told.

        `key`: the id of one more that is wanted. Call it when nothing else is being sent.
        """
        if key and key not in self._content.receipt_keys:
            self._wanted.add(key)
        if self._wanted and (self._asking is None or self._asking.done()):
            self._asking = asyncio.get_running_loop().create_task(self._ask())

    async def close(self) -> None:
        """Stop asking."""
        if self._asking is not None and not self._asking.done():
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _ask(self) -> None:
        request = Request("GET", KEYS_PATH, {"Accept": "application/json"})
        try:
            answer = verdict.read(ReceiptKeys, await self._transport.send(request))
        except Unreachable:
            return  # asked again after the next sync
        if isinstance(answer, ReceiptKeys):
            self._wanted.clear()
            with suppress(StoreError):  # what could not be kept is asked for at the next start
                # A key that was told once stays what it is: whoever answers later cannot make it another one.
                kept = ReceiptKeys({**answer.keys, **self._content.receipt_keys})
                self._store.apply([put(Name.META, RECEIPT_KEYS, kept)])

    def _find(self, name: str) -> Receipt | None:
        place = place_in(name)
        if place is None:
            return None
        begin = f"{place[0]}:{place[1]}:"
        rows = [row for key, row in self._content.rows(Name.RECEIPTS) if key.startswith(begin)]
        found = (from_wire(Receipt, row) for row in rows)
        return next((one for one in found if receipt_name(one) == name), None)

    def _opened(self, receipt: Receipt, name: str) -> ReceiptView:
        numbers = sorted(receipt.numbers)
        writes = [write for n in numbers if (write := offered(self._content, receipt.replica, n)) is not None]
        digests = [write_digest(receipt.replica, write) for write in writes]
        missing = len(numbers) - len(writes)
        same = Match.SAME if batch_root(digests) == receipt.root else Match.OTHER
        return ReceiptView(
            receipt=receipt,
            name=name,
            address=f"{self._server}{receipt_path(receipt)}" if self._server else "",
            seal=self._seal(receipt),
            match=Match.PARTLY if missing else same,
            received=_by_record(writes, digests),
            missing=missing,
        )

    def _seal(self, receipt: Receipt) -> Seal:
        keys = self._content.receipt_keys
        if receipt.key not in keys:
            return Seal.UNCHECKED
        return Seal.SOUND if is_signed(receipt, keys) else Seal.BROKEN

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        for item in touched:
            if item.table in _READ_BY:
                self._views.clear()
            if item.table == Name.RECEIPTS and item.now is not None:
                key = plain.text(item.now.get("key"))
                if key and key not in self._content.receipt_keys:
                    self._wanted.add(key)


def _by_record(writes: Iterable[Write], digests: Iterable[str]) -> tuple[Received, ...]:
    kinds: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for write, digest in zip(writes, digests, strict=True):
        kinds[write.record] = write.kind
        found.setdefault(write.record, []).append(digest)
    return tuple(Received(record, kinds[record], tuple(several)) for record, several in found.items())
