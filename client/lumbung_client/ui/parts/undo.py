"""Say that something is gone, and offer to bring it back."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.safe import offer, say


def say_gone(opened: Opened, record: str, sentence: str, back: str) -> None:
    """Say that a record or its form is gone, with a button that brings it back. `back`: what is said when it is."""
    words, page, undoing = opened.words.entering, ft.context.page, opened.session.undoing

    def undo() -> None:
        say(page, back if undoing.undo(record) else words.too_late)

    if undoing.is_possible(record):
        offer(page, sentence, words.undo, undo)
    else:
        say(page, sentence)
