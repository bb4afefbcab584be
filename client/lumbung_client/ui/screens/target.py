"""One target of the work programme, to be filled in: what is wanted, where, of whom, and by when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import flet as ft

from lumbung_client.session.programmes import Wish
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.layout import centred, notice, scrolling
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.questions import ONLY_DIGITS
from lumbung_client.ui.parts.region_choice import INDENT
from lumbung_client.ui.safe import say, screen
from lumbung_client.ui.screens.programmes import PROGRAMMES
from lumbung_client.ui.texts.formats import month_name
from lumbung_shared.regions import covered, level
from lumbung_shared.targets import ACTIVITIES, MEASURES, Target

_ALL = "*"
_MOST = 1_000_000_000
"""As much as the form takes."""


@screen
def OneTarget() -> ft.View:  # noqa: N802
    """Draw the form of the target that the address names, or of a new one."""
    opened = use_model()
    record = ft.use_route_params().get("target", "")
    row = opened.session.programmes.row(record) if record else None
    typed, set_typed = ft.use_state(_begun(opened, row.target if row else None))
    amount, set_amount = ft.use_state(str(row.target.number) if row else "")
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)
    words, page = opened.words.programmes, ft.context.page

    def change(name: str, value: str) -> None:
        set_typed(lambda before: replace(before, **{name: value}))
        set_wrong(lambda before: {key: text for key, text in before.items() if key != name})

    def change_amount(value: str) -> None:
        set_amount(value)
        set_wrong(lambda before: {key: text for key, text in before.items() if key != "number"})

    def save() -> None:
        found = _wrong(opened, typed, amount)
        if found:
            set_wrong(found)
            return
        opened.session.programmes.save(replace(typed, programme=typed.programme.strip(), number=int(amount)), record)
        say(page, words.saved)
        page.navigate(PROGRAMMES)

    if record and row is None:
        body: list[ft.Control] = [notice(ft.Icons.ERROR_OUTLINE, words.gone)]
    else:
        body = [
            *_fields(opened, typed, wrong, change),
            ft.TextField(
                key="target-number",
                label=words.number,
                value=amount,
                keyboard_type=ft.KeyboardType.NUMBER,
                input_filter=ONLY_DIGITS,
                max_length=10,
                counter="",
                error=wrong.get("number"),
                on_change=lambda event: change_amount(event.control.value or ""),
            ),
            *_period(opened, typed, wrong, change),
            ft.TextField(
                key="target-notes",
                label=words.notes,
                value=typed.notes,
                multiline=True,
                max_length=2000,
                counter="",
                on_change=lambda event: change("notes", event.control.value or ""),
            ),
            ft.FilledButton(words.save, key="save-target", on_click=save),
        ]
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.edit if record else words.add),
        controls=[centred(scrolling(*body, spacing=16))],
    )


def _begun(opened: Opened, target: Target | None) -> Wish:
    """Return what stands in the form when it opens: of a new one, this year in the region that is the person's."""
    if target is not None:
        return Wish(
            target.programme,
            target.region,
            target.measure,
            target.number,
            target.first,
            target.last,
            target.kind,
            target.organisation,
            target.notes,
        )
    year = opened.session.today()[:4]
    codes = [code for code, _ in _regions(opened)]
    region = opened.session.programmes.region or (codes[0] if codes else "")
    return Wish("", region, ACTIVITIES, 0, f"{year}-01", f"{year}-12")


def _wrong(opened: Opened, typed: Wish, amount: str) -> dict[str, str]:
    """Return what has to be corrected first: field to sentence."""
    words = opened.words.programmes
    found: dict[str, str] = {}
    if not typed.programme.strip():
        found["programme"] = words.name_missing
    if not typed.region:
        found["region"] = words.region_missing
    if not amount.isdecimal() or not 1 <= int(amount) <= _MOST:
        found["number"] = words.number_wrong
    if typed.last < typed.first:
        found["last"] = words.period_wrong
    return found


def _fields(
    opened: Opened, typed: Wish, wrong: Mapping[str, str], change: Callable[[str, str], None]
) -> list[ft.Control]:
    words, session = opened.words.programmes, opened.session
    kinds = [(form.kind, form.title.within(opened.language)) for form in session.catalogue.kinds()]
    organisations = dict(session.programmes.organisations)
    if typed.organisation:
        organisations.setdefault(typed.organisation, words.organisation)
    measures = [(name, str(getattr(words, f"measure_{name}"))) for name in MEASURES]
    shown: list[ft.Control] = [
        ft.TextField(
            key="target-programme",
            label=words.name,
            helper=words.name_help,
            helper_max_lines=3,
            value=typed.programme,
            max_length=120,
            counter="",
            error=wrong.get("programme"),
            on_change=lambda event: change("programme", event.control.value or ""),
        ),
        _menu(opened.words.filter_region, "region", _regions(opened), typed.region, change, wrong.get("region", "")),
        _menu(words.kind, "kind", [("", words.all_kinds), *kinds], typed.kind, change),
    ]
    if organisations:
        named = sorted(organisations.items(), key=lambda one: one[1].casefold())
        options = [("", words.all_organisations), *named]
        shown.append(_menu(words.organisation, "organisation", options, typed.organisation, change))
    return [*shown, _menu(words.measure, "measure", measures, typed.measure, change)]


def _period(
    opened: Opened, typed: Wish, wrong: Mapping[str, str], change: Callable[[str, str], None]
) -> list[ft.Control]:
    words = opened.words.programmes
    year = int(opened.session.today()[:4])
    months = {f"{at}-{month:02d}" for at in range(year - 1, year + 3) for month in range(1, 13)}
    options = [(month, month_name(month, opened.language)) for month in sorted({*months, typed.first, typed.last})]
    return [
        _menu(words.first, "first", options, typed.first, change),
        _menu(words.last, "last", options, typed.last, change, wrong.get("last", "")),
    ]


def _regions(opened: Opened) -> list[tuple[str, str]]:
    """Return the regions that the person coordinates with all below them, as the tree has them."""
    identity = opened.session.identity
    if identity is None:
        return []
    own = [grant.region for grant in identity.grants if grant.role != "cadre"]
    codes = sorted(code for code in identity.regions if covered(code, own))
    top = min(map(level, codes), default=1)
    return [(code, f"{INDENT * (level(code) - top)}{identity.regions[code]}") for code in codes]


def _menu(
    label: str,
    name: str,
    options: list[tuple[str, str]],
    value: str,
    change: Callable[[str, str], None],
    error: str = "",
) -> ft.Control:
    shown = dict(options).get(value, "")

    def chosen(event: Any) -> None:
        change(name, "" if event.control.value == _ALL else str(event.control.value))

    menu = ft.Dropdown(
        key=f"target-{name}",
        label=label,
        value=value or _ALL,
        expand=True,
        menu_height=360,
        error_text=error or None,
        options=[ft.DropdownOption(key=code or _ALL, text=text) for code, text in options],
        on_select=chosen,
    )
    return ft.Semantics(label=f"{label}: {shown}", container=True, content=ft.Row(controls=[menu]))
