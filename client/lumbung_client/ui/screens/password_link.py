"""What a link from the administrator opens (`/akun?kode=…`): a new password, typed twice, and then one is signed in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure
from lumbung_client.ui.model import AppModel
from lumbung_client.ui.parts.layout import centred, heading, notice, scrolling
from lumbung_client.ui.parts.option_rows import switch_row
from lumbung_client.ui.parts.secrets import code_box, failed, password_box
from lumbung_client.ui.parts.sharing import add_person, admitted, is_shared
from lumbung_client.ui.safe import screen
from lumbung_client.ui.screens.account import ACCOUNT
from lumbung_shared.passwords import is_weak
from lumbung_shared.problems import Code, sentence


def link_in_address(address: str) -> str:
    """Return the code of a link that sets a password, empty for every other address."""
    parsed = urlparse(address)
    return (parse_qs(parsed.query).get("kode") or [""])[0] if parsed.path == ACCOUNT else ""


@screen
def PasswordLink(model: AppModel, session: Session) -> ft.View:  # noqa: N802
    """Ask for the password; once it is set, sign in with it, by a code where the account has a second step."""
    words, said = model.words, model.words.account
    busy, set_busy = ft.use_state(False)
    problem, set_problem = ft.use_state("")
    of_another, set_of_another = ft.use_state(False)
    login, set_login = ft.use_state("")
    needs_code, set_needs_code = ft.use_state(False)
    keep, set_keep = ft.use_state(False)
    entries: dict[str, str] = ft.use_memo(dict, [])

    def leave() -> None:
        ft.context.page.navigate("/")
        model.password_link = ""

    async def save() -> None:
        if busy:
            return None
        new = entries.get("new", "")
        if not login and (wrong := _wrong(model, new, entries.get("again", ""))):
            return set_problem(wrong)
        if needs_code and not entries.get("code", "").strip():
            return set_problem(said.code_missing)
        set_busy(True)
        set_problem("")
        try:
            failure = await go_on(new)
            if failure is None:
                leave()
            elif failure.code == Code.TOTP_NEEDED:
                set_needs_code(True)
            elif failure.code == Code.STORE_OF_ANOTHER and is_shared(model):
                set_of_another(True)
            else:
                set_problem(failed(words, model.language, failure))
        finally:
            set_busy(False)

    async def go_on(new: str) -> Failure | None:
        name = login
        if not name:
            answer = await session.account.reset(model.password_link, new, keep=keep)
            if isinstance(answer, Failure):
                return answer
            name = answer
            set_login(name)
        return await admitted(model, session, lambda opened: opened.login(name, new, entries.get("code", "")))

    choosing = [
        ft.Text(said.link_lead),
        password_box(said, "new", said.password_new, entries, new=said.password_help),
        password_box(said, "again", said.password_again, entries, save, new=""),
        switch_row("keep", said.link_keep, keep, set_keep),
    ]
    done = [notice(ft.Icons.CHECK_CIRCLE_OUTLINE, said.link_done.format(login=login))]
    label = said.busy if busy else said.link_enter if login else said.link_button
    return ft.View(
        route=ACCOUNT,
        padding=24,
        controls=[
            ft.SafeArea(
                expand=True,
                content=centred(
                    scrolling(
                        ft.Icon(ft.Icons.PASSWORD, size=48, color=ft.Colors.PRIMARY),
                        heading(
                            ft.Text(
                                said.link_title, size=22, weight=ft.FontWeight.W_600, text_align=ft.TextAlign.CENTER
                            )
                        ),
                        *(done if login else choosing),
                        *([code_box(said, entries, save)] if needs_code else []),
                        *([notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER)] if problem else []),
                        *(_for_another(model, session, leave) if of_another else []),
                        ft.FilledButton(label, key="submit", disabled=busy, on_click=save),
                        ft.TextButton(said.link_later, key="later", on_click=leave),
                    ),
                    420,
                ),
            )
        ],
    )


def _wrong(model: AppModel, new: str, again: str) -> str:
    """Return what is wrong with a new password that was typed twice, as far as the phone can tell; empty if nothing."""
    if is_weak(new):
        return sentence(Code.PASSWORD_WEAK, model.language)
    return "" if new == again else model.words.account.password_differ


def _for_another(model: AppModel, session: Session, leave: Callable[[], None]) -> list[ft.Control]:
    """Return what to do when somebody else's records are here: the password is set, and signs in beside them."""
    name = session.identity.person.name if session.identity else ""

    def add() -> None:
        leave()
        add_person(model, "/")

    return [
        notice(ft.Icons.PEOPLE_OUTLINE, model.words.sharing.for_another.format(name=name)),
        ft.OutlinedButton(model.words.sharing.add, key="add-person", on_click=add),
    ]
