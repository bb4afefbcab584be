"""Who uses this phone, and in which folder each one's store lies. Decides nothing about what is in a store."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from lumbung_client.session.ports import Ports
from lumbung_client.session.views import Identity
from lumbung_client.store.copies import Copies
from lumbung_client.store.durable import DurableFiles, Folders, StoreError, StoreInUse
from lumbung_client.store.entries import FORGETTING, OWNER, Owner, drop, put
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.pictures import Pictures
from lumbung_client.store.slots import SLOTS
from lumbung_shared.codec import from_wire

LOG = logging.getLogger("lumbung.phone")
FIRST = "1"
"""Whose store lies where it lay when a phone was for one person. Others have the folders of the names 2, 3 and on."""
INDEX = "phone"
FOLDERS = "folders"
"""The index's only table: folder to what its store was when somebody last looked."""


@dataclass(frozen=True)
class OnPhone:
    """One folder: id and name of the person whose store lies there; both empty when the store is nobody's."""

    folder: str
    person: str = ""
    name: str = ""


class Phone:
    """The people of one phone. As long as it is open no other tab can open it, nor any of their stores.

    The index is a small store of the same make. It says nothing that the stores do not: a folder that it does not tell
    of is looked into, so that neither a kill nor the loss of the whole index hides anybody. When it cannot be kept,
    that is done at each start.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._index: LocalStore | None = None
        self._found: dict[str, OnPhone] = {}
        self._is_open = False

    @property
    def can_be_shared(self) -> bool:
        """Whether this platform has room for several people."""
        return self._ports.others is not None

    @property
    def people(self) -> tuple[OnPhone, ...]:
        """Who has a store here, in the order of the folders; one that cannot be read is somebody's without a name."""
        return tuple(found for folder, found in sorted(self._found.items(), key=lambda it: int(it[0])) if found.person)

    def files(self, folder: str) -> DurableFiles:
        """Return the files of a folder."""
        if folder == FIRST or self._ports.others is None:
            return self._ports.files
        return self._ports.others.files(folder)

    def free(self) -> str:
        """Return the folder for one person more: one that is nobody's, else a new one. Nothing is stored by that."""
        taken = {found.folder for found in self.people}
        return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)

    async def open(self) -> None:
        """Open the index and look into the folders that it does not tell of. Raises StoreInUse, and nothing is open.

        Of a phone that is open, an index that could not be written is opened again.
        """
        others = self._ports.others
        if others is None:
            return
        if self._is_open:
            await self._mend(others)
            return
        try:
            await self._open_index(others)
            await self._look(others)
        except BaseException:
            self.close()
            raise
        self._is_open = True

    def begin(self, folder: str) -> None:
        """Note that somebody may be admitted into a folder that is nobody's. Raises StoreError: then nobody must be."""
        self._forget(folder)

    def note(self, folder: str, identity: Identity | None, *, is_empty: bool) -> None:
        """Note whose store lies in a folder. One that a person has just left is looked into at the next start.

        `is_empty`: nothing of anybody is in it. One without an owner that is not stays whose it was.
        """
        if identity is not None:
            self._keep(OnPhone(folder, identity.person.id, identity.person.name))
        elif not is_empty:
            self.hold(folder)
        else:
            with suppress(StoreError):  # the store itself says more when it is opened
                self._forget(folder)

    def hold(self, folder: str) -> None:
        """Take a folder for somebody's, in this run, of whom nothing else is known."""
        if not self.owner(folder):
            self._found[folder] = OnPhone(folder, person=f"?{folder}")

    def owner(self, folder: str) -> str:
        """Return the id of the person whose store lies in a folder, as far as is known; empty for nobody's."""
        found = self._found.get(folder)
        return found.person if found else ""

    def twin(self, folder: str, person: str) -> OnPhone | None:
        """Return the store that a person has here besides the one in `folder`."""
        return next((found for found in self.people if found.person == person and found.folder != folder), None)

    def close(self) -> None:
        """Let go of the index."""
        if self._index is not None:
            self._index.close()
        self._index = None
        self._found = {}
        self._is_open = False

    async def _open_index(self, others: Folders) -> None:
        try:
            self._index = await LocalStore.open(others.files(INDEX))
            if self._index.checkpoint_due:
                await self._index.checkpoint(self._ports.pause)
        except StoreInUse:
            raise
        except StoreError as error:
            LOG.warning("index: %s", error)
        rows = self._index.rows(FOLDERS) if self._index else ()
        self._found = {folder: from_wire(OnPhone, row) for folder, row in rows}

    async def _mend(self, others: Folders) -> None:
        """Open an index anew that failed, and let it say nothing any more of folders of which it is wrong."""
        if self._index is None or self._index.flaw is None:
            return
        found = self._found
        self._index.close()
        self._index = None
        try:
            await self._open_index(others)
        except StoreInUse:
            self.close()
            raise
        wrong = [folder for folder, said in self._found.items() if found.get(folder) != said]
        self._found = found
        with suppress(StoreError):
            self._unsay(wrong)

    async def _look(self, others: Folders) -> None:
        try:
            further = [name for name in await others.names() if name.isdecimal()]
        except StoreError as error:
            LOG.warning("folders: %s", error)
            further = []
        if not further and not self._found:
            return  # one person at most: whoever opens that store will tell
        for folder in (FIRST, *further):
            if folder not in self._found:
                await self._look_into(folder)

    async def _look_into(self, folder: str) -> None:
        try:
            store = await LocalStore.open(self.files(folder))
            try:
                await self._take_note(folder, store)
            finally:
                store.close()
        except StoreInUse:
            raise
        except StoreError as error:
            LOG.warning("folder %s: %s", folder, error)
            self.hold(folder)

    async def _take_note(self, folder: str, store: LocalStore) -> None:
        row = store.get(Name.META, OWNER)
        if row is not None:
            person = from_wire(Owner, row).person
            self._keep(OnPhone(folder, person.id, person.name))
            return
        if store.get(Name.META, FORGETTING) is not None:
            try:
                await self._forgotten(folder, store)
            except StoreError as error:
                LOG.warning("folder %s: %s", folder, error)
                if store.is_empty:
                    self._found[folder] = OnPhone(folder)  # in this run only: the next one finishes it
                    return
        if store.is_empty:
            self._keep(OnPhone(folder))
        else:
            self.hold(folder)  # damage took the owner, not what is theirs

    async def _forgotten(self, folder: str, store: LocalStore) -> None:
        """Finish what signing out began: no file holds anything of the person who left."""
        await Pictures(store, self.files(folder)).tidy()
        await Copies(store, self.files(folder)).tidy()
        for _ in SLOTS:
            await store.checkpoint(self._ports.pause)
        store.apply([drop(Name.META, FORGETTING)])

    def _keep(self, found: OnPhone) -> None:
        if self._found.get(found.folder) == found:
            return
        self._found[found.folder] = found
        if self._index is not None:
            with suppress(StoreError):  # it is looked up again at the next start
                self._index.apply([put(FOLDERS, found.folder, found)])

    def _forget(self, folder: str) -> None:
        self._found.pop(folder, None)
        self._unsay([folder])

    def _unsay(self, folders: Iterable[str]) -> None:
        if self._index is not None:
            self._index.apply([drop(FOLDERS, folder) for folder in folders])
