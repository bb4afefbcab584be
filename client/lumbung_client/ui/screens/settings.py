"""*Pengaturan*: who is signed in, the language, how safe the storage is, and the error log."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.option_rows import radio_rows, switch_row
from lumbung_client.ui.parts.rescue import Rescue
from lumbung_client.ui.parts.sharing import shared_phone
from lumbung_client.ui.parts.storage import storage_state
from lumbung_client.ui.parts.updating import version_state
from lumbung_client.ui.safe import ERRORS, say, screen, start
from lumbung_client.ui.screens.account import ACCOUNT
from lumbung_client.ui.screens.forms import FORMS
from lumbung_client.ui.screens.introduction import INTRODUCTION, PRACTICE
from lumbung_client.ui.screens.people import PEOPLE
from lumbung_client.ui.screens.pin import pin_section
from lumbung_shared.problems import sentence


@screen
def Settings() -> ft.View:  # noqa: N802
    """Draw the settings."""
    opened = use_model()
    words = opened.words
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.settings),
        controls=[
            centred(
                scrolling(
                    *_who(opened),
                    *_account(opened),
                    *_people(opened),
                    *_forms(opened),
                    section(words.sharing.pin_section, pin_section(opened)),
                    *shared_phone(opened),
                    _guide(opened),
                    section(words.language, [_languages(opened), ft.Text(words.letters_help, size=13)]),
                    section(words.data_plan, [_sparing(opened)]),
                    Rescue(),
                    section(words.storage, storage_state(opened)),
                    section(words.log_title, _log(opened)),
                    section(words.updating.title, version_state(opened)),
                    _sign_out(opened),
                    spacing=20,
                )
            )
        ],
    )


def _who(opened: Opened) -> list[ft.Control]:
    words, identity = opened.words, opened.session.identity
    if identity is None:
        return []
    roles = [
        f"{getattr(words, 'role_' + grant.role.replace('-', '_'), grant.role)}, "
        f"{opened.session.region_name(grant.region)}"
        for grant in identity.grants
    ]
    about = [identity.person.organisation, identity.person.profession]
    return [
        section(
            words.who,
            [
                ft.Text(identity.person.name, size=18),
                *[ft.Text(role) for role in roles],
                *[ft.Text(text[:1].upper() + text[1:], color=ft.Colors.ON_SURFACE_VARIANT) for text in about if text],
            ],
        )
    ]


def _account(opened: Opened) -> list[ft.Control]:
    """Return the way to the account, for those who have one or may get one."""
    words, identity = opened.words.account, opened.session.identity
    if identity is None or not (identity.login or identity.is_coordinator):
        return []
    button = ft.OutlinedButton(words.open, key="account", icon=ft.Icons.MANAGE_ACCOUNTS_OUTLINED, on_click=to(ACCOUNT))
    return [section(words.title, [ft.Text(words.lead), button])]


def _people(opened: Opened) -> list[ft.Control]:
    """Return the way to the people, for those who look after them."""
    words, identity = opened.words.access, opened.session.identity
    if identity is None or not identity.is_coordinator:
        return []
    button = ft.OutlinedButton(words.people_open, key="people", icon=ft.Icons.GROUP_OUTLINED, on_click=to(PEOPLE))
    return [section(words.people_title, [ft.Text(words.people_lead), button])]


def _forms(opened: Opened) -> list[ft.Control]:
    """Return the way to the forms, for those who look after them."""
    words = opened.words.forms
    if not opened.session.forms.coordinated():
        return []
    button = ft.OutlinedButton(words.open, key="forms", icon=ft.Icons.DESCRIPTION_OUTLINED, on_click=to(FORMS))
    return [section(words.title, [ft.Text(words.lead), button])]


def _guide(opened: Opened) -> ft.Control:
    """Return the ways to the introduction and to the practice form."""
    words = opened.words.guide
    ways = (
        (words.again, "introduction", ft.Icons.MENU_BOOK_OUTLINED, INTRODUCTION),
        (words.practise, "practise", ft.Icons.SCHOOL_OUTLINED, PRACTICE),
    )
    buttons: list[ft.Control] = [
        ft.OutlinedButton(word, key=key, icon=icon, on_click=to(path)) for word, key, icon, path in ways
    ]
    return section(words.section, buttons)


def _sign_out(opened: Opened) -> ft.Control:
    words, page, door = opened.words, ft.context.page, opened.app.door
    others = door.others if door else ()

    async def leave() -> None:
        failure = await opened.session.sign_out()
        if failure is not None:
            say(page, sentence(failure.code, opened.language))
            return
        # Whoever comes next does not begin in the settings.
        page.navigate("/")
        if others and door is not None:
            await door.switch()

    def ask() -> None:
        explained = words.sharing.sign_out_help if others else words.sign_out_help
        confirm(words.sign_out_question, explained, words.sign_out, words.cancel, lambda: start(page, leave))

    return ft.OutlinedButton(words.sign_out, key="sign-out", icon=ft.Icons.LOGOUT, on_click=ask)


def _languages(opened: Opened) -> ft.Control:
    languages = [("id", "Bahasa Indonesia"), ("en", "English")]
    return radio_rows("language", languages, opened.language, opened.session.set_language)


def _sparing(opened: Opened) -> ft.Control:
    words, session = opened.words, opened.session
    switch = switch_row("sparing", words.sparing, session.is_sparing, lambda on: session.set_sparing(sparing=on))
    return ft.Column(spacing=4, controls=[switch, ft.Text(words.sparing_help, size=13)])


def _log(opened: Opened) -> list[ft.Control]:
    words, log = opened.words, ERRORS.text()
    if not log:
        return [ft.Text(words.log_empty)]
    return [
        ft.Text(log[-600:], size=11, font_family="monospace"),
        ft.OutlinedButton(words.log_copy, icon=ft.Icons.CONTENT_COPY, action=ft.CopyToClipboard(log)),
    ]
