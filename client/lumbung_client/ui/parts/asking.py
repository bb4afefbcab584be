"""One question as it stands in an open form: what the controls of all types need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.texts import Texts
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType


@dataclass(frozen=True)
class Asking:
    """One question as it stands in the open form.

    `problem`: what is wrong with the answer, empty if nothing. `texts`: what was typed into the form's boxes since it
    was opened, by the box's key: a box shows what the person typed, not how it was understood. `typed`: keep an answer
    that changes with every key (box, text, path, answer), saved at the next pause; `answered`: keep one that is
    complete at once. `regions`: code and name of what may be chosen.
    """

    item: Field
    path: str
    value: Json
    problem: str
    reader: Reader
    regions: Sequence[tuple[str, str]]
    texts: Mapping[str, str]
    typed: Callable[[str, str, str, Json], None]
    answered: Callable[[str, Json], None]

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
        return self.words.required_mark.format(label=text) if self.item.required else text

    @property
    def hint(self) -> str | None:
        """The help below the question."""
        return self.item.hint.within(self.reader.language) if self.item.hint else None
