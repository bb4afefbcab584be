"""What the commands backup, restore and reconcile do. Decides what is safe; what a copy is, `db` knows."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lumbung_server.commands.prepared import prepared
from lumbung_server.db import copies, dumps
from lumbung_server.db.connections import Busy, DatabaseFault
from lumbung_server.db.migrate import is_current
from lumbung_server.opening import open_site
from lumbung_server.services.audit import Actor, AuditAct, note_alone
from lumbung_server.services.checking import photo_names
from lumbung_server.services.history import begin_epoch
from lumbung_server.settings import Settings, Unusable
from lumbung_shared.times import local_datetime

DATABASE, PHOTOS, MANIFEST = "database", "blobs", "manifest.json"
"""What is in the folder of a backup with photos."""


@dataclass(frozen=True)
class Saved:
    """A backup with photos. `size`: of the database, bytes; `lacking`: names of photos that the server has no more."""

    size: int
    photos: int
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What a restore did. `kept`: where the database that was there is now; `photos`: how many were put back."""

    kept: Path | None
    photos: int = 0


def back_up(settings: Settings, target: Path) -> int:
    """Copy the database into a new file, also while a server writes to it, and return the file's size in bytes.

    What has the name `target` is whole and was checked. Raises Unusable.
    """
    source = copies.sqlite_file(settings.database_url)
    if source is not None and not source.exists():
        raise Unusable(f"belum ada basis data di {source}")
    _check_free(target)
    made = _beside(target)
    try:
        if source is not None:
            copies.copy_whole(source, made)
        else:
            _check_folder(target)
            dumps.dump(settings.database_url, made)
            dumps.check_file(made)
            copies.flush(made)
        copies.publish(made, target)
        return target.stat().st_size
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        copies.remove(made)


def save_all(settings: Settings, target: Path, now: int) -> Saved:
    """Save the database and every photo in a new folder. Raises Unusable.

    The photos come after the database: so every one that it knows is among them.
    """
    _check_free(target)
    made = _beside(target)
    try:
        made.mkdir(mode=0o700)
        size = back_up(settings, made / DATABASE)
        photos, lacking = asyncio.run(_save_photos(settings, made / PHOTOS))
        told = {"made_at": now, "bytes": size, "photos": photos, "lacking": list(lacking)}
        _write(made / MANIFEST, json.dumps({"lumbung": 1, "sha256": _digest(made / DATABASE), **told}).encode())
        # Like a link for a file: nothing of that name is overwritten.
        made.rename(target) if not target.exists() else _check_free(target)
        copies.flush(target.parent)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Saved(size, photos, lacking)


async def _save_photos(settings: Settings, folder: Path) -> tuple[int, tuple[str, ...]]:
    site = open_site(settings)
    saved, lacking = 0, []
    try:
        async for name in photo_names(site):
            content = await site.blobs.get(name)
            if content is None or hashlib.sha256(content).hexdigest() != name:
                lacking.append(name)
                continue
            await asyncio.to_thread(_write, folder / name[:2] / name, content)
            saved += 1
    finally:
        await site.engine.dispose()
    return saved, tuple(lacking)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _beside(target: Path) -> Path:
    return target.with_name(f"{target.name}.{os.getpid()}")


def _check_free(target: Path) -> None:
    if target.exists():
        raise _taken(target)


def _check_folder(target: Path) -> None:
    if not target.parent.is_dir():
        raise Unusable(f"{target} tidak dapat ditulis (foldernya tidak ada); periksa folder dan ruang disknya")


def _taken(target: Path) -> Unusable:
    return Unusable(f"{target} sudah ada; pilih nama lain, cadangan lama tidak ditimpa")


def _unwritable(target: Path, error: OSError) -> Unusable:
    reason = error.strerror or type(error).__name__
    return Unusable(f"{target} tidak dapat ditulis ({reason}); periksa folder dan ruang disknya")


