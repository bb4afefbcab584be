"""The first screen, and the one of a locked phone: a cadre enters the code, a coordinator signs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import parse_qs, urlencode, urlparse

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure, LockedView
from lumbung_client.ui.model import AppModel, use_model
from lumbung_client.ui.parts.handing_over import HandOver
from lumbung_client.ui.parts.layout import centred, heading, notice, scrolling
from lumbung_client.ui.parts.secrets import code_box, password_box
from lumbung_client.ui.parts.sharing import add_button, admitted, is_shared, ways_to_others
from lumbung_client.ui.parts.storage import set_aside
from lumbung_client.ui.safe import screen
from lumbung_client.ui.texts import Texts
from lumbung_shared.problems import Code, sentence

ENROL = "/masuk"


def code_in_address(address: str) -> str:
    """Return the enrolment code that a link or QR carries (`/masuk?kode=K7QM-2R9A`), empty without one."""
    parsed = urlparse(address)
    return (parse_qs(parsed.query).get("kode") or [""])[0] if parsed.path == ENROL else ""


@screen
def EnrolAgain() -> ft.View:  # noqa: N802
    """Ask once more when the earlier permission has ended; everything on the phone stays."""
    opened = use_model()
    return _enrolment(opened.app, opened.session)


@screen
def Enrol(model: AppModel, session: Session) -> ft.View:  # noqa: N802
    """Ask for the code, or for login name and password."""
    return _enrolment(model, session)


@screen
def Locked(model: AppModel, session: Session, locked: LockedView) -> ft.View:  # noqa: N802
    """Say that the phone's permission was taken away and that nothing is lost, and ask for a new code."""
    return _enrolment(model, session, locked)


@screen
def PinForgotten(model: AppModel, session: Session) -> ft.View:  # noqa: N802
    """Ask whoever does not know the PIN to be admitted anew; everything on the phone stays."""
    return _enrolment(model, session)


def _enrolment(model: AppModel, session: Session, locked: LockedView | None = None) -> ft.View:
    words = model.words
    identity = session.identity
    coordinator, set_coordinator = ft.use_state(identity is not None and identity.is_coordinator)
    busy, set_busy = ft.use_state(False)
    problem, set_problem = ft.use_state("")
    needs_code, set_needs_code = ft.use_state(False)
    refused, set_refused = ft.use_state("")
    asking = ft.use_ref(False)
    entries: dict[str, str] = ft.use_memo(lambda: {"code": code_in_address(ft.context.page.route or "")}, [])

    async def admit(ask: Callable[[Session], Awaitable[Failure | None]]) -> None:
        # A second tap comes before the button is drawn as disabled, and a code works only once.
        if asking.current:
            return
        asking.current = True
        set_busy(True)
        set_problem("")
        done = False
        try:
            session.introduction.begin()
            failure = await admitted(model, session, ask)
            done = failure is None
        finally:
            asking.current = done
            set_busy(False)
        if failure is None:
            ft.context.page.navigate("/")
        else:
            set_needs_code(needs_code or failure.code == Code.TOTP_NEEDED)
            set_refused(failure.code)
            set_problem(_said(failure, model, session))

    async def enrol() -> None:
        if not entry("code"):
            return set_problem(words.code_missing)
        return await admit(lambda opened: opened.enrol(entry("code")))

    async def login() -> None:
        if lacking := _lacking(words, entries, needs_code=needs_code):
            return set_problem(lacking)
        return await admit(lambda opened: opened.login(entry("login"), entries["password"], entry("second")))

    def entry(name: str) -> str:
        return str(entries.get(name, "")).strip()

    def keep(name: str, value: str) -> None:
        entries[name] = value
        if problem:
            set_problem("")

    def switch() -> None:
        set_problem("")
        set_needs_code(False)
        set_coordinator(lambda was: not was)

    fields = _login_fields(words, entries, keep, login) if coordinator else _code_field(words, entry, keep, enrol)
    return ft.View(
        route="/masuk",
        padding=24,
        controls=[
            ft.SafeArea(
                expand=True,
                content=centred(
                    scrolling(
                        *_head(model, session, locked, coordinator),
                        *set_aside(words, session),
                        heading(
                            ft.Text(
                                words.login_title if coordinator else words.enrol_title,
                                size=18,
                                weight=ft.FontWeight.W_500,
                            )
                        ),
                        *fields,
                        *([code_box(words.account, entries, login, "second")] if coordinator and needs_code else []),
                        *([notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER)] if problem else []),
                        _submit(words, coordinator, busy, login if coordinator else enrol),
                        ft.TextButton(
                            words.i_am_cadre if coordinator else words.i_am_coordinator,
                            key="switch",
                            on_click=switch,
                        ),
                        *([HandOver(model, session, key="handing-over")] if locked else []),
                        *_ways_to_others(
                            model,
                            session,
                            "" if coordinator else entry("code"),
                            another=refused == Code.STORE_OF_ANOTHER,
                        ),
                        _language_switch(session),
                    ),
                    420,
                ),
            )
        ],
    )


def _lacking(words: Texts, entries: Mapping[str, str], *, needs_code: bool) -> str:
    """Return what has to be typed before one can sign in, empty if nothing."""
    if not (entries.get("login", "").strip() and entries.get("password")):
        return words.login_missing
    return words.account.code_missing if needs_code and not entries.get("second", "").strip() else ""


