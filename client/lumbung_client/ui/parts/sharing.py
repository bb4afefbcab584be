"""The ways between the people of one phone, as buttons: to another person, and to one who is new here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure
from lumbung_client.ui.model import AppModel, Opened
from lumbung_client.ui.parts.layout import section
from lumbung_client.ui.safe import close_dialogs, say, start


def is_shared(model: AppModel) -> bool:
    """Tell whether others can have stores of their own here."""
    return model.door is not None and model.door.can_be_shared


async def admitted(
    model: AppModel, session: Session, ask: Callable[[Session], Awaitable[Failure | None]]
) -> Failure | None:
    """Have the server admit somebody, and go on in the store that they have on this phone already, if they do."""
    failure = await ask(session)
    if failure is None and model.door is not None:
        await model.door.admitted(ask)
    return failure


def switch_to(model: AppModel, folder: str = "", address: str = "") -> None:
    """Open the store of a folder; with none, ask whose. `address`: where to go there, empty to stay where one is."""
    page, door = ft.context.page, model.door
    if door is None:
        return

    async def switch() -> None:
        close_dialogs(page)
        if not await door.switch(folder):
            say(page, model.words.sharing.not_saved)
        elif address:
            page.navigate(address)

    start(page, switch)


def add_person(model: AppModel, address: str = "") -> None:
    """Ask for the code of somebody who has no store here yet. `address`: where to go for that, as of an invitation."""
    page, door = ft.context.page, model.door
    if door is None:
        return

    async def add() -> None:
        close_dialogs(page)
        if not await door.add():
            say(page, model.words.sharing.not_saved)
        elif address:
            page.navigate(address)

    start(page, add)


def add_button(model: AppModel, address: str = "") -> ft.Control:
    """Return the button for somebody new."""
    return ft.OutlinedButton(
        model.words.sharing.add,
        key="add-person",
        icon=ft.Icons.PERSON_ADD_ALT_OUTLINED,
        on_click=lambda: add_person(model, address),
    )


def switch_button(model: AppModel, label: str = "") -> ft.Control:
    """Return the button to whoever else uses this phone."""
    return ft.OutlinedButton(
        label or model.words.sharing.switch,
        key="switch-person",
        icon=ft.Icons.SWITCH_ACCOUNT_OUTLINED,
        on_click=lambda: switch_to(model, address="/"),
    )


def ways_to_others(model: AppModel, label: str = "") -> Sequence[ft.Control]:
    """Return the button to whoever else uses this phone; none where nobody does. `label`: if it is not to switch."""
    return [switch_button(model, label)] if model.door is not None and model.door.others else []


def shared_phone(opened: Opened) -> Sequence[ft.Control]:
    """Return the part of the settings about the people of this phone; none where there is room for one only."""
    model, words = opened.app, opened.words.sharing
    if model.door is None or not model.door.can_be_shared:
        return []
    others = [one.name or words.unnamed for one in model.door.others]
    told = words.also_here.format(names=", ".join(others)) if others else words.lead
    return [section(words.title, [ft.Text(told), *ways_to_others(model), add_button(model, "/")])]
