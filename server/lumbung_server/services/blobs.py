"""The pictures themselves: bytes by name in a folder or an S3-compatible store. Knows nothing of who may see them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from lumbung_server.settings import Unusable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

T = TypeVar("T")


class BlobsFailed(Exception):
    """The store of pictures does not do its work now; nothing was taken."""


class Blobs:
    """Keeps bytes under their SHA-256. Calls run in threads: the library's own asynchronous ones can abort the process.

    Every call may raise BlobsFailed.
    """

    def __init__(self, url: str) -> None:
        """Open the store at an address. Raises Unusable when it leads nowhere."""
        parts = urlsplit(url)
        self._folder = Path(unquote(parts.path)) if parts.scheme == "file" else None
        try:
            self._store: ObjectStore = LocalStore(self._folder, mkdir=True) if self._folder else _remote(url)
        except (BaseError, ValueError, OSError):
            raise Unusable("LUMBUNG_BLOB_URL bukan tempat penyimpanan foto yang dapat dipakai") from None

    async def put(self, name: str, content: bytes) -> None:
        """Keep bytes; they are on the disk, or with the other store, when this returns."""
        await self._run(self._put, name, content)

    async def get(self, name: str) -> bytes | None:
        """Return the bytes of a name, None when there are none."""
        return await self._run(lambda: bytes(obstore.get(self._store, _key(name)).bytes()))

    async def has(self, name: str) -> bool:
        """Tell whether there are bytes of a name."""
        return await self._run(obstore.head, self._store, _key(name)) is not None

    async def remove(self, name: str) -> None:
        """Remove the bytes of a name, if there are any."""
        await self._run(obstore.delete, self._store, _key(name))

    def _put(self, name: str, content: bytes) -> None:
        key = _key(name)
        file = self._folder / key if self._folder is not None else None
        is_new = file is not None and not file.parent.exists()
        obstore.put(self._store, key, content)
        if file is not None:
            # The library leaves it to the system when a file, and the name that leads to it, get to the disk.
            for path in (file, file.parent, *([file.parent.parent] if is_new else [])):
                _flush(path)

    async def _run(self, work: Callable[..., T], *arguments: object) -> T | None:
        """Return what the work returns, None when there is nothing of that name."""
        try:
            return await asyncio.to_thread(work, *arguments)
        except (FileNotFoundError, NotFoundError):
            return None
        except (BaseError, OSError) as error:
            raise BlobsFailed from error


def _remote(url: str) -> ObjectStore:
    # Keys and endpoint come from the environment, by the names that all S3 programs know. A store that does not answer
    # is given up while the phone still waits.
    waiting: ClientConfig = {"timeout": "20s", "connect_timeout": "5s"}
    if os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true":
        waiting["allow_http"] = True
    again: RetryConfig = {"max_retries": 2, "retry_timeout": timedelta(seconds=30)}
    return from_url(url, client_options=waiting, retry_config=again)


def _key(name: str) -> str:
    # A folder with a hundred thousand files is slow to look through on some systems.
    return f"{name[:2]}/{name}"


def _flush(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
