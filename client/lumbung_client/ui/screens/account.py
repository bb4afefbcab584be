"""*Akun*: a coordinator's own password, second step, and where they are signed in; opened by the password each time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.account_step import SecondStep
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.option_rows import switch_row
from lumbung_client.ui.parts.secrets import code_box, failed, password_box, text_box
from lumbung_client.ui.safe import lay_over, part, say, screen, start
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.account import AccountView, SignedIn
from lumbung_shared.passwords import is_weak
from lumbung_shared.problems import Code, sentence

ACCOUNT = "/akun"


@screen
def Account() -> ft.View:  # noqa: N802
    """Draw the door, or what is behind it."""
    opened, page = use_model(), ft.context.page
    account = opened.session.account
    shown = account.shown
    # Who leaves the screen leaves nothing open behind it.
    ft.use_effect(lambda: None, [], lambda: start(page, account.close))
    parts = [Door()] if shown is None else _inside(opened, shown)
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(opened.words.account.title),
        controls=[centred(scrolling(*parts, spacing=20))],
    )


@part
def Door() -> ft.Control:  # noqa: N802
    """Ask for the password once more, and for a code where the account has a second step."""
    opened, identity = use_model(), use_model().session.identity
    words, said = opened.words, opened.words.account
    busy, set_busy = ft.use_state(False)
    problem, set_problem = ft.use_state("")
    needs_code, set_needs_code = ft.use_state(False)
    entries: dict[str, str] = ft.use_memo(lambda: {"login": identity.login if identity else ""}, [])

    async def enter() -> None:
        if busy:
            return None
        if not (entries.get("login", "").strip() and entries.get("password")):
            return set_problem(words.login_missing)
        if needs_code and not entries.get("code", "").strip():
            return set_problem(said.code_missing)
        set_busy(True)
        set_problem("")
        try:
            code = entries.get("code", "") if needs_code else ""
            failure = await opened.session.account.open(entries["login"], entries["password"], code)
            if failure is not None and failure.code == Code.TOTP_NEEDED:
                set_needs_code(True)
            elif failure is not None:
                set_problem(failed(opened.app.words, opened.language, failure))
        finally:
            set_busy(False)

    boxes = [
        text_box("login", words.login_name, entries, ft.AutofillHint.USERNAME),
        password_box(said, "password", words.password, entries, enter),
        *([code_box(said, entries, enter)] if needs_code else []),
    ]
    return ft.Column(
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[
            ft.Text(said.door),
            *boxes,
            *([notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER)] if problem else []),
            ft.FilledButton(said.busy if busy else said.door_button, key="enter", disabled=busy, on_click=enter),
            ft.Text(said.door_none, size=13, color=ft.Colors.ON_SURFACE_VARIANT),
        ],
    )


def _inside(opened: Opened, shown: AccountView) -> list[ft.Control]:
    said, page, account = opened.words.account, ft.context.page, opened.session.account
    return [
        ft.Text(shown.login, size=18),
        section(said.step_title, [SecondStep()]),
        section(said.password_title, [Password()]),
        section(said.places_title, [*(_place(opened, one) for one in shown.places), _everywhere(opened)]),
        ft.OutlinedButton(
            said.close,
            key="close-account",
            icon=ft.Icons.LOCK_OUTLINE,
            on_click=lambda: start(page, account.close),
        ),
    ]


@part
def Password() -> ft.Control:  # noqa: N802
    """Ask for the present password and a new one, twice."""
    opened, page = use_model(), ft.context.page
    said, account = opened.words.account, opened.session.account
    busy, set_busy = ft.use_state(False)
    problem, set_problem = ft.use_state("")
    keep, set_keep = ft.use_state(False)
    turn, set_turn = ft.use_state(0)
    entries: dict[str, str] = ft.use_memo(dict, [turn])

    async def change() -> None:
        if busy:
            return None
        old, new, again = (entries.get(name, "") for name in ("old", "new", "again"))
        if wrong := refused(opened, new, again, account.shown.login if account.shown else ""):
            return set_problem(wrong)
        set_busy(True)
        set_problem("")
        try:
            failure = await account.change_password(old, new, keep=keep)
            if failure is not None:
                return set_problem(failed(opened.words, opened.language, failure))
            set_turn(lambda before: before + 1)
            say(page, said.password_done)
        finally:
            set_busy(False)

    return ft.Column(
        key=f"password-{turn}",
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[
            password_box(said, "old", said.password_old, entries),
            password_box(said, "new", said.password_new, entries, new=said.password_help),
            password_box(said, "again", said.password_again, entries, change, new=""),
            switch_row("keep", said.password_keep, keep, set_keep),
            ft.Text(said.password_keep_help, size=13),
            *([notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER)] if problem else []),
            ft.OutlinedButton(
                said.busy if busy else said.password_change,
                key="change-password",
                disabled=busy,
                on_click=change,
            ),
        ],
    )


def refused(opened: Opened, new: str, again: str, login: str) -> str:
    """Return what is wrong with a new password that was typed twice, as far as the phone can tell; empty if nothing."""
    identity = opened.session.identity
    if is_weak(new, login, identity.person.name if identity else ""):
        return sentence(Code.PASSWORD_WEAK, opened.language)
    return "" if new == again else opened.words.account.password_differ


def _place(opened: Opened, one: SignedIn) -> ft.Control:
    said, language = opened.words.account, opened.language
    name = one.name or said.place_phone if one.phone else said.place_session
    title = f"{name} ({said.place_here})" if one.here else name

    def ask() -> None:
        act = _doing(opened, lambda: opened.session.account.end(one.id), said.place_ended)
        question, explained = said.session_end_question, said.session_end_help
        if one.phone:
            question, explained = said.place_end_question.format(name=name), said.place_end_help
        confirm(question, explained, said.place_end, opened.words.cancel, act)

    text = ft.Column(
        spacing=2,
        expand=True,
        controls=[
            ft.Text(title, weight=ft.FontWeight.W_500),
            ft.Text(said.place_seen.format(time=full_moment(one.seen, language)), size=13),
        ],
    )
    shown: list[ft.Control] = [ft.Icon(ft.Icons.SMARTPHONE if one.phone else ft.Icons.MANAGE_ACCOUNTS_OUTLINED), text]
    if not one.here:
        shown.append(ft.TextButton(said.place_end, key=f"end-{one.id}", on_click=ask))
    return ft.Container(
        key=f"place-{one.id}",
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Row(spacing=12, controls=shown),
    )


def _everywhere(opened: Opened) -> ft.Control:
    said, page, account = opened.words.account, ft.context.page, opened.session.account

    def ask() -> None:
        def chosen(*, keep: bool) -> None:
            close()
            done = said.everywhere_done if keep else said.everywhere_all_done
            _doing(opened, lambda: account.sign_out_everywhere(keep=keep), done)()

        close: Callable[[], None] = lay_over(
            page,
            ft.AlertDialog(
                modal=True,
                title=ft.Text(said.everywhere_question),
                content=ft.Text(said.everywhere_help),
                actions=[
                    ft.TextButton(opened.words.cancel, key="confirm-no", on_click=lambda: close()),
                    ft.TextButton(said.everywhere_all, key="everywhere-all", on_click=lambda: chosen(keep=False)),
                    ft.FilledButton(said.everywhere_keep, key="everywhere-keep", on_click=lambda: chosen(keep=True)),
                ],
            ),
        )

    return ft.OutlinedButton(said.everywhere, key="everywhere", icon=ft.Icons.LOGOUT, on_click=ask)


def _doing(opened: Opened, act: Callable[[], Awaitable[Failure | None]], done: str) -> Callable[[], None]:
    """Return what asks the server for something and says how that went. After signing out here, too, the next answer
    locks the phone: it is asked for at once."""
    page = ft.context.page

    async def run() -> None:
        failure = await act()
        say(page, done if failure is None else failed(opened.words, opened.language, failure))
        if opened.session.account.shown is None:
            await opened.session.sync_now()

    return lambda: start(page, run)
