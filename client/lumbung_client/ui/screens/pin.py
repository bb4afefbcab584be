"""The PIN: asked for before anything is shown; set, changed and removed in *Pengaturan*."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.session.gate import Tried
from lumbung_client.session.pin import LONGEST, is_pin
from lumbung_client.session.session import Session
from lumbung_client.ui.model import AppModel, Opened, use_model
from lumbung_client.ui.parts.layout import centred, heading, notice, scrolling
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.sharing import add_button, ways_to_others
from lumbung_client.ui.safe import say, screen
from lumbung_client.ui.screens.enrol import code_in_address
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import span

PIN = "/pengaturan/pin"
_MINUTE_MS = 60_000
DIGITS = ft.InputFilter(regex_string=rf"^[0-9]{{0,{LONGEST}}}$", allow=True, replacement_string="")


@screen
def AskPin(model: AppModel, session: Session) -> ft.View:  # noqa: N802
    """Ask for the PIN of the person whose store is open, and show nothing else of them than the name."""
    words, said = model.words, model.words.sharing
    typed, set_typed = ft.use_state("")
    problem, set_problem = ft.use_state("")
    wait = session.gate.wait

    def enter() -> None:
        result = session.gate.enter(typed)
        set_typed("")
        if result is not Tried.RIGHT:
            set_problem(said.pin_missing if not typed else said.pin_wrong)

    def keep(text: str) -> None:
        set_typed(text)
        set_problem("")

    def forget() -> None:
        model.pin_forgotten = True

    trouble = waiting(words, wait, model.language) or problem
    identity = session.identity
    body = scrolling(
        ft.Icon(ft.Icons.PIN_OUTLINED, size=48, color=ft.Colors.PRIMARY),
        heading(ft.Text(said.pin_title, size=22, weight=ft.FontWeight.W_600, text_align=ft.TextAlign.CENTER)),
        ft.Text(identity.person.name if identity else "", size=18, text_align=ft.TextAlign.CENTER),
        _field("pin", said.pin, typed, keep, enter),
        *([notice(ft.Icons.ERROR_OUTLINE, trouble, ft.Colors.ERROR_CONTAINER)] if trouble else []),
        ft.FilledButton(said.pin_open, key="pin-open", disabled=bool(wait), on_click=enter),
        *ways_to_others(model),
        *_for_the_invited(model),
        ft.TextButton(said.pin_forgotten, key="pin-forgotten", on_click=forget),
        ft.Text(said.pin_sends, size=12, text_align=ft.TextAlign.CENTER, color=ft.Colors.ON_SURFACE_VARIANT),
    )
    return ft.View(route="/", padding=24, controls=[ft.SafeArea(expand=True, content=centred(body, 420))])


def _for_the_invited(model: AppModel) -> list[ft.Control]:
    """Return the way to a store of one's own for who comes with an invitation and need not know the PIN."""
    address = ft.context.page.route or ""
    can = model.door is not None and model.door.can_be_shared and code_in_address(address)
    return [add_button(model, address)] if can else []


@screen
def PinSettings() -> ft.View:  # noqa: N802
    """Draw the fields to set, change or remove the PIN."""
    opened = use_model()
    said, gate, page = opened.words.sharing, opened.session.gate, ft.context.page
    entries, set_entries = ft.use_state({"now": "", "new": "", "again": ""})
    problem, set_problem = ft.use_state("")

    def keep(name: str) -> Callable[[str], None]:
        return lambda text: set_entries(lambda before: {**before, name: text})

    def done(result: Tried, sentence: str) -> None:
        if result is Tried.RIGHT:
            page.navigate("/pengaturan")
            say(page, sentence)
        else:
            set_entries(lambda before: {**before, "now": ""})
            set_problem(waiting(opened.words, gate.wait, opened.language) or said.pin_wrong)

    def save() -> None:
        if not is_pin(entries["new"]):
            set_problem(said.pin_unfit)
        elif entries["new"] != entries["again"]:
            set_problem(said.pin_differ)
        else:
            done(gate.set(entries["new"], entries["now"]), said.pin_saved)

    def remove() -> None:
        done(gate.remove(entries["now"]), said.pin_removed)

    controls: list[ft.Control] = [ft.Text(said.pin_limits)]
    if gate.is_set:
        controls += [
            _field("pin-now", said.pin_now, entries["now"], keep("now")),
            ft.OutlinedButton(said.pin_remove, key="pin-remove", on_click=remove),
            ft.Divider(),
        ]
    controls += [
        _field("pin-new", said.pin_new, entries["new"], keep("new"), helper=said.pin_unfit),
        _field("pin-again", said.pin_again, entries["again"], keep("again"), save),
        ft.FilledButton(said.pin_save, key="pin-save", on_click=save),
    ]
    if problem:
        controls.append(notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER))
    title = said.pin_change if gate.is_set else said.pin_set
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(title),
        controls=[centred(scrolling(*controls), 480)],
    )


def waiting(words: Texts, wait: int, language: str) -> str:
    """Return for how long no PIN may be tried, empty if one may."""
    # A part of a minute counts as a whole one: who comes back then must not be sent away again.
    whole = -(-wait // _MINUTE_MS) * _MINUTE_MS
    return words.sharing.pin_wait.format(time=span(whole, language)) if wait else ""


def pin_section(opened: Opened) -> list[ft.Control]:
    """Return what the settings say of the PIN, and the way to change it."""
    said, page, is_set = opened.words.sharing, ft.context.page, opened.session.gate.is_set
    return [
        ft.Text(said.pin_on if is_set else said.pin_lead),
        ft.OutlinedButton(
            said.pin_change if is_set else said.pin_set,
            key="pin-settings",
            icon=ft.Icons.PIN_OUTLINED,
            on_click=lambda: page.navigate(PIN),
        ),
    ]


def _field(
    key: str,
    label: str,
    value: str,
    keep: Callable[[str], None],
    submit: Callable[[], None] | None = None,
    *,
    helper: str | None = None,
) -> ft.Control:
    return ft.TextField(
        key=key,
        label=label,
        value=value,
        helper=helper,
        helper_max_lines=3,
        password=True,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=DIGITS,
        autofill_hints=[],
        on_change=lambda event: keep(event.control.value),
        on_submit=submit,
    )
