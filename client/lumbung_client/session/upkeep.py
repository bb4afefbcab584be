"""Keep the store small and know how full the phone is, beside everything else: decides when, never what is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from lumbung_client.session.ports import Ports
from lumbung_client.store.aside import MARK
from lumbung_client.store.durable import LOW_BYTES, StorageNumbers, StoreError, StoreInUse
from lumbung_client.store.entries import FORGETTING, drop
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.slots import SLOTS

LOG = logging.getLogger("lumbung.upkeep")
SAVES_BETWEEN_LOOKS = 50
SAVES_BEFORE_RETRY = 50


class Upkeep:
    """One task at most: checkpoints in slices when the store wants one, and looks at the numbers of the storage.

    `storage`, `set_aside` (how many damaged pieces are kept) and `trouble` (code of why the last checkpoint failed,
    empty if it did not) are as of the last look; `changed` is called when one of them is new. A checkpoint that fails
    is logged and tried again after some saves: saving goes on without it. `make_room` is given how many bytes are
    wanted when the phone is nearly full, and returns how many it made free.
    """

    def __init__(
        self,
        store: LocalStore,
        ports: Ports,
        changed: Callable[[], None],
        make_room: Callable[[int], Awaitable[int]],
    ) -> None:
        self.storage = StorageNumbers()
        self.set_aside = 0
        self.trouble = ""
        self._store = store
        self._ports = ports
        self._changed = changed
        self._make_room = make_room
        self._task: asyncio.Task[None] | None = None
        self._saves = 0
        self._next_checkpoint = 0
        self._must_look = False
        self._closed = False
        store.watch(lambda _: self._saved())

    def look(self) -> None:
        """Look at the numbers again soon, and make a checkpoint if one is due. On the event loop only."""
        self._must_look = True
        self._wake()

    @property
    def can_ask_to_keep(self) -> bool:
        """Whether the platform can be asked for a promise to keep the data."""
        return self._ports.ask_to_keep is not None

    async def ask_to_keep(self) -> bool:
        """Ask the platform never to evict the data by itself; returns its answer."""
        kept = self._ports.ask_to_keep is not None and await self._ports.ask_to_keep()
        self.look()
        return kept

    async def forget(self) -> None:
        """Make both slots anew, so that no file holds any more what the store dropped of a person who left.

        What fails is tried again after some saves, and at the next opening.
        """
        self._next_checkpoint = 0
        self._wake()
        if self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def close(self) -> None:
        """Stop; a checkpoint under way is given up, which leaves the store as it was."""
        self._closed = True
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    def _saved(self) -> None:
        self._saves += 1
        if self._saves % SAVES_BETWEEN_LOOKS == 0:
            self._must_look = True
        if self._must_look or self._is_due():
            self._wake()

    def _is_due(self) -> bool:
        return self._saves >= self._next_checkpoint and (self._store.checkpoint_due or self._is_forgetting)

    @property
    def _is_forgetting(self) -> bool:
        return self._store.get(Name.META, FORGETTING) is not None

    def _wake(self) -> None:
        if self._closed or (self._task is not None and not self._task.done()):
            return
        self._task = asyncio.get_running_loop().create_task(self._work())
        self._task.add_done_callback(_report)

    async def _work(self) -> None:
        await self._ports.pause()  # what the person just did is answered first
        while True:
            if self._is_due():
                await self._checkpoint()
            elif self._must_look:
                await self._look()
            else:
                return

    async def _checkpoint(self) -> None:
        trouble, forgetting = "", self._is_forgetting
        try:
            for _ in SLOTS if forgetting else SLOTS[:1]:
                await self._store.checkpoint(self._ports.pause)
            if forgetting:
                self._store.apply([drop(Name.META, FORGETTING)])
        except StoreError as error:
            LOG.warning("checkpoint: %s", error)
            # That another tab took the store over is said by the next save.
            trouble = "" if isinstance(error, StoreInUse) else str(error.code)
        # One save at least lies between two checkpoints, whatever the store thinks.
        self._next_checkpoint = self._saves + (SAVES_BEFORE_RETRY if trouble else 1)
        self._must_look = True
        if trouble != self.trouble:
            self.trouble = trouble
            self._changed()

    async def _look(self) -> None:
        self._must_look = False
        storage, set_aside = await self._relieved(), self.set_aside
        try:
            set_aside = sum(MARK in name for name in await self._ports.files.names())
        except StoreError as error:
            LOG.warning("names: %s", error)
        if (storage, set_aside) != (self.storage, self.set_aside):
            self.storage, self.set_aside = storage, set_aside
            self._changed()

    async def _relieved(self) -> StorageNumbers:
        """Return the numbers, after letting go of photos that the server has where less than LOW_BYTES are left."""
        storage = await self._ports.files.numbers()
        lacks = 0 if storage.free is None else LOW_BYTES - storage.free
        try:
            if lacks > 0 and await self._make_room(lacks):
                return await self._ports.files.numbers()
        except StoreError as error:
            LOG.warning("making room: %s", error)
        return storage


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        context = {"message": "upkeep ended with a bug", "exception": error, "task": task}
        task.get_loop().call_exception_handler(context)
