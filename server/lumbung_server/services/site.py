"""What every service stands on: the database, the settings, and the ports for time and chance."""

from __future__ import annotations

from asyncio import Semaphore
from collections.abc import Callable
from dataclasses import dataclass, field

from lumbung_server.db.connections import Database
from lumbung_server.services.blobs import Blobs
from lumbung_server.services.listeners import Listeners
from lumbung_server.services.load import Load
from lumbung_server.services.parts import Parts
from lumbung_server.services.published import Shelf
from lumbung_server.services.receipts import Signer
from lumbung_server.services.sealing import Sealer
from lumbung_server.settings import Settings


@dataclass(frozen=True)
class Site:
    """One running server. `now`: ms since 1970; `chance`: that many random bytes; `signer` seals receipts,
    `sealer` the secrets of accounts.

    `blobs`: the pictures; `parts`: what has arrived of others. `forms`: those that were published, as far as they were
    needed. `sheets`: an Excel file is read by one at a time; `exports`: two files of activities are made at a time,
    `reports`: and one monthly report; `looking`: two pictures are decoded at a time. `live`: who waits for news of the
    feed, of this process. `visitors`: so many who are nobody here are answered at a time. `load`: how busy this
    process is with syncs.
    """

    settings: Settings
    engine: Database
    now: Callable[[], int]
    chance: Callable[[int], bytes]
    signer: Signer
    sealer: Sealer
    blobs: Blobs
    parts: Parts
    forms: Shelf = field(default_factory=Shelf)
    sheets: Semaphore = field(default_factory=lambda: Semaphore(1))
    exports: Semaphore = field(default_factory=lambda: Semaphore(2))
    reports: Semaphore = field(default_factory=lambda: Semaphore(1))
    live: Listeners = field(default_factory=Listeners)
    looking: Semaphore = field(default_factory=lambda: Semaphore(2))
    visitors: Semaphore = field(default_factory=lambda: Semaphore(4))
    load: Load = field(default_factory=Load)
