"""Small copies of photos that the server gave, kept to be seen without a network: nobody's to send or to count."""

from __future__ import annotations

from contextlib import suppress

from lumbung_client.store.durable import DurableFiles, StoreError
from lumbung_client.store.entries import Copy, drop, put
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.picture_files import PictureFiles, digest_of
from lumbung_client.store.plain import number

PREFIX = "copy-"
MOST = 300
"""Copies that are kept, about 20 KB each: those that were looked at last."""
_DAY_MS = 86_400_000


class Copies:
    """The copies of one open store. Times in ms. What cannot be kept is not: the server gives it again."""

    def __init__(self, store: LocalStore, files: DurableFiles) -> None:
        self._store = store
        self._files = PictureFiles(files, PREFIX)

    async def read(self, sha256: str, now: int) -> bytes | None:
        """Return a copy, None when it is not here. That it was looked at is noted once a day."""
        row = self._store.get(Name.COPIES, sha256)
        if row is None:
            return None
        async with self._files.one_at_a_time:
            content = await self._files.read(sha256)
        if content is not None and now - number(row.get("used")) >= _DAY_MS:
            with suppress(StoreError):
                self._store.apply([put(Name.COPIES, sha256, Copy(len(content), now))])
        return content

    async def keep(self, content: bytes, now: int) -> None:
        """Keep a copy, and let go of those that were not looked at for longest."""
        sha256 = digest_of(content)
        with suppress(StoreError):
            async with self._files.one_at_a_time:
                try:
                    await self._files.write(sha256, content)
                    others = [name for name in self._oldest_first() if name != sha256]
                    gone = others[: max(0, len(others) + 1 - MOST)]
                    kept = put(Name.COPIES, sha256, Copy(len(content), now))
                    self._store.apply([kept, *(drop(Name.COPIES, name) for name in gone)])
                finally:
                    await self._tidy()

    async def let_go(self, wanted: int) -> int:
        """Let go of so many bytes, those first that were not looked at for longest; returns how many it were."""
        freed = 0
        async with self._files.one_at_a_time:
            for sha256 in self._oldest_first():
                if freed >= wanted:
                    break
                await self._files.remove(sha256)
                freed += self._size(sha256)
                self._store.apply([drop(Name.COPIES, sha256)])
        return freed

    async def tidy(self) -> None:
        """Remove the files that no row knows: those of a crash, and of a person who left."""
        async with self._files.one_at_a_time:
            await self._tidy()

    def size(self) -> int:
        """Return how many bytes the copies take."""
        return sum(map(self._size, self._oldest_first()))

    async def _tidy(self) -> None:
        for name in await self._files.names():
            if self._store.get(Name.COPIES, name) is None:
                await self._files.remove(name)

    def _oldest_first(self) -> list[str]:
        return [name for name, _ in sorted(self._store.rows(Name.COPIES), key=lambda it: number(it[1].get("used")))]

    def _size(self, sha256: str) -> int:
        return number((self._store.get(Name.COPIES, sha256) or {}).get("size"))
