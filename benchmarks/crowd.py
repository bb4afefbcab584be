"""A crowd of phones: who they are, and the requests they send, made before anything is timed.

Everything depends on the number of a phone alone. Phones are put into the database by the server's own repositories:
how they enrol is not what is measured.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks import records
from benchmarks.servers import now
from lumbung_server.db.connections import Connection, open_engine, writing
from lumbung_server.repositories import access, people
from lumbung_server.repositories.access import Device, Replica
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.services.codes import secret_digest
from lumbung_server.services.reference import bundled_regions
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import replica_id, uuid7
from lumbung_shared.protocol import Role
from lumbung_shared.regions import Level, level

TEMPLATES = 2_000
"""So many different activities there are; a phone's neighbours and its own are all different ones."""
WEEK_MS = 7 * 86_400_000
YEAR_MS = 365 * 86_400_000
_A_TRANSACTION = 1_000


@dataclass(frozen=True)
class Member:
    """One person on one phone. `name`: tells crowds apart that share a database; `region`: where they work."""

    name: str
    number: int
    region: str
    role: str = Role.CADRE

    @property
    def person(self) -> str:
        """The person's id, and the device's."""
        return f"{self.name}-{self.number:05}"

    @property
    def token(self) -> str:
        """The device's token."""
        return base64.urlsafe_b64encode(hashlib.sha256(f"token {self.person}".encode()).digest()).decode()

    @property
    def replica(self) -> str:
        """The name of the phone's store."""
        return replica_id(hashlib.sha256(f"replica {self.person}".encode()).digest()[:10])


def villages() -> list[str]:
    """Return every village of the province, by code."""
    return sorted(one.code for one in bundled_regions() if level(one.code) is Level.VILLAGE)


def crowd(name: str, where: Iterable[str], each: int) -> list[Member]:
    """Return so many phones for each village, shuffled: nobody comes by village."""
    made = [
        Member(name, number, village)
        for number, village in enumerate(village for village in where for _ in range(each))
    ]
    random.Random(f"{records.SEED} {name}").shuffle(made)
    return made


def enrol(address: str, members: Sequence[Member]) -> None:
    """Put people, grants, devices and stores into a server's database. They were last heard of a day ago."""
    asyncio.run(_enrol(address, members))


async def _enrol(address: str, members: Sequence[Member]) -> None:
    engine = open_engine(address, busy_ms=30_000)
    at = now()["wall"]

    async def add(connection: Connection, part: Sequence[Member]) -> None:
        for one in part:
            await people.add_person(connection, one.person, f"Orang {one.number}", "petani")
            await people.add_grant(connection, one.person, HeldGrant(one.region, one.role, 1, 0))
            digest, before = secret_digest(one.token), at - YEAR_MS // 365
            device = Device(one.person, one.person, digest, "", "", before, at + YEAR_MS, last_seen=before)
            await access.put_device(connection, device)
            await access.claim_replica(connection, Replica(one.replica, one.person, one.person, before))

    try:
        for first in range(0, len(members), _A_TRANSACTION):
            part = members[first : first + _A_TRANSACTION]
            await writing(engine, lambda connection, part=part: add(connection, part))  # type: ignore[misc]
    finally:
        await engine.dispose()


def activities(member: Member, first: int, count: int) -> list[dict[str, Any]]:
    """Return writes `first` (from 1) and following of a phone, each a new activity of the last week, on the wire."""
    chance = random.Random(f"{records.SEED} {member.person} {first}")
    place, at = chance.randrange(TEMPLATES), now()["wall"] - WEEK_MS
    made = []
    for n in range(first, first + count):
        at += chance.randrange(WEEK_MS // (count + 1))
        plain = _template((place + n) % TEMPLATES)
        made.append(
            {
                **plain,
                "n": n,
                "record": uuid7(at, chance.randbytes(10)),
                "grant": 1,
                "time": {**plain["time"], "wall": at},
                "sets": {**plain["sets"], "region": member.region},
            }
        )
    return made


@cache
def _template(number: int) -> Mapping[str, Any]:
    plain: dict[str, Any] = to_wire(records.entry(number).write)
    return plain


class Body:
    """A packed request whose last words are added when it is sent: a phone says what time it is then.

    It is one gzip member: what is known before is packed to the end of a block, what comes then is a block more.
    """

    _HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"

    def __init__(self, known: Mapping[str, Any]) -> None:
        plain = _compact(known)[:-1]
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._packed = self._HEAD + packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)
        self._crc = zlib.crc32(plain)
        self._size = len(plain)

    def with_last(self, last: Mapping[str, Any]) -> bytes:
        """Return the packed request with more keys at its end; `known` must have had some."""
        plain = b"," + _compact(last)[1:]
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        end = packer.compress(plain) + packer.flush()
        return self._packed + end + struct.pack("<II", zlib.crc32(plain, self._crc), self._size + len(plain))


def sync_body(member: Member, writes: Sequence[Mapping[str, Any]]) -> Body:
    """Return a request that brings writes; cursor and time are its last words."""
    return Body({"protocol": 1, "replica": member.replica, "writes": list(writes)})


def last_words(cursor: str = "") -> dict[str, Any]:
    """Return what a phone adds to its request as it sends it."""
    return {"cursor": cursor, "time": now()}


def _compact(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()
