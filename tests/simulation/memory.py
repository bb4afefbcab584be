"""A database in memory that behaves as PostgreSQL does for the services: transactions that run side by side, see what
was committed, wait for locked homes, and find a name taken. Knows rows, never what they mean.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from lumbung_server.db.connections import TRIES, Busy, RunAgain
from lumbung_server.repositories.access import Device, Replica
from lumbung_server.repositories.forms import StoredOffer
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.repositories.records import FeedRow, StoredRecord, StoredWrite
from lumbung_server.repositories.tallies import Tally
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.forms import Form
from lumbung_shared.protocol import Person, Receipt
from lumbung_shared.regions import Level, Region, level
from tests.simulation.clockwork import Delay

T = TypeVar("T")


@dataclass(frozen=True)
class Home:
    """A home's row: its region, its counter, and how many receipts it gave."""

    region: str
    n: int = 0
    receipts: int = 0


@dataclass(frozen=True)
class PublishedForm:
    """A form and its offer."""

    offer: StoredOffer
    form: Form


@dataclass(frozen=True)
class Tables:
    """Everything that is stored, as of one commit. Never changed: a commit makes another one, a backup keeps one."""

    instance: Mapping[str, str] = field(default_factory=dict)
    run: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    region: Mapping[str, Region] = field(default_factory=dict)
    home: Mapping[int, Home] = field(default_factory=dict)
    person: Mapping[str, Person] = field(default_factory=dict)
    grant: Mapping[tuple[str, str, str, int], HeldGrant] = field(default_factory=dict)
    device: Mapping[str, Device] = field(default_factory=dict)
    heard: Mapping[str, tuple[int, str, int]] = field(default_factory=dict)
    replica: Mapping[str, Replica] = field(default_factory=dict)
    write: Mapping[tuple[str, int], StoredWrite] = field(default_factory=dict)
    record: Mapping[str, StoredRecord] = field(default_factory=dict)
    tally: Mapping[tuple[int, str, str, str, str, str], Tally] = field(default_factory=dict)
    feed: Mapping[tuple[int, str, str], FeedRow] = field(default_factory=dict)
    receipt: Mapping[tuple[int, int], Receipt] = field(default_factory=dict)
    form_offer: Mapping[tuple[str, int], PublishedForm] = field(default_factory=dict)

    @property
    def epoch(self) -> str:
        """The name of this history."""
        return self.instance["epoch"]


def tables_of(regions: tuple[Region, ...], forms: Iterable[Form], epoch: str) -> Tables:
    """Return a database with regions, their homes and forms that are offered everywhere, and nobody in it."""
    homes = [one.code for one in regions if level(one.code) <= Level.REGENCY]
    offers = (
        PublishedForm(StoredOffer(one.kind, one.version, number, WHOLE, "", False, one.purpose, "", "", 0), one)
        for number, one in enumerate(forms, 1)
    )
    return Tables(
        instance={"epoch": epoch, "cursor-key": "sealed"},
        region={one.code: one for one in regions},
        home={number: Home(code) for number, code in enumerate(homes, 1)},
        form_offer={one.offer.name: one for one in offers},
    )


class Database:
    """The committed tables and who holds which home's lock. `luck`: transactions take turns by it; None: none waits.

    `crashes` and `sequences` are for planted defects.
    """

    def __init__(self, tables: Tables, luck: random.Random | None) -> None:
        self.tables = tables
        self.luck = luck
        self.locks: dict[int, Transaction] = {}
        self.crashes = 0
        self.sequences: dict[int, int] = {}

    async def pause(self) -> None:
        """Let others come in between, now and then."""
        if self.luck is not None and self.luck.random() < 0.3:
            await Delay(self.luck.randrange(1, 400))


class Handle:
    """What one request knows the database by. `seen`: what its last reading transaction saw."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seen = database.tables


class Transaction:
    """A transaction under way. What it changed only itself sees before its commit."""

    def __init__(self, database: Database, snapshot: Tables | None = None) -> None:
        self.database = database
        self._snapshot = snapshot
        self._changed: dict[str, dict[Any, Any]] = {}

    async def rows(self, table: str) -> Mapping[Any, Any]:
        """Return a table as a statement of this transaction sees it."""
        await self.database.pause()
        return self._rows(table)

    def _rows(self, table: str) -> Mapping[Any, Any]:
        committed: Mapping[Any, Any] = getattr(self._snapshot or self.database.tables, table)
        own = self._changed.get(table)
        return {**committed, **own} if own else committed

    async def put(self, table: str, rows: Mapping[Any, Any]) -> None:
        """Change rows."""
        await self.database.pause()
        self._changed.setdefault(table, {}).update(rows)
        self._check_names()

    async def lock(self, home: int) -> None:
        """Wait until no other transaction holds the lock of a home, and take it."""
        locks = self.database.locks
        while locks.setdefault(home, self) is not self:
            await Delay(5)

    def commit(self) -> None:
        """Make the changes the database's, all at once. Raises RunAgain when a name was taken meanwhile."""
        self._check_names()
        if self._changed:
            tables = {name: self._rows(name) for name in self._changed}
            self.database.tables = replace(self.database.tables, **tables)

    def release(self) -> None:
        """Let go of the locks."""
        locks = self.database.locks
        for home in [home for home, holder in locks.items() if holder is self]:
            del locks[home]

    def _check_names(self) -> None:
        tables = self.database.tables
        for name in self._changed.get("write", ()):
            if name in tables.write:
                raise RunAgain
        for record, row in self._changed.get("record", {}).items():
            if record in tables.record and tables.record[record].home != row.home:
                raise RunAgain


class Reading:
    """A transaction that only reads and sees one moment."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    async def __aenter__(self) -> Transaction:
        database = self._handle.database
        await database.pause()
        self._handle.seen = database.tables
        return Transaction(database, database.tables)

    async def __aexit__(self, *_: object) -> None:
        pass


def reading(handle: Handle) -> Reading:
    """Open a transaction that only reads and sees one moment of the database."""
    return Reading(handle)


async def wait_until_alone(transaction: Transaction) -> None:
    """Nothing: who asks for it locks all homes as well."""


async def writing(
    handle: Handle,
    work: Callable[[Transaction], Awaitable[T]],
    *,
    passing: bool = False,  # noqa: ARG001
) -> T:
    """Run `work` in a transaction and commit it; run it again when it asks for that. Raises Busy.

    `passing`: it need not be on the disk; here nothing ever is.
    """
    for _ in range(TRIES):
        transaction = Transaction(handle.database)
        try:
            done = await work(transaction)
            await handle.database.pause()
            transaction.commit()
        except RunAgain:
            continue
        finally:
            transaction.release()
        return done
    raise Busy
