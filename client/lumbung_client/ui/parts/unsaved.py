"""What was typed and not saved yet: saved at every pause, when the app is hidden, and at every way out of the form."""

from __future__ import annotations

import asyncio

import flet as ft

from lumbung_client.ui.model import AppModel
from lumbung_client.ui.safe import start
from lumbung_shared.canonical import Json

PAUSE_SECONDS = 0.25


class Unsaved:
    """Answers typed since the last pause. `flush` writes them to the draft; it is called at every way out.

    `texts`: what stands in the boxes that were typed into, by the box's key.
    """

    def __init__(self, app: AppModel, record: str) -> None:
        self._app = app
        self._record = record
        self._answers: dict[str, Json] = {}
        self._turn = 0
        self.texts: dict[str, str] = {}

    def keep(self, page: ft.Page, box: str, text: str, path: str, value: Json) -> None:
        """Remember a box's text and the answer it makes, and save the answer as soon as the person pauses."""
        self.texts[box] = text
        self._answers[path] = value
        self._turn += 1
        start(page, self._save_after_pause, self._turn)

    async def _save_after_pause(self, turn: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        if turn == self._turn:
            self.flush()

    def answer(self, path: str, saved: Json) -> Json:
        """Return the answer at a path: the one that is not saved yet, else the saved one."""
        return self._answers.get(path, saved)

    def flush(self) -> None:
        """Save what is not saved yet."""
        # The session is looked up each time: after a failed write the store is opened anew. An answer leaves the
        # list only when it is saved.
        while self._answers and self._app.session is not None:
            path, value = next(iter(self._answers.items()))
            self._app.session.answer(self._record, path, value)
            del self._answers[path]