def restore(settings: Settings, actor: Actor, source: Path, now: int, *, replacing: bool = False) -> Restored:
    """Put a saved database in place, with its photos when it is a folder, and begin a new epoch. No server may run.

    What holds people or records already gives way only when `replacing`. `now`: ms. Raises Unusable, OSError.
    """
    database = source / DATABASE if source.is_dir() else source
    if not database.is_file():
        raise Unusable(f"{source} tidak ada atau bukan cadangan")
    if source.is_dir():
        _check_manifest(source)
    path = copies.sqlite_file(settings.database_url)
    if path is None:
        return _restore_postgresql(settings, actor, source, database)
    if path.exists() and database.samefile(path):
        raise Unusable(f"{source} adalah basis data yang sedang dipakai; sebutkan berkas cadangannya")
    with copies.held(path, alone=True):
        if not replacing and copies.holds_something(path):
            raise Unusable(f"sudah ada isinya di {path}; jika memang akan diganti, tambahkan --replace")
        made = _beside(path)
        try:
            copies.copy_whole(database, made)
            asyncio.run(_renew(replace(settings, database_url=f"sqlite:///{made}"), actor, AuditAct.RESTORE))
            copies.close_up(made)
            copies.flush(made)
            # Before the database: it must not name a photo that is not there yet.
            photos = _restore_photos(settings, source)
            kept = _free_name(path, now) if path.exists() else None
            if kept is not None:
                copies.close_up(path)
            copies.put_in_place(made, path, kept or path)
        finally:
            copies.remove(made)
    return Restored(kept, photos)


def _restore_postgresql(settings: Settings, actor: Actor, source: Path, database: Path) -> Restored:
    dumps.check_file(database)
    if not asyncio.run(dumps.is_empty(settings.database_url)):
        raise Unusable("basis data PostgreSQL ini sudah ada isinya; buat yang kosong (createdb) untuk pg_restore")
    dumps.load(settings.database_url, database)
    asyncio.run(_renew(settings, actor, AuditAct.RESTORE))
    return Restored(None, _restore_photos(settings, source))


def _check_manifest(folder: Path) -> None:
    """Raise Unusable for a folder that is not whole: its manifest is written last, and tells what the database is."""
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        sound = told["lumbung"] == 1 and told["sha256"] == _digest(folder / DATABASE)
    except (OSError, ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise Unusable(f"{folder} bukan cadangan Lumbung yang utuh")


def _restore_photos(settings: Settings, source: Path) -> int:
    if not source.is_dir():
        return 0
    return asyncio.run(_put_photos(settings, source / PHOTOS))


async def _put_photos(settings: Settings, folder: Path) -> int:
    site = open_site(settings)
    put = 0
    try:
        for file in await asyncio.to_thread(lambda: list(_files(folder))):
            if await site.blobs.has(file.name):
                continue
            content = await asyncio.to_thread(file.read_bytes)
            if hashlib.sha256(content).hexdigest() == file.name:
                await site.blobs.put(file.name, content)
                put += 1
    finally:
        await site.engine.dispose()
    return put


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.glob("??/*")) if file.is_file())


def reconcile(settings: Settings, actor: Actor) -> None:
    """Begin a new epoch of a database that was brought back in another way. Raises Unusable, Busy."""
    asyncio.run(_renew(settings, actor, AuditAct.RECONCILE))


async def _renew(settings: Settings, actor: Actor, act: AuditAct) -> None:
    async with prepared(settings) as site:
        await begin_epoch(site)
        await note_alone(site, actor, act)


def note_backup(settings: Settings, actor: Actor) -> None:
    """Take down that a copy of everything is made; a database that takes nothing any more is saved all the same."""
    path = copies.sqlite_file(settings.database_url)
    if path is not None and not path.exists():
        return

    async def take_down() -> None:
        site = open_site(settings)
        try:
            if await is_current(site.engine):
                await note_alone(site, actor, AuditAct.BACKUP)
        finally:
            await site.engine.dispose()

    with contextlib.suppress(Busy, DatabaseFault):
        asyncio.run(take_down())


def _free_name(path: Path, now: int) -> Path:
    """Return a name beside the database that nothing has."""
    first = path.with_name(f"{path.name}.sebelum-{local_datetime(now):%Y%m%d-%H%M%S}")
    return next(
        name
        for name in (first, *(first.with_name(f"{first.name}-{n}") for n in range(2, 1_000)))
        if not any(name.with_name(name.name + ending).exists() for ending in ("", "-wal", "-shm"))
    )
