"""The second step of an account: switched on with a QR code and a first code, off with the password and a code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.parts.qr import qr_code
from lumbung_client.ui.parts.secrets import code_box, failed, password_box
from lumbung_client.ui.safe import part, say
from lumbung_client.ui.texts.account import AccountTexts
from lumbung_shared.account import TotpSetup


@dataclass(frozen=True)
class Asking:
    """How a request about the second step stands: `ask` makes one and tells whether it worked; `problem`: why not."""

    busy: bool
    problem: list[ft.Control]
    ask: Callable[[Callable[[], Awaitable[Failure | None]]], Awaitable[bool]]


@part
def SecondStep() -> ft.Control:  # noqa: N802
    """Draw how the second step stands, and what can be done about it."""
    opened = use_model()
    account = opened.session.account
    if account.recovery:
        return _column(_codes(opened, account.recovery))
    if account.setup is not None:
        return ft.Container(content=Confirming(account.setup))
    if account.shown is not None and account.shown.totp:
        return ft.Container(content=Standing())
    return ft.Container(content=Beginning())


def _use_asking(opened: Opened) -> Asking:
    """Return how a request stands; a second tap while one is under way does nothing."""
    busy, set_busy = ft.use_state(False)
    problem, set_problem = ft.use_state("")

    async def ask(act: Callable[[], Awaitable[Failure | None]]) -> bool:
        if busy:
            return False
        set_busy(True)
        set_problem("")
        try:
            failure = await act()
            if failure is not None:
                set_problem(failed(opened.words, opened.language, failure))
        finally:
            set_busy(False)
        return failure is None

    return Asking(busy, [notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER)] if problem else [], ask)


@part
def Beginning() -> ft.Control:  # noqa: N802
    """Draw the way to switch it on."""
    opened = use_model()
    said, account = opened.words.account, opened.session.account
    asking = _use_asking(opened)

    entries: dict[str, str] = ft.use_memo(dict, [])

    async def begin() -> None:
        await asking.ask(lambda: account.begin_totp(entries.get("begin-proof", "")))

    button = _button(opened, said.step_begin, "begin-step", begin, busy=asking.busy)
    password = password_box(said, "begin-proof", opened.words.password, entries, begin)
    return _column([ft.Text(said.step_off), password, *asking.problem, button])


@part
def Confirming(setup: TotpSetup) -> ft.Control:  # noqa: N802
    """Draw what the authenticator scans, and ask for its first code."""
    opened = use_model()
    said, account = opened.words.account, opened.session.account
    asking = _use_asking(opened)
    entries: dict[str, str] = ft.use_memo(dict, [])

    async def confirm() -> None:
        if entries.get("first-code", "").strip():
            await asking.ask(lambda: account.confirm_totp(entries["first-code"]))

    return _column(
        [
            *_scan(said, setup),
            code_box(said, entries, confirm, "first-code", first=True),
            *asking.problem,
            _button(opened, said.step_begin, "confirm-step", confirm, busy=asking.busy),
            ft.TextButton(opened.words.cancel, key="cancel-step", on_click=account.noted),
        ]
    )


@part
def Standing() -> ft.Control:  # noqa: N802
    """Draw that it is on, and the way to switch it off."""
    opened, page = use_model(), ft.context.page
    said, account = opened.words.account, opened.session.account
    asking = _use_asking(opened)
    ending, set_ending = ft.use_state(False)
    entries: dict[str, str] = ft.use_memo(dict, [])

    async def end() -> None:
        if await asking.ask(lambda: account.end_totp(entries.get("proof", ""), entries.get("end-code", ""))):
            say(page, said.step_ended)

    stands = ft.Text(said.step_on.format(n=account.shown.recovery if account.shown else 0))
    if not ending:
        return _column([stands, ft.OutlinedButton(said.step_end, key="end-step", on_click=lambda: set_ending(True))])
    return _column(
        [
            stands,
            ft.Text(said.step_end_help),
            password_box(said, "proof", opened.words.password, entries),
            code_box(said, entries, end, "end-code"),
            *asking.problem,
            _button(opened, said.step_end_yes, "end-step-yes", end, busy=asking.busy),
        ]
    )


def _column(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=controls)


def _scan(said: AccountTexts, setup: TotpSetup) -> list[ft.Control]:
    spaced = " ".join(setup.secret[place : place + 4] for place in range(0, len(setup.secret), 4))
    return [
        ft.Text(said.step_scan),
        qr_code(setup.uri, said.step_qr),
        ft.Text(said.step_type),
        ft.Text(spaced, text_align=ft.TextAlign.CENTER, weight=ft.FontWeight.W_500),
        ft.OutlinedButton(
            said.step_copy,
            key="copy-key",
            icon=ft.Icons.CONTENT_COPY,
            action=ft.CopyToClipboard(setup.secret),
        ),
        ft.Text(said.step_confirm),
    ]


def _codes(opened: Opened, codes: tuple[str, ...]) -> list[ft.Control]:
    said, account = opened.words.account, opened.session.account
    return [
        notice(ft.Icons.VERIFIED_USER_OUTLINED, said.step_codes),
        ft.Column(
            spacing=4,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            controls=[ft.Text(one, size=18, weight=ft.FontWeight.W_500) for one in codes],
        ),
        ft.OutlinedButton(
            said.step_codes_copy,
            key="copy-codes",
            icon=ft.Icons.CONTENT_COPY,
            action=ft.CopyToClipboard("\n".join(codes)),
        ),
        ft.FilledButton(said.step_noted, key="noted", on_click=account.noted),
    ]


def _button(opened: Opened, label: str, key: str, act: Callable[[], Awaitable[None]], *, busy: bool) -> ft.Control:
    shown = opened.words.account.busy if busy else label
    return ft.FilledButton(shown, key=key, disabled=busy, on_click=act)
