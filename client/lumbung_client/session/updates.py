"""Decide which version of the app is offered, and lead to it and back. Knows no store.

A page keeps the version that it began with: another one begins when the page is loaded anew.
"""

from __future__ import annotations

from collections.abc import Callable

from lumbung_client.session.releases import Kept, Release, Versions


class Updates:
    """The versions of one app on one phone; there are none where the platform keeps them itself (`versions` None)."""

    def __init__(self, versions: Versions | None = None, changed: Callable[[], None] = lambda: None) -> None:
        self._versions = versions
        self._put_off = ""
        self._changed = changed
        if versions is not None:
            versions.listen(changed)

    @property
    def is_possible(self) -> bool:
        """Whether versions can be begun here at all."""
        return self._versions is not None

    @property
    def running(self) -> Release | None:
        """The version that runs, as far as is known."""
        return self._kept.running if self._kept else None

    @property
    def ready(self) -> Release | None:
        """The version that can be begun, whatever the person said to it."""
        return self._kept.ready if self._kept else None

    @property
    def previous(self) -> Release | None:
        """The version before, to which one can go back."""
        return self._kept.previous if self._kept else None

    @property
    def offered(self) -> Release | None:
        """The version to tell of without being asked: not one that was put off, nor one the person went back from."""
        ready = self.ready
        is_unwanted = ready is None or ready.version == self._put_off or (self._kept and self._kept.declined)
        return None if is_unwanted else ready

    def put_off(self) -> None:
        """Tell no more of the version that is ready, until the app starts again."""
        self._put_off = self.ready.version if self.ready else ""
        self._changed()

    def look(self) -> None:
        """Look for a newer version, and offer what is found even if it was put off."""
        self._put_off = ""
        if self._versions is not None:
            self._versions.look()

    async def begin(self, release: Release) -> bool:
        """Have a version begin at the next start; False when that cannot be."""
        return self._versions is not None and await self._versions.begin(release.version)

    def restart(self) -> None:
        """Start the app anew; call it when everything is saved."""
        if self._versions is not None:
            self._versions.reload()

    @property
    def _kept(self) -> Kept | None:
        return self._versions.kept if self._versions else None
