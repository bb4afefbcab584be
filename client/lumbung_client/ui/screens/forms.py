"""*Formulir*: which forms the person's regions use, in which versions; and one of them, to be tried out."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from lumbung_client.session.forms import OfferedKind
from lumbung_client.session.views import Failure
from lumbung_client.ui.device.files import save
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import kind_icon
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.form_preview import FormPreview
from lumbung_client.ui.parts.layout import centred, empty_place, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.publishing import FORMS as FORMS
from lumbung_client.ui.safe import part, say, screen, start
from lumbung_client.ui.texts.formats import iso_date, long_date
from lumbung_shared.forms import Purpose
from lumbung_shared.problems import sentence
from lumbung_shared.protocol import Offer

BELOW = 88
"""Room (px) below the last form, so that the button does not lie over it."""


@screen
def Forms() -> ft.View:  # noqa: N802
    """Draw the kinds, and for coordinators the way to bring a form from Excel."""
    opened = use_model()
    words, session = opened.words.forms, opened.session
    kinds = session.forms.kinds()
    parts: list[ft.Control] = []
    for title, purpose in ((words.activities, Purpose.ACTIVITY), (words.registers, Purpose.REGISTER)):
        rows = [_kind_row(opened, found) for found in kinds if found.form.purpose == purpose]
        if rows:
            parts.append(section(title, [ft.Column(spacing=0, controls=list(rows))]))
    if not parts:
        parts.append(empty_place(ft.Icons.DESCRIPTION_OUTLINED, words.title, words.none))
    parts.append(ft.Container(height=BELOW))
    button = ft.FloatingActionButton(
        words.bring, key="form-bring", icon=ft.Icons.UPLOAD_FILE, on_click=to(f"{FORMS}/excel")
    )
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.title),
        controls=[centred(scrolling(*parts))],
        floating_action_button=button if session.forms.coordinated() else None,
    )


def _kind_row(opened: Opened, found: OfferedKind) -> ft.Control:
    words, newest = opened.words.forms, found.offers[0]
    lines = [offer_line(opened, newest)]
    if len(found.offers) > 1:
        lines.append(words.versions.format(n=len(found.offers)))
    if opened.session.form_edits.of(found.form.kind) is not None:
        lines.append(opened.words.editing.unpublished)
    return ft.ListTile(
        key=f"form-{found.form.kind}",
        leading=ft.Icon(kind_icon(opened, found.form.kind)),
        title=ft.Text(found.form.title.within(opened.language)),
        subtitle=ft.Column(tight=True, spacing=2, controls=[ft.Text(line, size=13) for line in lines]),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=to(_address(newest)),
    )


def _address(offer: Offer) -> str:
    return f"{FORMS}/{offer.form.kind}/{offer.form.version}"


def offer_line(opened: Opened, offer: Offer) -> str:
    """Return version, place and first day of an offer, or that it was withdrawn, as one line."""
    words, day = opened.words.forms, iso_date(offer.since)
    place = words.offered_in.format(place=opened.session.region_name(offer.region))
    parts = [words.version.format(n=offer.form.version), words.withdrawn if offer.withdrawn else place]
    if day and not offer.withdrawn:
        parts.append(words.since.format(day=long_date(day, opened.language)))
    return " · ".join(parts)


@screen
def OneForm() -> ft.View:  # noqa: N802
    """Draw the version of a form that the address names: where it is used, what can be done with it, a preview."""
    opened = use_model()
    words, session = opened.words.forms, opened.session
    route = ft.use_route_params()
    kind, version = route.get("kind", ""), route.get("version", "")
    offers = session.forms.offers(kind)
    offer = next((one for one in offers if str(one.form.version) == version), None)
    if offer is None:
        return ft.View(
            route=ft.use_view_path(), padding=16, appbar=app_bar(words.title), controls=[ft.Text(words.gone)]
        )
    parts: list[ft.Control] = [
        ft.Text(offer_line(opened, offer)),
        ft.Text(words.questions.format(n=len(offer.form.questions)), color=ft.Colors.ON_SURFACE_VARIANT),
    ]
    if offer.withdrawn:
        parts.append(notice(ft.Icons.BLOCK, words.withdrawn_help))
    parts.append(FormActions(offer))
    parts += _others(opened, [one for one in offers if one is not offer])
    parts.append(FormPreview(offer.form, key=f"preview-{kind}-{version}"))
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(offer.form.title.within(opened.language)),
        controls=[centred(scrolling(*parts, spacing=16))],
    )


def _others(opened: Opened, offers: Sequence[Offer]) -> list[ft.Control]:
    tiles = [
        ft.ListTile(
            key=f"version-{offer.form.version}",
            title=ft.Text(offer_line(opened, offer)),
            trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
            content_padding=ft.Padding.symmetric(horizontal=4),
            on_click=to(_address(offer)),
        )
        for offer in offers
    ]
    return [section(opened.words.forms.other_versions, tiles)] if tiles else []


@part
def FormActions(offer: Offer) -> ft.Control:  # noqa: N802
    """Draw what can be done with a version of a form, and what came of it."""
    opened, page = use_model(), ft.context.page
    words, session, form = opened.words.forms, opened.session, offer.form
    said, set_said = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    # Asked for once: this screen is drawn again and again, the picker must stay the same.
    picker = ft.use_memo(ft.FilePicker, [])

    async def export() -> None:
        set_busy(True)
        try:
            file = await session.forms.exported(form.kind, form.version)
            if isinstance(file, Failure):
                set_said(sentence(file.code, opened.language))
            elif await save(picker, file):
                set_said(words.exported.format(name=file.name))
            else:
                set_said(words.not_exported)
        finally:
            set_busy(False)

    async def withdraw() -> None:
        set_busy(True)
        try:
            answer = await session.forms.withdraw(form.kind, form.version)
        finally:
            set_busy(False)
        if isinstance(answer, Failure):
            set_said(sentence(answer.code, opened.language))
        else:
            say(page, words.withdrew.format(n=form.version))

    def ask() -> None:
        question = words.withdraw_question.format(n=form.version)
        confirm(question, words.withdraw_help, words.withdraw, opened.words.cancel, lambda: start(page, withdraw))

    def edit() -> None:
        if session.form_edits.begin(form.kind, form.version):
            page.navigate(f"{_address(offer)}/ubah")

    buttons: list[ft.Control] = [
        ft.OutlinedButton(words.export, key="form-export", icon=ft.Icons.SAVE_ALT, disabled=busy, on_click=export)
    ]
    if session.forms.coordinated():
        editing = opened.words.editing
        word = editing.go_on if session.form_edits.of(form.kind) else editing.open
        icon = ft.Icons.EDIT_OUTLINED
        buttons.insert(0, ft.FilledTonalButton(word, key="form-edit", icon=icon, on_click=edit))
    if session.forms.may_withdraw(offer):
        buttons.append(
            ft.OutlinedButton(words.withdraw, key="form-withdraw", icon=ft.Icons.BLOCK, disabled=busy, on_click=ask)
        )
    shown = [notice(ft.Icons.INFO_OUTLINE, said)] if said else []
    return ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=[*buttons, *shown])
