"""Verify and return activities, one or several: the questions that are asked first, and what is said afterwards."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.option_rows import labelled
from lumbung_client.ui.safe import lay_over, say
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form
from lumbung_shared.owners import is_beside
from lumbung_shared.review import Verdict
from lumbung_shared.shapes import MAX_TEXT


@dataclass(frozen=True)
class Desk:
    """What judges activities. `done` is called when something was judged; `names`: path to label of the questions of
    which a returned activity may say that they have to be corrected.
    """

    opened: Opened
    page: ft.Page
    done: Callable[[], None] = lambda: None
    names: Mapping[str, str] = field(default_factory=dict)

    def verify(self, records: Collection[str]) -> None:
        """Verify activities, several only after a question."""
        if len(records) > 1:
            words = self.opened.words.review
            question = words.verify_question.format(n=len(records))
            act = functools.partial(self._judge, records, Verdict.VERIFIED)
            confirm(question, words.verify_help, words.verify, self.opened.words.cancel, act)
        elif records:
            self._judge(records, Verdict.VERIFIED)

    def give_back(self, records: Collection[str]) -> None:
        """Return activities, when the person has given a reason."""
        if not records:
            return
        words, page = self.opened.words.review, self.page
        reason = ft.TextField(
            key="return-reason",
            label=words.return_reason,
            multiline=True,
            min_lines=2,
            max_lines=6,
            max_length=MAX_TEXT,
        )
        boxes = {path: ft.Checkbox(key=f"field-{path}") for path in self.names}
        rows = [labelled(box, self.names[path], functools.partial(_toggle, box)) for path, box in boxes.items()]

        def agreed() -> None:
            text = (reason.value or "").strip()
            if not text:
                reason.error = words.return_reason_missing
                reason.update()
                return
            close()
            self._judge(records, Verdict.RETURNED, text, [path for path, box in boxes.items() if box.value])

        many = words.return_many_question.format(n=len(records))
        close: Callable[[], None] = lay_over(
            page,
            ft.AlertDialog(
                modal=True,
                scrollable=True,
                title=ft.Text(words.return_question if len(records) == 1 else many),
                content=ft.Column(
                    tight=True,
                    controls=[
                        ft.Text(words.return_help),
                        reason,
                        *([ft.Text(words.return_fields, weight=ft.FontWeight.W_500)] if boxes else []),
                        *rows,
                    ],
                ),
                actions=[
                    ft.TextButton(self.opened.words.cancel, key="return-no", on_click=lambda: close()),
                    ft.FilledButton(words.give_back, key="return-yes", on_click=agreed),
                ],
            ),
        )

    def _judge(self, records: Collection[str], verdict: Verdict, reason: str = "", fields: Sequence[str] = ()) -> None:
        number = self.opened.session.reviewing.judge(records, verdict, reason, fields)
        say(self.page, _said(self.opened, verdict, number, len(records) - number))
        if number:
            self.done()


def _toggle(box: ft.Checkbox) -> None:
    box.value = not box.value
    box.update()


def _said(opened: Opened, verdict: Verdict, number: int, left_out: int) -> str:
    words = opened.words.review
    verifies = verdict is Verdict.VERIFIED
    if not number:
        return words.nothing_judged
    if number + left_out == 1:
        return words.verified_done if verifies else words.returned_done
    done = (words.verified_many if verifies else words.returned_many).format(n=number)
    return f"{done} {words.left_out.format(n=left_out)}" if left_out else done


def question_names(form: Form | None, answers: Mapping[str, Json], language: str) -> dict[str, str]:
    """Return path to label of the questions that are answered, those with rows as one, and of those that everybody is
    asked: an answer that is missing is a reason to return an activity, too.
    """
    if form is None:
        return {}
    tops = {path.partition("/")[0] for path, value in answers.items() if value is not None and not is_beside(path)}
    asked = {item.name: item.label.within(language) for item in form.questions if item.is_answered or item.has_rows}
    always = set(_always_asked(form.fields))
    return {name: label for name, label in asked.items() if label and (name in tops or name in always)}


def _always_asked(fields: Sequence[Field]) -> Iterator[str]:
    for item in fields:
        if item.relevant is None and item.type == FieldType.GROUP:
            yield from _always_asked(item.fields)
        elif item.relevant is None and item.calculation is None:
            yield item.name
