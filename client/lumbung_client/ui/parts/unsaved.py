"""What was typed and not saved yet: saved at every pause, when the app is hidden, and at every way out of the form.

When saving fails it stays here, whatever happens to the screen, and is tried again: it is never thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.ui.safe import start
from lumbung_shared.canonical import Json

PAUSE_SECONDS = 0.25
Put: TypeAlias = Callable[[Session, str, str, Json], object]
"""Saves one answer: told the session, what the form is of, the path and the answer. Raises StoreError."""


def _answer(session: Session, record: str, path: str, value: Json) -> None:
    session.answer(record, path, value)


class Unsaved:
    """Answers of one form that are not saved yet. `texts`: what stands in the boxes that were typed into, by key.

    `save` is called when it is time to save, `put` then saves each of them.
    """

    def __init__(self, record: str, save: Callable[[], object], put: Put = _answer) -> None:
        self._record = record
        self._save = save
        self._put = put
        self._answers: dict[str, Json] = {}
        self._turn = 0
        self.texts: dict[str, str] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be saved."""
        return not self._answers

    def keep(self, page: ft.Page, box: str, text: str, path: str, value: Json) -> None:
        """Remember a box's text and the answer it makes, and save the answer as soon as the person pauses."""
        self.texts[box] = text
        self._answers[path] = value
        self._turn += 1
        start(page, self._save_after_pause, self._turn)

    def keep_now(self, path: str, value: Json) -> None:
        """Remember a complete answer and save it at once."""
        self._answers[path] = value
        self._save()

    def over(self, saved: Mapping[str, Json]) -> dict[str, Json]:
        """Return the answers of the form: the saved ones, and over them those that are not saved yet."""
        return {path: value for path, value in {**saved, **self._answers}.items() if value is not None}

    def write(self, session: Session) -> None:
        """Save what is not saved yet. Raises StoreError; an answer leaves the list only when it is saved."""
        while self._answers:
            path, value = next(iter(self._answers.items()))
            self._put(session, self._record, path, value)
            if self._answers.get(path) == value:
                del self._answers[path]

    async def _save_after_pause(self, turn: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        if turn == self._turn:
            self._save()


class Typed:
    """The unsaved answers of all forms that were opened; they outlive the forms' screens."""

    def __init__(self) -> None:
        self._forms: dict[str, Unsaved] = {}

    def of(self, record: str, save: Callable[[], object], put: Put = _answer) -> Unsaved:
        """Return what is unsaved of a record's form, or of something else that is saved in another way."""
        return self._forms.setdefault(record, Unsaved(record, save, put))

    def forget(self, record: str) -> None:
        """Forget a form that was finished or thrown away, with all that was typed into it."""
        self._forms.pop(record, None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be saved."""
        return all(form.is_empty for form in self._forms.values())

    def tidy(self, record: str) -> None:
        """Forget a form that was left, unless something of it is not saved."""
        if record in self._forms and self._forms[record].is_empty:
            self.forget(record)

    def write(self, session: Session) -> None:
        """Save everything that is not saved yet. Raises StoreError."""
        for form in tuple(self._forms.values()):
            form.write(session)
