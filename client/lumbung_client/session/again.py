"""Another activity like one that was done: what of its answers is true of the next one as well. Decides that alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lumbung_client.session.drafts import DATE
from lumbung_client.session.filling import Filling
from lumbung_client.session.views import ActivityView
from lumbung_client.store.content import Content
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, Purpose, rows
from lumbung_shared.labels import Label
from lumbung_shared.personal import is_personal
from lumbung_shared.regions import covered
from lumbung_shared.shapes import fits, is_blank

TAKEN_OVER = frozenset(
    {FieldType.TEXT, FieldType.CHOICE, FieldType.CHOICES, FieldType.REGION, FieldType.REFERENCE},
)
"""What, where and with whom. Numbers, rows, photos, positions, times and stories are those of one day, and so is a
consent."""


@dataclass(frozen=True)
class Copied:
    """What a new draft begins with, and the questions that had an answer which was not taken over, in their order."""

    answers: Mapping[str, Json]
    left: tuple[Label, ...]


class Again:
    """Opens drafts that are like an activity of this person's. `told`: remembered until the app is closed."""

    def __init__(self, content: Content, filling: Filling) -> None:
        self._content = content
        self._filling = filling
        self._told: dict[str, tuple[Label, ...]] = {}

    def is_possible(self, view: ActivityView) -> bool:
        """Tell whether an opened activity is this person's own, and one of its kind may be begun today."""
        owner, form = self._content.owner, self._content.catalogue.form(view.row.kind, view.row.form)
        own = owner is not None and view.row.author == owner.person.id
        return own and form is not None and form.purpose == Purpose.ACTIVITY and self._to_begin(form.kind) is not None

    def begin(self, view: ActivityView) -> str:
        """Open a draft of the same kind in its newest version, of today; returns its record, empty if it may not be."""
        before, form = self._content.catalogue.form(view.row.kind, view.row.form), self._to_begin(view.row.kind)
        if before is None or form is None or not self.is_possible(view):
            return ""
        copied = taken_over(before, form, view.answers, self._places())
        record = self._filling.begin(form.kind, copied.answers)
        self._told[record] = copied.left
        return record

    def left(self, record: str) -> tuple[Label, ...] | None:
        """Return what was not taken over into a draft that was begun so; None for any other draft."""
        return self._told.get(record)

    def _to_begin(self, kind: str) -> Form | None:
        return self._content.catalogue.to_begin(kind, self._granted(), self._filling.today())

    def _granted(self) -> list[str]:
        owner = self._content.owner
        return [grant.region for grant in owner.grants] if owner else []

    def _places(self) -> frozenset[str]:
        owner, granted = self._content.owner, self._granted()
        return frozenset(code for code in owner.regions if covered(code, granted)) if owner else frozenset()


def taken_over(before: Form, form: Form, answers: Mapping[str, Json], places: Collection[str]) -> Copied:
    """Return what of an activity's answers a new one of the form begins with. `places`: regions it may be in."""
    taken: dict[str, Json] = {}
    left: list[Label] = []
    for item in before.questions:
        asked = form.by_name.get(item.name)
        value = answers.get(item.name)
        if item.has_rows and not rows(item.name, answers):
            continue
        if not item.has_rows and (is_blank(value) or not item.is_answered):
            continue
        if asked is not None and _may_be_taken(before, form, item, asked) and _is_true_again(asked, value, places):
            taken[item.name] = value
        elif item.name != DATE:
            left.append(item.label)
    return Copied(taken, tuple(left))


def _may_be_taken(before: Form, form: Form, item: Field, asked: Field) -> bool:
    if item.type not in TAKEN_OVER or asked.type != item.type or asked.read_only:
        return False
    return not is_personal(before, item.name) and not is_personal(form, item.name)


def _is_true_again(asked: Field, value: Json, places: Collection[str]) -> bool:
    if isinstance(value, str) and asked.type == FieldType.TEXT and _is_link(value):
        return False
    if asked.type == FieldType.REGION and value not in places:
        return False
    return fits(asked, value)


def _is_link(text: str) -> bool:
    """Tell whether a text is an address of what was put somewhere that day."""
    return "://" in text or text.strip().lower().startswith("www.")
