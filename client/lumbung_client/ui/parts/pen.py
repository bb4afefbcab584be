"""What takes down the answers of a form that is on the screen: into its draft, or nowhere."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Protocol

import flet as ft

from lumbung_client.session.trial import Trial
from lumbung_client.session.views import Failure
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.unsaved import Unsaved
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field
from lumbung_shared.problems import sentence


class Pen(Protocol):
    """Takes down what a person answers.

    `texts`: what was typed into the form's boxes since it was opened, by the box's key. Photos: returns what went
    wrong, as a sentence, empty if nothing.
    """

    @property
    def texts(self) -> MutableMapping[str, str]:
        """What stands in the boxes that were typed into."""

    def typed(self, box: str, text: str, path: str, value: Json) -> None:
        """Take down an answer that changes with every key."""

    def answered(self, path: str, value: Json) -> None:
        """Take down an answer that is complete at once."""

    def add_row(self, repeat: str) -> bool:
        """Add a row, and tell whether that worked."""

    def remove_row(self, repeat: str, row: str) -> bool:
        """Take a row away, and tell whether that worked."""

    def move_row(self, repeat: str, row: str, by: int) -> None:
        """Put a row so many places later, or earlier if below 0, if that works now."""

    async def photo(self, path: str, content: bytes) -> str:
        """Take down a picture as the answer at a path."""

    async def add_photo(self, item: Field, content: bytes) -> str:
        """Take down a picture as a row of its own of a photo question."""


@dataclass(frozen=True)
class DraftPen:
    """Takes down into the draft of a record, saved at every pause. `page`: what the form is shown on."""

    opened: Opened
    record: str
    unsaved: Unsaved
    page: ft.Page

    @property
    def texts(self) -> MutableMapping[str, str]:
        """What stands in the boxes that were typed into."""
        return self.unsaved.texts

    def typed(self, box: str, text: str, path: str, value: Json) -> None:
        """Keep it, and save it when the person pauses."""
        self.unsaved.keep(self.page, box, text, path, value)

    def answered(self, path: str, value: Json) -> None:
        """Save it at once."""
        self.unsaved.keep_now(path, value)

    def add_row(self, repeat: str) -> bool:
        """Add a row to the draft."""
        saved = self.opened.app.save_typed()
        if saved:
            self.opened.session.add_row(self.record, repeat)
        return saved

    def remove_row(self, repeat: str, row: str) -> bool:
        """Take a row out of the draft."""
        saved = self.opened.app.save_typed()
        if saved:
            self.opened.session.remove_row(self.record, repeat, row)
        return saved

    def move_row(self, repeat: str, row: str, by: int) -> None:
        """Put a row of the draft somewhere else."""
        if self.opened.app.save_typed():
            self.opened.session.move_row(self.record, repeat, row, by)

    async def photo(self, path: str, content: bytes) -> str:
        """Keep a picture on the phone, as the answer at a path."""
        return self._said(await self.opened.session.photos.answer(self.record, path, content))

    async def add_photo(self, item: Field, content: bytes) -> str:
        """Keep a picture on the phone, in a row of its own."""
        return self._said(
            await self.opened.session.photos.add(self.record, item.name, content, item.at_most), str(item.at_most)
        )

    def _said(self, failure: Failure | None, bound: str = "") -> str:
        return sentence(failure.code, self.opened.language, bound=bound) if failure else ""


@dataclass(frozen=True)
class TrialPen:
    """Takes down into nothing but the screen. `change` is given what is shown from then on.

    `texts_`: what was typed into boxes; `no_photos`: the sentence that says that none are taken.
    """

    trial: Trial
    change: Callable[[Trial], None]
    texts_: dict[str, str]
    no_photos: str

    @property
    def texts(self) -> MutableMapping[str, str]:
        """What stands in the boxes that were typed into."""
        return self.texts_

    def typed(self, box: str, text: str, path: str, value: Json) -> None:
        """Show it."""
        self.texts_[box] = text
        self.answered(path, value)

    def answered(self, path: str, value: Json) -> None:
        """Show it."""
        self.change(self.trial.with_answer(path, value))

    def add_row(self, repeat: str) -> bool:
        """Show another row."""
        self.change(self.trial.with_row(repeat))
        return True

    def remove_row(self, repeat: str, row: str) -> bool:
        """Show one row less."""
        self.change(self.trial.without_row(repeat, row))
        return True

    def move_row(self, repeat: str, row: str, by: int) -> None:
        """Show a row somewhere else."""
        self.change(self.trial.with_row_moved(repeat, row, by))

    async def photo(self, path: str, content: bytes) -> str:
        """Say that a trial keeps no pictures."""
        del path, content
        return self.no_photos

    async def add_photo(self, item: Field, content: bytes) -> str:
        """Say that a trial keeps no pictures."""
        del item, content
        return self.no_photos
