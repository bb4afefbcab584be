"""The server's services without HTTP: a prepared database in a folder, at a moment that does not pass."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

from lumbung_server.db.connections import Connection, writing
from lumbung_server.db.migrate import migrate
from lumbung_server.opening import open_site
from lumbung_server.repositories import access, people
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.services.callers import Caller
from lumbung_server.services.reference import load_reference
from lumbung_server.services.site import Site
from lumbung_server.settings import settings_from

NOW = 1_795_000_000_000


@contextlib.asynccontextmanager
async def fresh_site(folder: Path, address: str = "") -> AsyncIterator[Site]:
    """A site with migrations and regions, and nobody in it. `address`: of its database, empty for SQLite's own."""
    settings = settings_from({"LUMBUNG_VAR": str(folder), "LUMBUNG_DATABASE_URL": address})
    site = replace(open_site(settings), now=lambda: NOW)
    try:
        await migrate(site.engine)
        await load_reference(site)
        yield site
    finally:
        await site.engine.dispose()


def caller(person: str, regions: Sequence[str], role: str = "cadre") -> Caller:
    """A person on a device of the same name, with a grant for each region."""
    device = Device(person, person, person, "", "", NOW, NOW * 2, last_seen=NOW)
    return Caller(person, device, tuple(HeldGrant(region, role, 1, 0) for region in regions))


async def add_caller(site: Site, who: Caller) -> None:
    """Store a caller's person and device."""

    async def add(connection: Connection) -> None:
        await people.add_person(connection, who.person, who.person)
        await access.put_device(connection, who.device)

    await writing(site.engine, add)
