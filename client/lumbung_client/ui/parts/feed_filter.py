"""What of the feed to show: region, kind, days, of whom, and how it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from lumbung_client.session.views import FeedFilter
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.day_picker import day_field
from lumbung_client.ui.parts.option_rows import tick_row
from lumbung_client.ui.parts.states import review_word
from lumbung_client.ui.texts.formats import called, iso_date, short_date
from lumbung_shared.canonical import Json
from lumbung_shared.regions import Level, covered, level
from lumbung_shared.review import ReviewState

ALL = "*"


def FilterPanel(opened: Opened, choose: Callable[[FeedFilter], None]) -> ft.Control:  # noqa: N802
    """Draw the filters; `choose` gets the whole filter after each change."""
    words, chosen = opened.words, opened.feed.chosen
    kinds = [(form.kind, form.title.within(opened.language)) for form in opened.session.catalogue.kinds()]
    controls = [
        _menu(
            words.filter_region,
            words.all_regions,
            _regions(opened),
            chosen.region,
            "filter-region",
            lambda value: choose(replace(chosen, region=value)),
        ),
        _menu(
            words.filter_kind,
            words.all_kinds,
            kinds,
            chosen.kind,
            "filter-kind",
            lambda value: choose(replace(chosen, kind=value)),
        ),
        _day(opened, words.filter_since, chosen.since, "filter-since", lambda day: choose(replace(chosen, since=day))),
        _day(opened, words.filter_until, chosen.until, "filter-until", lambda day: choose(replace(chosen, until=day))),
    ]
    controls += _of_whom(opened, choose)
    controls.append(
        _menu(
            words.feed.review,
            words.feed.all_reviews,
            [(state.value, review_word(state, opened.words)) for state in ReviewState],
            chosen.review,
            "filter-review",
            lambda value: choose(replace(chosen, review=value)),
        )
    )
    controls += [
        _only("filter-disputed", words.only_disputed, chosen.disputed, lambda so: choose(replace(chosen, disputed=so))),
        _only(
            "filter-lacking", words.feed.only_lacking, chosen.lacking, lambda so: choose(replace(chosen, lacking=so))
        ),
    ]
    if chosen != FeedFilter():
        controls.append(ft.TextButton(words.clear_filter, key="filter-clear", on_click=lambda: choose(FeedFilter())))
    return ft.Container(
        padding=16,
        content=ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=controls),
    )


def _of_whom(opened: Opened, choose: Callable[[FeedFilter], None]) -> list[ft.Control]:
    """Return the menus of the people that this phone or the opened page knows, and of their organisations."""
    words, chosen = opened.words.feed, opened.feed.chosen
    known = {one.id: one for one in opened.session.feed_people()}
    if opened.feed.view is not None:
        known.update(opened.feed.view.people)
    people = sorted(((one.id, called(one.name, opened.language)) for one in known.values()), key=lambda it: it[1])
    names = sorted({chosen.organisation, *(one.organisation for one in known.values())} - {""})
    if chosen.person and chosen.person not in known:
        people.append((chosen.person, chosen.person))
    return [
        _menu(
            words.person,
            words.everybody,
            people,
            chosen.person,
            "filter-person",
            lambda value: choose(replace(chosen, person=value)),
        ),
        _menu(
            words.organisation,
            words.all_organisations,
            [(name, name) for name in names],
            chosen.organisation,
            "filter-organisation",
            lambda value: choose(replace(chosen, organisation=value)),
        ),
    ]


def _only(key: str, label: str, value: bool, choose: Callable[[bool], None]) -> ft.Control:
    return tick_row(key, label, value, choose)


def filter_in_words(opened: Opened) -> str:
    """Return what the feed is filtered by besides the region, which stands above the feed; empty for nothing."""
    words, chosen = opened.words, opened.feed.chosen
    form = opened.session.catalogue.newest(chosen.kind)
    parts = [form.title.within(opened.language)] if form else []
    if chosen.person:
        person = opened.feed.view.people.get(chosen.person) if opened.feed.view else None
        parts.append(called(person.name, opened.language) if person else words.feed.person)
    if chosen.organisation:
        parts.append(chosen.organisation)
    if chosen.review in list(ReviewState):
        parts.append(review_word(ReviewState(chosen.review), words))
    if chosen.disputed:
        parts.append(words.only_disputed.lower())
    if chosen.lacking:
        parts.append(words.feed.only_lacking.lower())
    if chosen.text:
        parts.append(words.feed.searched.format(text=chosen.text))
    for template, text in ((words.since_day, chosen.since), (words.until_day, chosen.until)):
        day = iso_date(text)
        if day:
            parts.append(template.format(day=short_date(day, opened.language)))
    return words.filtered.format(what=" · ".join(parts)) if parts else ""


def _regions(opened: Opened) -> list[tuple[str, str]]:
    identity = opened.session.identity
    if identity is None:
        return []
    own = [grant.region for grant in identity.grants]
    found = sorted(code for code in identity.regions if covered(code, own) and code not in own)
    return [(code, ("– " if level(code) is Level.VILLAGE else "") + identity.regions[code]) for code in found]


def _menu(
    label: str,
    everything: str,
    options: list[tuple[str, str]],
    value: str,
    key: str,
    choose: Callable[[str], None],
) -> ft.Control:
    shown = dict(options).get(value, everything)
    menu = ft.Dropdown(
        key=key,
        label=label,
        value=value or ALL,
        expand=True,
        menu_height=360,
        options=[ft.DropdownOption(key=code, text=name) for code, name in [(ALL, everything), *options]],
        on_select=lambda event: choose("" if event.control.value == ALL else event.control.value),
    )
    return ft.Semantics(label=f"{label}: {shown}", container=True, content=ft.Row(controls=[menu]))


def _day(opened: Opened, label: str, value: str, key: str, choose: Callable[[str], None]) -> ft.Control:
    day = iso_date(value)
    shown = short_date(day, opened.language) if day else opened.words.any_date

    def picked(path: str, answer: Json) -> None:
        del path
        choose(str(answer))

    reader = Reader(opened.words, opened.language, opened.session.region_name)
    return day_field(key, label, shown, value, reader, picked)
