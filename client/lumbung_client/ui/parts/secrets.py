"""Boxes for passwords and codes: what is typed goes into a plain dictionary, and into no state that is drawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.account import AccountTexts
from lumbung_shared.problems import Code, sentence

Submit = Callable[[], Awaitable[None]]


def text_box(key: str, label: str, entries: MutableMapping[str, str], hint: ft.AutofillHint) -> ft.Control:
    """Return a box for a login name."""
    return ft.TextField(
        key=key,
        label=label,
        value=entries.get(key, ""),
        autocorrect=False,
        autofill_hints=hint,
        on_change=lambda event: entries.__setitem__(key, event.control.value),
    )


def password_box(
    said: AccountTexts,
    key: str,
    label: str,
    entries: MutableMapping[str, str],
    submit: Submit | None = None,
    new: str | None = None,
    typed: Callable[[], None] | None = None,
) -> ft.Control:
    """Return a box for a password; `new`: for one that is chosen now, with this help below it.

    `typed`: told of every letter, once it is in `entries`.
    """
    box: ft.Control = PasswordBox(said, (key, label), entries, submit, new, typed, key=f"box-{key}")
    return box


@part
def PasswordBox(  # noqa: N802
    said: AccountTexts,
    called: tuple[str, str],
    entries: MutableMapping[str, str],
    submit: Submit | None,
    new: str | None,
    typed: Callable[[], None] | None,
) -> ft.Control:
    """Draw the box, and the button that shows what stands in it: Flet's own has no name and no key reaches it.

    `called`: its key and its label.
    """
    key, label = called
    shown, set_shown = ft.use_state(False)

    def take(text: str) -> None:
        entries[key] = text
        if typed is not None:
            typed()

    eye = icon_button(
        ft.Icons.VISIBILITY_OFF_OUTLINED if shown else ft.Icons.VISIBILITY_OUTLINED,
        said.password_hide if shown else said.password_show,
        f"show-{key}",
        lambda: set_shown(not shown),
    )
    return ft.TextField(
        key=key,
        label=label,
        value=entries.get(key, ""),
        helper=new or None,
        helper_max_lines=3,
        password=not shown,
        suffix_icon=eye,
        autofill_hints=ft.AutofillHint.PASSWORD if new is None else ft.AutofillHint.NEW_PASSWORD,
        on_change=lambda event: take(event.control.value),
        on_submit=submit,
    )


def code_box(
    said: AccountTexts, entries: MutableMapping[str, str], submit: Submit, key: str = "code", *, first: bool = False
) -> ft.Control:
    """Return a box for a code of the second step; a recovery code goes in, too, but for the `first` one of all."""
    return ft.TextField(
        key=key,
        label=said.code,
        helper=None if first else said.code_help,
        helper_max_lines=3,
        value=entries.get(key, ""),
        autocorrect=False,
        autofill_hints=ft.AutofillHint.ONE_TIME_CODE,
        on_change=lambda event: entries.__setitem__(key, event.control.value),
        on_submit=submit,
    )


def failed(words: Texts, language: str, failure: Failure) -> str:
    """Return what to do about a failure around the account; nobody has records to fear for."""
    if failure.code == Code.SERVER_UNREACHABLE:
        return words.account.offline
    return failure.detail or sentence(failure.code, language)
