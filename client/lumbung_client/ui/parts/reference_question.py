"""The question for an entry of a register: shows which one was chosen, and leads to where one is searched."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.entry_rows import about_entry
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.parts.titled import titled
from lumbung_client.ui.safe import part
from lumbung_shared.registers import reference_id

FORM, OWN_ANSWER = "/isi/", "/isian/"
"""What the addresses of an open form and of a question to be settled hold."""


def reference_question(asking: Asking) -> ft.Control:
    """Return the control."""
    return titled(asking, ReferenceAnswer(asking), heading=True)


def search_address(route: str, path: str) -> str:
    """Return where the answer to a question is searched, for the address that shows it; empty where none is taken."""
    if OWN_ANSWER in route:
        return f"{route}/pilih"
    if not route.startswith(FORM):
        return ""
    # A form in the middle of another one is the last in its address.
    record = route.rstrip("/").rpartition("/")[2]
    return f"{FORM}{record}/pilih/{path.replace('/', '.')}"


@part
def ReferenceAnswer(asking: Asking) -> ft.Control:  # noqa: N802
    """Draw the chosen entry, and the buttons that choose one or take the choice back."""
    opened, page = use_model(), ft.context.page
    words, entry = asking.words, reference_id(asking.value)
    address = search_address(page.route, asking.path)

    def search() -> None:
        if address:
            page.navigate(address)

    chosen = asking.reader.read(asking.item, asking.value) if entry else ""
    if not entry:
        button = ft.OutlinedButton(
            words.choose,
            ref=asking.grip,
            key=asking.path,
            icon=ft.Icons.SEARCH,
            disabled=not address,
            on_click=search,
        )
        # A form may ask for several entries: the button says to a screen reader which one.
        named = f"{asking.label}: {words.not_chosen}"
        return ft.Semantics(label=named, button=True, container=True, content=button)
    known = opened.session.registers.standing(entry)
    about = [about_entry(opened, known)] if known else [words.entry_elsewhere]
    if known and known.name != chosen:
        about.insert(0, known.name)
    lines = [ft.Text(chosen, weight=ft.FontWeight.W_500), *(ft.Text(line, size=13) for line in about)]
    change = ft.TextButton(words.change_choice, key=asking.path, disabled=not address, on_click=search)
    clear = icon_button(ft.Icons.CLEAR, words.clear, f"clear-{asking.path}", lambda: asking.answered(asking.path, None))
    return ft.Container(
        padding=ft.Padding.only(left=12, top=4, bottom=4),
        border_radius=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
        content=ft.Row(controls=[ft.Column(expand=True, spacing=0, controls=list(lines)), change, clear]),
    )
