"""What the commands backup, restore and reconcile do. Decides what is safe; what a copy is, `db.copies` knows."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from lumbung_server.app import open_site
from lumbung_server.db import copies
from lumbung_server.db.migrate import migrate
from lumbung_server.services.history import begin_epoch
from lumbung_server.services.reference import load_reference
from lumbung_server.settings import Settings, Unusable
from lumbung_shared.times import local_datetime


def back_up(settings: Settings, target: Path) -> int:
    """Copy the database into a new file, also while a server writes to it, and return the file's size in bytes.

    What has the name `target` is whole and was checked. Raises Unusable.
    """
    source = _file(settings, "cadangan PostgreSQL dibuat dengan pg_dump")
    if not source.exists():
        raise Unusable(f"belum ada basis data di {source}")
    taken = f"{target} sudah ada; pilih nama lain, cadangan lama tidak ditimpa"
    if target.exists():
        raise Unusable(taken)
    made = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        copies.copy_whole(source, made)
        copies.publish(made, target)
        return target.stat().st_size
    except FileExistsError:
        raise Unusable(taken) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unusable(f"{target} tidak dapat ditulis ({reason}); periksa folder dan ruang disknya") from None
    finally:
        copies.remove(made)


def restore(settings: Settings, source: Path, now: int) -> Path | None:
    """Put a saved database in place and begin a new epoch. No server may run.

    Returns the name under which the database that was there is kept, None when there was none. `now`: ms.
    Raises Unusable, OSError.
    """
    path = _file(settings, "basis data PostgreSQL dipulihkan dengan pg_restore, lalu `lumbung reconcile`")
    if not source.is_file():
        raise Unusable(f"{source} tidak ada atau bukan berkas")
    if path.exists() and source.samefile(path):
        raise Unusable(f"{source} adalah basis data yang sedang dipakai; sebutkan berkas cadangannya")
    with copies.held(path, alone=True):
        made = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            copies.copy_whole(source, made)
            asyncio.run(_renew(replace(settings, database_url=f"sqlite:///{made}")))
            copies.close_up(made)
            copies.flush(made)
            kept = _free_name(path, now) if path.exists() else None
            if kept is not None:
                copies.close_up(path)
            copies.put_in_place(made, path, kept or path)
        finally:
            copies.remove(made)
    return kept


def reconcile(settings: Settings) -> None:
    """Begin a new epoch of a database that was brought back in another way. Raises Unusable, Busy."""
    asyncio.run(_renew(settings))


async def _renew(settings: Settings) -> None:
    site = open_site(settings)
    try:
        await migrate(site.engine)
        await load_reference(site)
        await begin_epoch(site)
    finally:
        await site.engine.dispose()


def _file(settings: Settings, otherwise: str) -> Path:
    found = copies.sqlite_file(settings.database_url)
    if found is None:
        raise Unusable(f"perintah ini untuk SQLite; {otherwise}")
    return found


def _free_name(path: Path, now: int) -> Path:
    """Return a name beside the database that nothing has."""
    first = path.with_name(f"{path.name}.sebelum-{local_datetime(now):%Y%m%d-%H%M%S}")
    return next(
        name
        for name in (first, *(first.with_name(f"{first.name}-{n}") for n in range(2, 1_000)))
        if not any(name.with_name(name.name + ending).exists() for ending in ("", "-wal", "-shm"))
    )
