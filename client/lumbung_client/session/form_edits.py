"""Forms that a coordinator changes on the phone: kept like drafts, published as the kind's next version.

Decides what becomes of an edit; what a change may do to a form is said by `lumbung_shared.editing`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lumbung_client.session.forms import Forms
from lumbung_client.session.views import Failure
from lumbung_client.store.content import Content
from lumbung_client.store.entries import FormEdit, drop, put_form_edit
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name, Row
from lumbung_shared import editing
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire
from lumbung_shared.form_checks import FormFault
from lumbung_shared.forms import Form, Purpose, form_digest
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Offer

TITLE = "title"
_SAID: Mapping[str, Callable[[Form, str, Label], Form]] = {
    TITLE: lambda form, _, words: editing.retitled(form, words),
    "label": editing.relabelled,
    "hint": editing.hinted,
}


@dataclass(frozen=True)
class Superseded:
    """A newer version was published since the edit began: nobody has published over it yet."""

    version: int


class FormEdits:
    """The edits of one open store, one of a kind at most. `now`: ms.

    `hear_news`: asks the server for news and returns a code when that failed, else nothing.
    """

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        forms: Forms,
        now: Callable[[], int],
        hear_news: Callable[[], Awaitable[str]],
    ) -> None:
        self._store = store
        self._content = content
        self._forms = forms
        self._now = now
        self._hear_news = hear_news
        self._read: dict[str, tuple[Row, FormEdit]] = {}

    def of(self, kind: str) -> FormEdit | None:
        """Return the edit of a kind's form."""
        row = self._content.get(Name.FORM_EDITS, kind)
        if row is None:
            return None
        known = self._read.get(kind)
        if known is None or known[0] is not row:
            known = self._read[kind] = (row, from_wire(FormEdit, row))
        return known[1]

    def begin(self, kind: str, version: int) -> bool:
        """Begin to change a version of a form, or go on with the edit there is; False when nobody can here."""
        if self.of(kind) is not None:
            return True
        form = self._content.catalogue.form(kind, version)
        if form is None or not self._forms.coordinated():
            return False
        self._store.apply([put_form_edit(FormEdit(form, self._newest(kind), self._now()))])
        return True

    def attempted(self, kind: str, change: Callable[[Form], Form]) -> tuple[Form | None, tuple[FormFault, ...]]:
        """Return the form of an edit with a change that it takes, and what the change would spoil. Keeps nothing."""
        edit = self.of(kind)
        return (None, ()) if edit is None else editing.attempted(edit.form, change, self._registers())

    def change(self, kind: str, change: Callable[[Form], Form]) -> tuple[FormFault, ...]:
        """Make a change and keep it. Returns what it would spoil; then nothing changed."""
        edit = self.of(kind)
        form, found = self.attempted(kind, change)
        if edit is not None and form is not None and form != edit.form:
            self._store.apply([put_form_edit(replace(edit, form=form, changed_at=self._now()))])
        return found

    def saying(self, place: str, words: Json) -> Callable[[Form], Form]:
        """Return the change that gives a text: `title`, `label:PATH` or `hint:PATH`; `words`: both languages."""
        said: Mapping[str, Any] = words if isinstance(words, Mapping) else {}
        label = editing.label_of(str(said.get("id", "")), str(said.get("en", "")))
        part, _, path = place.partition(":")
        return lambda form: _SAID[part](form, path, label)

    def add_option(self, kind: str, path: str, label: Label) -> tuple[FormFault, ...]:
        """Add an option to a question. Returns what it would spoil; then nothing changed."""
        forms = self._content.catalogue.forms
        earlier = [form for (other, _), form in forms.items() if other == kind]
        return self.change(kind, lambda form: editing.with_option(form, path, label, earlier))

    def discard(self, kind: str) -> None:
        """Throw the edit of a kind away; what was published stays as it is."""
        self._store.apply([drop(Name.FORM_EDITS, kind)])

    def newer(self, kind: str) -> int:
        """Return the version that was published since the edit began, as far as this phone knows; 0 for none."""
        edit, newest = self.of(kind), self._newest(kind)
        return newest if edit is not None and newest > edit.newest else 0

    async def publish(self, kind: str, region: str, since: str, seen: int = 0) -> Offer | Superseded | Failure:
        """Publish an edit as the next version of its kind; from then on there is no edit.

        The server is asked first what was published meanwhile: a version that is newer than the one the edit began
        with, and than `seen`, is told instead. An edit whose publishing was not heard of is not published twice.
        """
        if failed := await self._hear_news():
            return Failure(failed)
        edit = self.of(kind)
        if edit is None:
            return Failure(Code.FORM_UNKNOWN)
        newer = self.newer(kind)
        if newer and (own := self._published(edit, region, since)):
            self._store.apply([drop(Name.FORM_EDITS, kind)])
            return own
        if newer > seen:
            return Superseded(newer)
        return await self._forms.publish(edit.form, region, since, lambda offer: self._after(edit, offer))

    def _after(self, published: FormEdit, offer: Offer) -> Iterator[Change]:
        """Yield what becomes of an edit that was published: what was changed while the server was asked stays."""
        kind = published.form.kind
        edit = self.of(kind)
        if edit == published:
            yield drop(Name.FORM_EDITS, kind)
        elif edit is not None:
            yield put_form_edit(replace(edit, newest=offer.form.version))

    def _published(self, edit: FormEdit, region: str, since: str) -> Offer | None:
        """Return the offer that says what the edit would, if it was made since the edit began."""
        said = form_digest(edit.form)
        for offer in self._forms.offers(edit.form.kind):
            same = (offer.region, offer.since, offer.withdrawn) == (region, since, False)
            is_new = offer.form.version > edit.newest
            if same and is_new and form_digest(replace(offer.form, version=edit.form.version)) == said:
                return offer
        return None

    def _newest(self, kind: str) -> int:
        form = self._content.catalogue.newest(kind)
        return form.version if form else 0

    def _registers(self) -> frozenset[str]:
        return frozenset(form.kind for form in self._content.catalogue.kinds(Purpose.REGISTER))
