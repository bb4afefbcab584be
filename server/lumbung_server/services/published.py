"""Keep the forms that were published at hand: each is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lumbung_server.db.connections import Connection
from lumbung_server.repositories import forms
from lumbung_server.repositories.forms import FormName, StoredOffer
from lumbung_shared.forms import Form, form_content
from lumbung_shared.ids import is_kind_name
from lumbung_shared.protocol import Offer


class Shelf:
    """Forms that this process has read. A published form never changes, so that it is read once."""

    def __init__(self) -> None:
        self._forms: dict[FormName, Form] = {}
        self._kinds: dict[str, str] = {}
        self._sizes: dict[FormName, int] = {}

    @property
    def forms(self) -> Mapping[FormName, Form]:
        """The forms that were fetched, by kind and version."""
        return self._forms

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds that were sought and are there, with their purpose."""
        return self._kinds

    async def fetch(self, connection: Connection, names: Iterable[FormName]) -> None:
        """Read those of the forms that are not here yet, as far as they were published."""
        missing = {name for name in names if name not in self._forms and is_kind_name(name[0])}
        if not missing:
            return
        found = await forms.forms_named(connection, missing)
        self._forms.update(found)
        self._kinds.update((kind, form.purpose) for (kind, _), form in found.items())
        await self.seek_kinds(connection, {kind for kind, _ in missing})

    async def seek_kinds(self, connection: Connection, kinds: Iterable[str]) -> None:
        """Find out which of the kinds there are."""
        missing = {kind for kind in kinds if kind not in self._kinds and is_kind_name(kind)}
        if missing:
            self._kinds |= await forms.purposes(connection, missing)

    def size(self, name: FormName) -> int:
        """Return how many bytes a fetched form takes."""
        if name not in self._sizes:
            self._sizes[name] = len(form_content(self._forms[name]))
        return self._sizes[name]

    def forget(self) -> None:
        """Read everything anew: the database was put back, and may come to other forms under the same names."""
        self._forms.clear()
        self._kinds.clear()
        self._sizes.clear()


def offer(shelf: Shelf, stored: StoredOffer) -> Offer:
    """Return an offer as phones are told. Its form was fetched."""
    return Offer(shelf.forms[stored.name], stored.region, stored.since, stored.withdrawn, stored.number)