def _said(failure: Failure, model: AppModel, session: Session) -> str:
    """Return what to do; nobody has records to fear for before the first enrolment."""
    if failure.code == Code.TOTP_NEEDED:
        return ""  # the box that is shown now says it
    identity = session.identity
    if failure.code == Code.STORE_OF_ANOTHER and identity is not None and is_shared(model):
        return model.words.sharing.for_another.format(name=identity.person.name)
    if failure.code == Code.SERVER_UNREACHABLE and session.identity is None:
        return model.words.enrol_offline
    return failure.detail or sentence(failure.code, model.language)


def _head(model: AppModel, session: Session, locked: LockedView | None, coordinator: bool) -> Sequence[ft.Control]:
    words, identity = model.words, session.identity
    if locked:
        return _locked(words, locked, coordinator)
    if identity is not None and session.gate.is_shut:
        return [
            ft.Icon(ft.Icons.PIN_OUTLINED, size=48, color=ft.Colors.PRIMARY),
            heading(
                ft.Text(
                    words.sharing.pin_forgotten_title,
                    size=22,
                    weight=ft.FontWeight.W_600,
                    text_align=ft.TextAlign.CENTER,
                )
            ),
            ft.Text(identity.person.name, size=18, text_align=ft.TextAlign.CENTER),
            ft.Text(words.sharing.pin_forgotten_help),
        ]
    told = ""
    if is_shared(model) and identity is not None:
        told = words.sharing.used_by.format(name=identity.person.name)
    elif model.door is not None and model.door.others:
        told = words.sharing.adding
    return [*_greeting(words), *([notice(ft.Icons.PEOPLE_OUTLINE, told)] if told else [])]


def _ways_to_others(model: AppModel, session: Session, code: str, *, another: bool) -> Sequence[ft.Control]:
    """Return the buttons away from this store: back to the PIN, to others, or on with the code to a new one."""
    ways: list[ft.Control] = []
    if model.pin_forgotten:

        def back() -> None:
            model.pin_forgotten = False

        ways.append(ft.OutlinedButton(model.words.sharing.pin_back, key="pin-back", on_click=back))
    shut = session.locked is not None or session.gate.is_shut
    if is_shared(model) and (another or (session.identity is not None and not shut)):
        ways.append(add_button(model, f"/masuk?{urlencode({'kode': code})}" if code else "/"))
    return [*ways, *ways_to_others(model, model.words.cancel if session.identity is None else "")]


def _greeting(words: Texts) -> list[ft.Control]:
    return [
        ft.Image(src="icons/icon-192.png", width=88, height=88, exclude_from_semantics=True),
        ft.Text(words.app_name, size=30, weight=ft.FontWeight.W_600, text_align=ft.TextAlign.CENTER),
        ft.Text(words.tagline, text_align=ft.TextAlign.CENTER, color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Container(height=4),
    ]


def _locked(words: Texts, locked: LockedView, coordinator: bool) -> list[ft.Control]:
    said = words.access
    kept = said.locked_waiting if locked.records or locked.photos else said.locked_nothing_waits
    return [
        ft.Icon(ft.Icons.LOCK_OUTLINE, size=48, color=ft.Colors.PRIMARY),
        heading(ft.Text(said.locked_title, size=22, weight=ft.FontWeight.W_600, text_align=ft.TextAlign.CENTER)),
        ft.Text(said.locked_why),
        notice(ft.Icons.INVENTORY_2_OUTLINED, kept.format(records=locked.records, photos=locked.photos)),
        ft.Text(said.locked_sign_in if coordinator else said.locked_way_out),
        ft.Text(said.locked_moved, size=13, color=ft.Colors.ON_SURFACE_VARIANT),
    ]


def _code_field(
    words: Texts,
    entry: Callable[[str], str],
    keep: Callable[[str, str], None],
    submit: Callable[[], Awaitable[None]],
) -> list[ft.Control]:
    return [
        ft.TextField(
            key="code",
            label=words.enrol_code,
            helper=words.enrol_help,
            helper_max_lines=3,
            hint_text="K7QM-2R9A",
            value=entry("code"),
            capitalization=ft.TextCapitalization.CHARACTERS,
            autocorrect=False,
            on_change=lambda event: keep("code", event.control.value),
            on_submit=submit,
        )
    ]


def _login_fields(
    words: Texts,
    entries: dict[str, str],
    keep: Callable[[str, str], None],
    submit: Callable[[], Awaitable[None]],
) -> list[ft.Control]:
    return [
        ft.TextField(
            key="login",
            label=words.login_name,
            value=entries.get("login", ""),
            autocorrect=False,
            autofill_hints=ft.AutofillHint.USERNAME,
            on_change=lambda event: keep("login", event.control.value),
        ),
        password_box(
            words.account,
            "password",
            words.password,
            entries,
            submit,
            typed=lambda: keep("password", entries["password"]),
        ),
    ]


def _submit(words: Texts, coordinator: bool, busy: bool, submit: Callable[[], Awaitable[None]]) -> ft.Control:
    if coordinator:
        label = words.login_busy if busy else words.login_button
    else:
        label = words.enrol_busy if busy else words.enrol_button
    return ft.FilledButton(label, key="submit", disabled=busy, on_click=submit)


def _language_switch(session: Session) -> ft.Control:
    return ft.Row(
        alignment=ft.MainAxisAlignment.CENTER,
        controls=[
            ft.TextButton("Bahasa Indonesia", on_click=lambda: session.set_language("id")),
            ft.TextButton("English", on_click=lambda: session.set_language("en")),
        ],
    )
