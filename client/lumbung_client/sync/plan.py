"""What one request says: the oldest writes that fit, and the place from which the news are wanted. Pure."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lumbung_client.store.content import Content
from lumbung_client.store.entries import Entry, put_entry, sendable
from lumbung_client.store.frames import Change
from lumbung_client.sync.transport import Request
from lumbung_shared.canonical import Json
from lumbung_shared.codec import to_wire
from lumbung_shared.protocol import PROTOCOL, Standing, SyncRequest
from lumbung_shared.times import Heard
from lumbung_shared.writes import PhoneTime

SYNC_PATH = "/api/v1/sync"
MAX_BATCH_BYTES = 512 * 1024
"""Size of a batch's writes before compression: what is lost when a weak link drops in the middle."""


@dataclass(frozen=True)
class Batch:
    """The entries that one request carries, and which replica they are of.

    `brought`: another store of this person made them; what the reply calls news is then that store's, not this one's.
    `seen`: the cursor of before, when the news are read again.
    """

    replica: str
    entries: tuple[Entry, ...]
    cursor: str
    brought: bool = False
    seen: str = ""


def plan(content: Content, limit: int) -> Batch | None:
    """Return the next batch of at most `limit` writes, oldest first; None before enrolment.

    What was brought here goes first, once news were read: a reply to it would carry all of them in vain. While news are
    being read again this store's own writes wait: what they stand on is being told.
    """
    replica, place = content.replica, content.place
    if replica is None or content.owner is None:
        return None
    free = sendable(content.entries())
    if place.anew:
        free = tuple(entry for entry in free if entry.replica)
    made_by = free[0].replica if free and place.cursor else ""
    chosen: list[Entry] = []
    room = MAX_BATCH_BYTES
    for entry in [entry for entry in free if entry.replica == made_by][:limit]:
        room -= len(_bytes(to_wire(entry.write)))
        if room < 0 and chosen:
            break
        chosen.append(entry)
    return Batch(made_by or replica.id, tuple(chosen), place.cursor, brought=bool(made_by), seen=place.seen)


def offering(batch: Batch) -> tuple[Change, ...]:
    """Return the changes that note, before the request leaves, that these writes must not change any more."""
    return tuple(put_entry(replace(entry, offered=True)) for entry in batch.entries if not entry.offered)


def request(
    batch: Batch,
    time: PhoneTime,
    app: str,
    headers: Iterable[tuple[str, str]],
    heard: Heard | None = None,
    standing: Standing | None = None,
) -> Request:
    """Return the request that carries a batch. `time`: the phone's clocks; `heard`: its last answer; `standing`: what
    it holds besides."""
    writes: tuple[Json, ...] = tuple(to_wire(entry.write) for entry in batch.entries)
    message = SyncRequest(PROTOCOL, batch.replica, time, writes, batch.cursor, app, heard, batch.seen, standing)
    return Request(
        "POST",
        SYNC_PATH,
        {**dict(headers), "Content-Type": "application/json", "Content-Encoding": "gzip"},
        gzip.compress(_bytes(to_wire(message)), mtime=0),
    )


def _bytes(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
