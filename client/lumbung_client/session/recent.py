"""What this person answered to the same questions before, read from their newest activities when a form is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.local_store import Name
from lumbung_shared.canonical import Json
from lumbung_shared.folding import folded
from lumbung_shared.forms import Field, FieldType, Form, Purpose
from lumbung_shared.personal import personal_paths
from lumbung_shared.records import values
from lumbung_shared.shapes import fits, is_blank

LOOKED_AT = 40
"""So many of the newest activities of a kind are looked at, and so many of all kinds: enough, and no more at 5,000."""
OFFERED = 3
LONGEST = 60
"""Characters of a text that is worth a tap and fits below a question."""
MANY_OPTIONS = 5
"""From so many options on it is quicker to take what was ticked before than to tick again."""


class Recent:
    """Reads the activities of one store. `newest`: the records of this person of a kind (empty for any), the latest
    first, so many.
    """

    def __init__(self, content: Content, newest: Callable[[str, int], list[str]]) -> None:
        self._content = content
        self._newest = newest
        self._personal: dict[tuple[str, int], frozenset[str]] = {}

    def of(self, form: Form, record: str) -> Mapping[str, tuple[Json, ...]]:
        """Return path to the values used last, the latest first, those of the same kind before all others.

        `record`: the one whose form it is; what stands in it is no value used before. Answers about people are never
        among them, nor are those of other people's records, nor what is only in a draft.
        """
        personal = self._about_people(form)
        asked = {item.name: item for item in form.questions if _is_offered(item) and item.name not in personal}
        if form.purpose != Purpose.ACTIVITY or not asked:
            return {}
        found: dict[str, dict[str, Json]] = {name: {} for name in asked}
        for one in dict.fromkeys([*self._newest(form.kind, LOOKED_AT), *self._newest("", LOOKED_AT)]):
            if one != record:
                self._look(one, asked, found)
            if all(len(there) >= OFFERED for there in found.values()):
                break
        return {name: tuple(there.values())[:OFFERED] for name, there in found.items() if there}

    def _look(self, record: str, asked: Mapping[str, Field], found: Mapping[str, dict[str, Json]]) -> None:
        kind, version, answers = self._said(record)
        form = self._content.catalogue.form(kind, version)
        if form is None:
            return
        personal = self._about_people(form)
        for name, value in _usable(form, answers, asked):
            if name not in personal and len(found[name]) < OFFERED:
                found[name].setdefault(_same(value), value.strip() if isinstance(value, str) else value)

    def _about_people(self, form: Form) -> frozenset[str]:
        # A published form never changes, and many records share a few.
        known = self._personal.get((form.kind, form.version))
        if known is None:
            known = self._personal[form.kind, form.version] = personal_paths(form)
        return known

    def _said(self, record: str) -> tuple[str, int, Mapping[str, Json]]:
        """Return kind, version and answers of one of this person's records; nothing of somebody else's."""
        owner = self._content.owner
        if owner is None:
            return "", 0, {}
        if not self._content.entries_of(record):
            row = self._content.get(Name.RECORDS, record) or {}
            if row.get("author") != owner.person.id:
                return "", 0, {}
            # Most rest, and are looked at without decoding them.
            return plain.text(row.get("kind")), plain.number(row.get("form")), plain.glance(row).answers
        state = self._content.view(record)
        if state is None or state.author != owner.person.id:
            return "", 0, {}
        return state.kind, state.form, values(state)


def _is_offered(item: Field) -> bool:
    many = item.type == FieldType.CHOICES and len(item.options) >= MANY_OPTIONS
    asked = many or item.type in (FieldType.TEXT, FieldType.REGION)
    return asked and not item.read_only


def _usable(form: Form, answers: Mapping[str, Json], asked: Mapping[str, Field]) -> Iterator[tuple[str, Json]]:
    """Yield name and value of the answers that were given to a question of the same name and type, and fit it."""
    for name, item in asked.items():
        value, there = answers.get(name), form.by_name.get(name)
        if there is None or there.type != item.type or is_blank(value):
            continue
        if fits(item, value) and not (isinstance(value, str) and len(value.strip()) > LONGEST):
            yield name, value


def _same(value: Json) -> str:
    """Return by what two values are the same to a person."""
    return " ".join(folded(value).split()) if isinstance(value, str) else repr(value)
