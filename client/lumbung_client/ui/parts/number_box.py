"""A box for a number: read as it is typed or pasted, and shown as people write it when the box is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import flet as ft

from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts import texts as words_of
from lumbung_client.ui.texts.formats import number, rupiah
from lumbung_client.ui.texts.typed import has_thousands_mark, read_two_ways, typed_number
from lumbung_shared.answers import Remark
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, field_at, rows
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code

NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.RUPIAH})
LONGEST = 20
"""Characters: fifteen digits and the marks between them."""
FOR_NUMBERS = ft.InputFilter(regex_string=r"[0-9.,]|^$", allow=True, replacement_string="")


def unread_numbers(
    form: Form, answers: Mapping[str, Json], hidden: Collection[str], texts: Mapping[str, str], language: str
) -> tuple[Remark, ...]:
    """Return the asked questions in whose boxes something stands that is no number. `texts`: by the box's path."""
    return tuple(
        Remark(Code.WRONG_TYPE, path, message=_said(item))
        for path, text in texts.items()
        if (item := field_at(form, path)) is not None
        and item.type in NUMBERS
        and answers.get(path) is None
        and _is_asked(path, answers, hidden)
        and text.strip()
        and typed_number(text, language, whole=item.type != FieldType.DECIMAL) is None
    )


def _is_asked(path: str, answers: Mapping[str, Json], hidden: Collection[str]) -> bool:
    top, _, within = path.partition("/")
    if top in hidden or path in hidden:
        return False
    return not within or within.partition("/")[0] in rows(top, answers)


def _said(item: Field) -> Label:
    if item.type == FieldType.DECIMAL:
        return Label(*(words.entering.decimal_unread for words in (words_of("id"), words_of("en"))))
    return Label(*(words.entering.whole_unread for words in (words_of("id"), words_of("en"))))


@part
def NumberBox(asking: Asking) -> ft.Control:  # noqa: N802
    """Draw the box of a whole number, an amount of rupiah or a decimal."""
    words, language = asking.words.entering, asking.reader.language
    whole = asking.item.type != FieldType.DECIMAL
    stands = "" if asking.value is None else number(str(asking.value), language)
    # Marks of thousands that the app wrote are that, wherever editing moves them; what a person writes is read.
    written = ft.use_ref(asking.path not in asking.texts and has_thousands_mark(stands, language))
    wrong, set_wrong = ft.use_state(False)
    _, draw = ft.use_state(0)
    text = asking.texts.get(asking.path, stands)

    def read(said: str) -> str | None:
        return typed_number(said, language, whole=whole, grouped=bool(written.current))

    def typed(event: ft.Event[ft.TextField]) -> None:
        said, before = event.control.value or "", asking.texts.get(asking.path, stands)
        is_edit = has_thousands_mark(said, language) and abs(len(said) - len(before)) <= 1  # more at once is pasted
        written.current = bool(written.current) and is_edit
        value = read(said)
        set_wrong(False)
        asking.typed(asking.path, said, asking.path, _answer(value, whole=whole))

    def left() -> None:
        said = asking.texts.get(asking.path)
        if said is None:
            return
        value = read(said)
        set_wrong(bool(said.strip()) and value is None)
        if value is not None:
            asking.texts[asking.path] = shown = number(value, language)
            written.current = has_thousands_mark(shown, language)
            draw(lambda times: times + 1)

    problem = (words.whole_unread if whole else words.decimal_unread) if wrong else asking.problem
    return ft.TextField(
        ref=asking.grip,
        key=asking.path,
        label=asking.label,
        value=text,
        helper=_helper(asking, text, by_app=bool(written.current)),
        helper_max_lines=3,
        error=problem or None,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=FOR_NUMBERS,
        max_length=LONGEST,
        counter="",
        on_change=typed,
        on_blur=left,
    )


def _answer(value: str | None, *, whole: bool) -> Json:
    return int(value) if whole and value is not None else value


def _helper(asking: Asking, text: str, *, by_app: bool) -> str | None:
    """Return the line below the box: an amount in rupiah, which of two ways a number was read, else the hint."""
    if asking.item.type == FieldType.RUPIAH and isinstance(asking.value, int):
        return rupiah(asking.value, asking.reader.language)
    two = None if by_app or asking.item.type != FieldType.DECIMAL else read_two_ways(text, asking.reader.language)
    if two is None:
        return asking.hint
    unit = f" {asking.item.unit}" if asking.item.unit else ""
    thousands, fraction = (f"{one}{unit}" for one in two)
    return asking.words.entering.read_as_thousands.format(thousands=thousands, fraction=fraction)
