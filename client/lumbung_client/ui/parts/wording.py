"""Texts of a form that is being changed, in both languages, saved at every pause in typing."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.unsaved import Unsaved
from lumbung_shared.canonical import Json
from lumbung_shared.form_checks import FormFault
from lumbung_shared.form_problems import FormCode
from lumbung_shared.labels import Label


def said(opened: Opened, fault: FormFault) -> str:
    """Return what a change would spoil, as a sentence."""
    if fault.code == FormCode.LABEL_MISSING:
        return opened.words.editing.text_missing
    return fault.message.within(opened.language)


def english_apart(label: Label) -> str:
    """Return what the English text says where it does not say the same as the Indonesian."""
    return "" if label.en == label.id else label.en


@dataclass(frozen=True)
class Wording:
    """Takes down the texts of a kind's edit. `screen`: what tells one screen from the others."""

    opened: Opened
    kind: str
    screen: str

    @property
    def name(self) -> str:
        """What unsaved texts of this screen are kept under."""
        return f"form:{self.kind}:{self.screen}"

    @property
    def unsaved(self) -> Unsaved:
        """What was typed on this screen."""
        return self.opened.app.typed.of(self.name, self.opened.app.save_typed, self._put)

    def fields(self, place: str, label: Label | None, title: str) -> list[ft.Control]:
        """Return the fields for a text in Indonesian and in English. `place`: see `FormEdits.saying`."""
        words, unsaved, label = self.opened.words.editing, self.unsaved, label or Label("", "")
        page, texts = ft.context.page, unsaved.texts
        boxes = {"id": f"{place}.id", "en": f"{place}.en"}
        shown = {
            "id": texts.get(boxes["id"], label.id),
            "en": texts.get(boxes["en"], english_apart(label)),
        }

        def keep(language: str, text: str) -> None:
            both: dict[str, Json] = {
                one: text if one == language else texts.get(box, shown[one]) for one, box in boxes.items()
            }
            unsaved.keep(page, boxes[language], text, place, both)

        problem = self._problem(place, shown) if any(box in texts for box in boxes.values()) else ""
        return [
            ft.TextField(
                key=boxes["id"],
                label=title,
                value=shown["id"],
                error=problem or None,
                multiline=True,
                min_lines=1,
                max_lines=4,
                on_change=lambda event: keep("id", event.control.value),
            ),
            ft.TextField(
                key=boxes["en"],
                label=words.english.format(label=title),
                value=shown["en"],
                helper=words.english_help,
                helper_max_lines=3,
                multiline=True,
                min_lines=1,
                max_lines=4,
                on_change=lambda event: keep("en", event.control.value),
            ),
        ]

    def _problem(self, place: str, shown: dict[str, str]) -> str:
        edits = self.opened.session.form_edits
        _, faults = edits.attempted(self.kind, edits.saying(place, dict(shown)))
        return said(self.opened, faults[0]) if faults else ""

    def _put(self, session: Session, _: str, place: str, words: Json) -> None:
        session.form_edits.change(self.kind, session.form_edits.saying(place, words))
        self.opened.app.changed()  # what does not fit is not saved, and the screen says so
