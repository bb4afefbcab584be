"""*Orang*: who works in the regions a coordinator looks after, on which phones; inviting, withdrawing permission."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, windowed
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.finding import nothing_found, search_field
from lumbung_client.ui.parts.invitation import invitation_card
from lumbung_client.ui.parts.layout import centred, empty_place, notice, scrolling, section
from lumbung_client.ui.parts.navigation import DESK, app_bar, icon_button, to
from lumbung_client.ui.safe import part, say, screen, start
from lumbung_client.ui.screens.handovers import HANDOVERS
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant
from lumbung_shared.staff import KnownDevice, Member

PEOPLE = f"{DESK}/orang"


@screen
def People() -> ft.View:  # noqa: N802
    """Draw the people by name, with a field to find one."""
    opened, page = use_model(), ft.context.page
    words, people = opened.words, opened.session.people
    text, set_text = ft.use_state("")
    shown, set_shown = ft.use_state(WINDOW)

    def ask() -> None:
        start(page, people.load)
        start(page, opened.session.handovers.load)

    ft.use_effect(ask, [])

    def search(typed: str) -> None:
        set_text(typed)
        set_shown(WINDOW)

    found = people.find(text)
    rows: list[ft.Control] = [*_standing(opened), *_waiting(opened)]
    if people.all is not None:
        count = words.access.people_count.format(n=len(people.all))
        rows.append(_margin(ft.Text(count, color=ft.Colors.ON_SURFACE_VARIANT)))
        if not found and text:
            rows.append(nothing_found(words, lambda: search("")))
        elif not found:
            rows.append(empty_place(ft.Icons.GROUP_OUTLINED, words.access.people_none, words.access.people_none_help))
    rows += [_row(opened, one) for one in found[:shown]]
    more = (lambda: set_shown(lambda count: count + WINDOW)) if len(found) > shown else None
    body = ft.Column(
        expand=True,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[
            search_field(words, text, search, label=words.access.people_search, helper=words.access.people_search_help),
            windowed(rows, words, more),
        ],
    )
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(words.access.people_title, _refresh(opened)),
        controls=[centred(body)],
    )


def _refresh(opened: Opened) -> ft.Control:
    people, page = opened.session.people, ft.context.page
    return icon_button(
        ft.Icons.REFRESH, opened.words.refresh, "refresh", lambda: start(page, people.load), disabled=people.busy
    )


def _waiting(opened: Opened) -> list[ft.Control]:
    """Return the way to what phones without permission handed over, when something waits."""
    waiting = opened.session.handovers.all
    if not waiting:
        return []
    word = opened.words.access.handovers_open.format(n=len(waiting))
    way = ft.FilledTonalButton(word, key="handovers", icon=ft.Icons.MOVE_TO_INBOX, on_click=to(HANDOVERS))
    return [_margin(way)]


def _standing(opened: Opened) -> list[ft.Control]:
    """Return how asking the server stands: under way, or why it did not work."""
    words, people, page = opened.words, opened.session.people, ft.context.page
    if people.busy:
        return [ft.ProgressBar()] if people.all is not None else [ft.ProgressBar(), _margin(ft.Text(words.loading))]
    if not people.failure:
        return []
    shown: list[ft.Control] = [_margin(_refusal(opened, people.failure))]
    if people.all is None:
        again = ft.OutlinedButton(words.try_again, key="people-again", on_click=lambda: start(page, people.load))
        shown.append(_margin(again))
    return shown


def _refusal(opened: Opened, code: str) -> ft.Control:
    offline = code == Code.SERVER_UNREACHABLE
    text = opened.words.access.people_offline if offline else sentence(code, opened.language)
    icon = ft.Icons.CLOUD_OFF_OUTLINED if offline else ft.Icons.ERROR_OUTLINE
    return notice(icon, text, ft.Colors.SECONDARY_CONTAINER if offline else ft.Colors.ERROR_CONTAINER)


def _row(opened: Opened, one: Member) -> ft.Control:
    words, person = opened.words.access, one.person
    lines = [*_roles(opened, one.grants), person.organisation, _phones_in_short(opened, one.devices)]
    return ft.ListTile(
        key=f"person-{person.id}",
        leading=ft.Icon(ft.Icons.PERSON_OUTLINE),
        title=ft.Text(person.name),
        subtitle=ft.Column(tight=True, spacing=2, controls=[ft.Text(line, size=13) for line in lines if line]),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT, semantics_label=words.person_open),
        is_three_line=True,
        on_click=to(f"{PEOPLE}/{person.id}"),
    )


def _roles(opened: Opened, grants: tuple[Grant, ...]) -> list[str]:
    words = opened.words
    return [
        f"{getattr(words, 'role_' + grant.role.replace('-', '_'), grant.role)}, "
        f"{opened.session.region_name(grant.region)}"
        for grant in grants
    ]


def _phones_in_short(opened: Opened, devices: tuple[KnownDevice, ...]) -> str:
    words = opened.words.access
    good = [one for one in devices if not one.revoked]
    if not good:
        return words.phones_revoked if devices else words.phones_none
    seen = full_moment(max(one.seen for one in good), opened.language)
    return words.phones_count.format(n=len(good), time=seen)


@screen
def OnePerson() -> ft.View:  # noqa: N802
    """Draw the person whom the address names: their roles, their phones, and what can be done about those."""
    opened, page = use_model(), ft.context.page
    words, people = opened.words.access, opened.session.people
    id_ = ft.use_route_params().get("person", "")
    one = people.member(id_)

    def ask() -> None:
        if people.all is None:
            start(page, people.load)

    ft.use_effect(ask, [])
    waits = people.busy or (people.all is None and not people.failure)
    standing: list[ft.Control] = [ft.ProgressBar()] if waits else []
    if people.failure:
        standing.append(_refusal(opened, people.failure))
    elif one is None and not waits:
        standing.append(notice(ft.Icons.ERROR_OUTLINE, words.person_gone))
    parts = _about(opened, one, standing) if one else standing
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(one.person.name if one else words.people_title, _refresh(opened)),
        controls=[centred(scrolling(*parts, spacing=20))],
    )


def _about(opened: Opened, one: Member, standing: list[ft.Control]) -> list[ft.Control]:
    """Return everything about a person. `standing` shares the first place, so that what follows keeps its own."""
    words, person = opened.words.access, one.person
    about = [person.organisation, person.profession[:1].upper() + person.profession[1:]]
    lines = [*_roles(opened, one.grants), *(text for text in about if text)]
    phones = [
        _phone(opened, one, device) for device in sorted(one.devices, key=lambda it: (bool(it.revoked), -it.seen))
    ]
    return [
        ft.Column(spacing=4, controls=[*standing, *map(ft.Text, lines)]),
        section(words.invite_title, [Invite(one, key=f"invite-{person.id}")]),
        section(words.phones_title, phones or [ft.Text(words.phones_none_help)]),
    ]


@part
def Invite(one: Member) -> ft.Control:  # noqa: N802
    """Draw the button that makes a code for a person, and the code once it is made."""
    opened = use_model()
    words = opened.words.access
    made = opened.session.people.invitation(one.person.id)
    busy, set_busy = ft.use_state(False)
    problem, set_problem = ft.use_state("")

    async def invite() -> None:
        if busy:
            return
        set_busy(True)
        set_problem("")
        try:
            answer = await opened.session.people.invite(one.person.id)
            if isinstance(answer, Failure):
                set_problem(answer.code)
        finally:
            set_busy(False)

    if not one.invitable:
        return ft.Text(words.not_invitable)
    shown: list[ft.Control] = [ft.Text(words.invite_help)]
    if made is not None:
        shown = [invitation_card(opened, one.person.name, made)]
    if problem:
        shown.append(_refusal(opened, problem))
    word = words.inviting if busy else words.invite_again if made else words.invite
    button = ft.OutlinedButton if made else ft.FilledButton
    shown.append(button(word, key="invite", icon=ft.Icons.PERSON_ADD_ALT, disabled=busy, on_click=invite))
    return ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=shown)


def _phone(opened: Opened, one: Member, device: KnownDevice) -> ft.Control:
    words, page, language = opened.words.access, ft.context.page, opened.language

    async def revoke() -> None:
        failure = await opened.session.people.revoke(device.id)
        say(page, words.revoked_done if failure is None else _said(opened, failure))

    def ask() -> None:
        question, explained = words.revoke_question.format(name=one.person.name), words.revoke_help
        confirm(question, explained, words.revoke, opened.words.cancel, lambda: start(page, revoke))

    lines = [
        words.phone_since.format(time=full_moment(device.since, language)),
        words.phone_seen.format(time=full_moment(device.seen, language)),
    ]
    if device.revoked:
        lines.append(words.phone_revoked.format(time=full_moment(device.revoked, language)))
    if device.handover:
        lines.append(words.handover_allowed.format(time=full_moment(device.handover, language)))
    text = ft.Column(
        spacing=2,
        expand=True,
        controls=[
            ft.Text(device.name or words.phone_unnamed, weight=ft.FontWeight.W_500),
            *[ft.Text(line, size=13) for line in lines],
        ],
    )
    icon = ft.Icon(ft.Icons.PHONELINK_LOCK if device.revoked else ft.Icons.SMARTPHONE)
    shown: list[ft.Control] = [
        ft.Row(spacing=12, vertical_alignment=ft.CrossAxisAlignment.START, controls=[icon, text])
    ]
    if one.revocable and not device.revoked:
        shown.append(
            ft.OutlinedButton(words.revoke, key=f"revoke-{device.id}", icon=ft.Icons.PHONELINK_ERASE, on_click=ask)
        )
    if one.revocable and device.revoked and not device.handover:
        shown.append(_allowing(opened, one, device))
    return ft.Container(
        key=f"phone-{device.id}",
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=shown),
    )


def _allowing(opened: Opened, one: Member, device: KnownDevice) -> ft.Control:
    words, page = opened.words.access, ft.context.page

    async def allow() -> None:
        failure = await opened.session.handovers.allow(device.id)
        say(page, words.handover_allowed_done if failure is None else _said(opened, failure))

    def ask() -> None:
        question = words.allow_handover_question.format(name=one.person.name)
        confirm(
            question,
            words.allow_handover_help,
            words.allow_handover,
            opened.words.cancel,
            lambda: start(page, allow),
        )

    return ft.OutlinedButton(words.allow_handover, key=f"allow-{device.id}", icon=ft.Icons.MOVE_TO_INBOX, on_click=ask)


def _said(opened: Opened, failure: Failure) -> str:
    offline = failure.code == Code.SERVER_UNREACHABLE
    return opened.words.access.people_offline if offline else sentence(failure.code, opened.language)


def _margin(control: ft.Control) -> ft.Control:
    return ft.Container(padding=ft.Padding.symmetric(horizontal=16, vertical=8), content=control)
