"""Bring the tallies to what the records say: after an update of the software, and when a check found them wrong.

A page of records is a transaction, in which each gives back what it contributed and contributes what it counts as now.
So it may be broken off, phones may send meanwhile, and no more than a page stands in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import structlog

from lumbung_server.db.connections import Connection, reading, wait_until_alone, writing
from lumbung_server.repositories import checking, instance, regions, tallies
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.tallies import Counted
from lumbung_server.services.counting import Differences, counted
from lumbung_server.services.site import Site
from lumbung_shared.codec import Malformed
from lumbung_shared.measures import rules_digest

_log = structlog.get_logger("lumbung")
_PAGE = 500


async def bring_up_to_date(site: Site) -> int:
    """Reckon what was stored under other rules, or before there were tallies; return how many records changed.

    Raises Busy.
    """
    async with reading(site.engine) as connection:
        if await instance.tallied_by(connection) == rules_digest():
            return 0
    return await _reckon(site)


async def recount(site: Site) -> int:
    """Forget all tallies and reckon them anew; return how many records contribute to them. Raises Busy."""

    async def forget(connection: Connection) -> None:
        await _lock_all(connection)
        await tallies.clear(connection)
        # Broken off from here on, the next start goes on.
        await instance.note_tallied(connection, "")

    await writing(site.engine, forget)
    return await _reckon(site)


async def _reckon(site: Site) -> int:
    async with reading(site.engine) as connection:
        homes = await regions.homes(connection)
    changed = 0
    for home in homes.values():
        after: str | None = ""
        while after is not None:
            more, after = await writing(site.engine, partial(_reckon_page, site, home, after))
            changed += more

    async def finish(connection: Connection) -> None:
        await instance.note_tallied(connection, rules_digest())

    await writing(site.engine, finish)
    return changed


async def _reckon_page(site: Site, home: int, after: str, connection: Connection) -> tuple[int, str | None]:
    """Reckon records of a home from behind `after`; return how many changed and the last one, None at the end."""
    homes = await _lock_all(connection)
    page = await checking.records_after(connection, home, after, _PAGE)
    await site.forms.fetch(connection, {(one.kind, one.form) for one in page})
    differences = Differences(homes)
    changed = _changed(site, page)
    before = {one.id: one.counted for one in page}
    for one in changed:
        differences.change(before[one.id], one.counted)
    await tallies.put_counted(connection, changed)
    await tallies.add(connection, differences.changed())
    return len(changed), page[-1].id if page else None


def _changed(site: Site, page: Sequence[StoredRecord]) -> list[Counted]:
    found = [Counted(it.home, it.id, _counted(site, it)) for it in page]
    return [new for new, old in zip(found, page, strict=True) if new.counted != old.counted]


def _counted(site: Site, stored: StoredRecord) -> str:
    try:
        return counted(stored, site.forms.forms.get((stored.kind, stored.form)))
    except (ValueError, Malformed):
        # Damaged: a check says which. The others count all the same, and the server starts.
        _log.warning("record-unreadable", record=stored.id)
        return ""


async def _lock_all(connection: Connection) -> dict[str, int]:
    await wait_until_alone(connection)
    homes = await regions.homes(connection)
    await regions.lock_homes(connection, homes.values())
    return homes
