"""Watch over the first days of another version of the app on a store: what the one before left stays until everything
was sent once.

What stays is the slot as that version wrote it, with all of the journal since, and the files of that version, so that a
person can go back. Never touches what is in the store but its own note.
"""

from __future__ import annotations

from contextlib import suppress

from lumbung_client.session.releases import Versions
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import RUNNING, Running, put
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.slots import SLOTS


class Changeover:
    """Begins at the first opening of a store by a version that did not open it last, ends with the next full sync.

    `app`: the version that runs, empty when that is not known: then nothing is noted.
    """

    def __init__(self, store: LocalStore, content: Content, app: str, versions: Versions | None) -> None:
        self._store = store
        self._content = content
        self._versions = versions
        self._app = versions.kept.running.version if versions else app
        self._is_told = False

    def begin(self) -> None:
        """Note that this version opened the store. Raises StoreError; then the slot stays as long as it is open."""
        before = self._content.running
        left = before.left if before else ""
        if not left and self._is_another(before):
            # Without a slot yet the journal holds everything; it stays as long as one of the slots is missing.
            left = self._store.rests_on or SLOTS[-1]
        self._store.keep_slot(left)
        if self._app:
            self._store.apply([put(Name.META, RUNNING, Running(self._app, left))])

    def look(self, *, all_sent: bool) -> None:
        """Let go of what was kept until then, if everything was sent by this version."""
        if not all_sent or self._is_told:
            return
        self._is_told = True
        before = self._content.running
        if before is not None and before.left:
            with suppress(StoreError):  # the next opening asks again
                self._store.apply([put(Name.META, RUNNING, Running(before.app))])
                self._store.keep_slot("")
        if self._versions is not None:
            self._versions.settled()

    def _is_another(self, before: Running | None) -> bool:
        if before is None:
            return not self._store.is_empty
        return bool(self._app) and before.app != self._app
