"""Copy SQLite's file whole while it is in use, check a copy, and put one in place of another. Knows no table."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from lumbung_server.settings import Unusable

_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database while it is open, or after it was killed."""
_IN_USE = "basis data sedang dipakai server atau program lain; hentikan dulu, lalu coba lagi"


def sqlite_file(url: str) -> Path | None:
    """Return the file of a database address, None when it is no file of SQLite's."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(parsed.database or "") if is_file else None


@contextlib.contextmanager
def held(path: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold a database's file as long as the block runs: together with others, or alone. Raises Unusable, OSError.

    SQLite's own locks do not tell of a server that happens to have no connection open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(_IN_USE) from None
        yield


def copy_whole(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, whatever is written meanwhile, into a new file and check that.

    The copy is durable, one file, and for its owner alone. Raises Unusable for a source that is no sound database of
    Lumbung's, OSError.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with contextlib.closing(_opened_to_read(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
            # In one step: it sees one moment then, and need not begin again for what is written meanwhile.
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
        _check(target)
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_FULL"):
            raise Unusable(f"{target.parent} tidak punya cukup ruang untuk salinan basis data") from None
        raise Unusable(f"{source} bukan basis data Lumbung yang utuh ({name or type(error).__name__})") from None
    flush(target)


def _opened_to_read(path: Path) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode=ro"
    opened = sqlite3.connect(address, uri=True)
    try:
        opened.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        opened.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        # Where nothing can be written, a file that was open for writing can only be read as one that never changes.
        opened = sqlite3.connect(f"{address}&immutable=1", uri=True)
    return opened


def _check(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        # Not every database that is sound is one of Lumbung's.
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if found != ["ok"] or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.DatabaseError


def holds_something(path: Path) -> bool:
    """Tell whether a database that somebody would miss is at a path: people or writes in it, or no telling."""
    if not path.exists():
        return False
    try:
        with contextlib.closing(_opened_to_read(path)) as connection:
            found = "SELECT EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM write)"
            return bool(connection.execute(found).fetchone()[0])
    except sqlite3.Error:
        return True


def close_up(path: Path) -> None:
    """Bring what lies beside a database into its file; nobody else may have it open. Raises Unusable when somebody has.

    A damaged database stays as it is.
    """
    try:
        # Opened for writing, a file that is no database any more would lose what lies beside it.
        with contextlib.closing(_opened_to_read(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise Unusable(_IN_USE) from None


def scrub(path: Path) -> bool:
    """Write a database's file anew, so that nothing of what was deleted is left in it or beside it.

    Others may have it open. Tells whether that was done; they may hold it up, or the disk have no room.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
            # The index of words forgets what was deleted only when its parts are written anew as one.
            connection.execute("INSERT INTO record_words (record_words) VALUES ('optimize')")
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        return False
    return not busy


def put_in_place(made: Path, path: Path, kept: Path) -> None:
    """Put a closed-up database in the place of one that is kept under another name. Raises OSError.

    A crash leaves the old one in place, or the new one; never a new one with what lay beside the old one.
    """
    for ending in _BESIDE:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    if path.exists():
        publish(path, kept, keep=True)
    made.replace(path)
    flush(path.parent)


def publish(made: Path, path: Path, *, keep: bool = False) -> None:
    """Give a file a name that nobody has; with `keep` it keeps its own as well, where the disk can do that.

    Raises FileExistsError, OSError.
    """
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError:
        # A disk without links, like most that are carried about.
        if path.exists():
            raise FileExistsError(path) from None
        made.rename(path)
    else:
        if not keep:
            made.unlink()
    flush(path.parent)


def flush(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def remove(path: Path) -> None:
    """Remove a copy that did not come to be, with what lies beside it."""
    for ending in ("", *_BESIDE, "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
