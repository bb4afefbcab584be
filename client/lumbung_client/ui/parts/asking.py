"""One question as it stands in an open form: what the controls of all types need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.texts import Texts
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Option


@dataclass(frozen=True)
class Asking:
    """One question as it stands in the open form.

    `problem`: what is wrong with the answer, empty if nothing. `texts`: what was typed into the form's boxes since it
    was opened, by the box's key: a box shows what the person typed, not how it was understood. `typed`: keep an answer
    that changes with every key (box, text, path, answer), saved at the next pause; `answered`: keep one that is
    complete at once. `regions`: code and name of what may be chosen. `required`: it has to be answered as things stand;
    `offered`: the options that are offered now, None for all of them; `take`: keeps the bytes of a picture as the
    answer at a path and returns what went wrong, empty if nothing; None where no picture can be taken. `recent`: what
    this person answered to the same question before, the latest first. `today`: ISO
    day, whatever the phone's clock says. `grip`: takes hold of the control, to give it the focus.
    """

    item: Field
    path: str
    value: Json
    problem: str
    reader: Reader
    regions: Sequence[tuple[str, str]]
    texts: MutableMapping[str, str]
    typed: Callable[[str, str, str, Json], None]
    answered: Callable[[str, Json], None]
    required: bool = False
    offered: Sequence[Option] | None = None
    take: Callable[[str, bytes], Awaitable[str]] | None = None
    recent: Sequence[Json] = ()
    today: str = ""
    grip: ft.Ref[Any] | None = None

    @property
    def words(self) -> Texts:
        """The texts of the language in use."""
        return self.reader.words

    @property
    def label(self) -> str:
        """The question with its unit, marked when it must be answered."""
        text = self.item.label.within(self.reader.language)
        unit = "Rp" if self.item.type == FieldType.RUPIAH else self.item.unit
        text = f"{text} ({unit})" if unit else text
        return self.words.required_mark.format(label=text) if self.item.required or self.required else text

    @property
    def choosable(self) -> list[tuple[str, str]]:
        """Value and name of what may be chosen; what was chosen before and is offered no more stands at the end."""
        language = self.reader.language
        offered = self.item.options if self.offered is None else self.offered
        found = {option.value: option.label.within(language) for option in offered}
        names = {option.value: option.label.within(language) for option in self.item.options}
        chosen = self.value if isinstance(self.value, list) else [self.value] if isinstance(self.value, str) else []
        for value in (str(one) for one in chosen if one):
            found.setdefault(value, self.words.not_offered.format(label=names.get(value, value)))
        return list(found.items())

    @property
    def hint(self) -> str | None:
        """The help below the question."""
        return self.item.hint.within(self.reader.language) if self.item.hint else None
