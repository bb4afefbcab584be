"""Tell whether what a phone has seen happened in this database, and begin what comes after: runs and epochs.

A database that was put back from an old copy does not know of it. The phones do: each cursor carries the server's
run and how far all counters stood in it. Whoever saw more than a run ever reached saw another history.
"""

from __future__ import annotations

import hmac

import structlog

from lumbung_server.db.connections import Connection, wait_until_alone, writing
from lumbung_server.repositories import forms, instance, regions
from lumbung_server.repositories.instance import History
from lumbung_server.services.site import Site
from lumbung_shared.ids import base32


def witness(history: History) -> str:
    """Return what a cursor made at this moment says of the history, sealed: nobody can claim to have seen more."""
    return f"{history.run}.{history.total}.{_seal(history, history.run, str(history.total))}"


async def remembers(connection: Connection, history: History, told: str) -> bool:
    """Tell whether the history holds all that a phone with this witness has seen. What nobody sealed proves nothing."""
    run, _, rest = told.partition(".")
    total, _, seal = rest.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(history, run, total).encode()):
        return True
    reached = history.total if run == history.run else await instance.total_after(connection, run)
    return reached is not None and int(total) <= reached


def _seal(history: History, run: str, total: str) -> str:
    text = ".".join((history.epoch, run, total))
    return hmac.digest(history.key.encode(), text.encode(), "sha256")[:8].hex()


async def begin_run(site: Site) -> None:
    """Note a start of the server. What is pushed meanwhile comes before it or after it, as readers see it, too."""

    async def begin(connection: Connection) -> None:
        await wait_until_alone(connection)
        locked = await regions.lock_homes(connection, (await regions.homes(connection)).values())
        total = sum(one.n for one in locked.values()) + await forms.last_number(connection)
        # Short, for every cursor carries it.
        await instance.add_run(connection, base32(site.chance(5), 8), total)

    await writing(site.engine, begin)


async def begin_epoch(site: Site, before: str = "") -> str:
    """Begin a new history and return its name: every phone offers again what it has kept, and reads all news anew.

    `before`: only when the history is still called that; several may notice at once that it has to end.
    """

    async def begin(connection: Connection) -> tuple[str, bool]:
        name, found = base32(site.chance(10), 16), before or await instance.epoch(connection)
        return name, await instance.replace_epoch(connection, found, name)

    name, begun = await writing(site.engine, begin)
    site.forms.forget()
    if begun and before:
        structlog.get_logger().warning("the database is older than what a phone has seen; a new epoch begins")
    return name
