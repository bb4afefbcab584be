"""*Kegiatan ganda*: pairs that may be the same event beside each other, and what was decided of others."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.doubles import Decided, Pair
from lumbung_client.session.gallery import captioned
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import day_text, entry_badges, kind_title
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.layout import centred, empty_place, notice, section
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.photo_question import Thumbnail
from lumbung_client.ui.parts.region_choice import region_choice
from lumbung_client.ui.parts.told_last import refresh_button, refused
from lumbung_client.ui.safe import say, screen, start
from lumbung_client.ui.texts.formats import named
from lumbung_shared.answers import is_blank
from lumbung_shared.joining import Same
from lumbung_shared.protocol import FeedEntry

DOUBLES = "/umpan/meja/ganda"
WIDTH = 960
"""As wide (px) as the two of a pair get beside each other."""
SHOWN = 20
"""Pairs, and decisions, that are drawn at first, and more of at a tap."""
PHOTOS_SHOWN = 3
_COMPARED = ("rt", "place", "participants", "partners", "partners_other")


@screen
def Doubles() -> ft.View:  # noqa: N802
    """Draw the pairs, newest first, then what was decided."""
    opened, page = use_model(), ft.context.page
    words, doubles = opened.words.doubles, opened.session.doubles
    region, set_region = ft.use_state("")
    shown, set_shown = ft.use_state(SHOWN)
    ft.use_effect(lambda: start(page, doubles.load, region), [region])
    pairs, decided = doubles.pairs, doubles.decided()
    rows: list[ft.Control] = [ft.ProgressBar()] if doubles.busy else []
    rows += [ft.Text(words.how, size=13), *region_choice(opened, region, set_region)]
    rows += refused(opened, doubles.failure, doubles.load, region)
    if doubles.offline:
        rows.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, words.offline))
    if pairs:
        rows.append(ft.Text(words.found.format(n=len(pairs)), weight=ft.FontWeight.W_500))
        rows += [_pair(opened, pair) for pair in pairs[:shown]]
    elif not doubles.busy and not doubles.failure:
        rows.append(empty_place(ft.Icons.JOIN_FULL, words.none, words.none_help))
    if decided:
        rows.append(section(words.decided_title, [_decided(opened, one) for one in decided[:shown]]))
    if max(len(pairs), len(decided)) > shown:
        more = ft.OutlinedButton(words.more, key="more", on_click=lambda: set_shown(lambda count: count + SHOWN))
        rows.append(more)
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(words.title, refresh_button(opened, "doubles", doubles.load, region, busy=doubles.busy)),
        controls=[centred(ft.ListView(expand=True, padding=ft.Padding.all(16), spacing=16, controls=rows), WIDTH)],
    )


def _pair(opened: Opened, pair: Pair) -> ft.Control:
    """Return two activities beside each other, below each other on a phone, and what can be said of them."""
    words, page, doubles = opened.words.doubles, ft.context.page, opened.session.doubles

    def keep_apart() -> None:
        doubles.keep_apart(pair)
        say(page, words.apart_said)

    place = opened.session.region_name(pair.one.region)
    about = f"{kind_title(opened, pair.one.kind)} · {place}"
    column = ft.Column(
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[
            ft.Text(about, weight=ft.FontWeight.W_600, color=ft.Colors.PRIMARY),
            ft.Text(_signs(opened, pair), size=13),
            ft.ResponsiveRow(
                spacing=12, run_spacing=12, controls=[_side(opened, pair, one) for one in (pair.one, pair.other)]
            ),
            ft.TextButton(
                words.not_one,
                key=f"apart-{pair.one.record}-{pair.other.record}",
                icon=ft.Icons.CALL_SPLIT,
                on_click=keep_apart,
            ),
        ],
    )
    return ft.Card(
        key=f"pair-{pair.one.record}-{pair.other.record}",
        margin=0,
        variant=ft.CardVariant.OUTLINED,
        content=ft.Container(padding=16, content=column),
    )


def _signs(opened: Opened, pair: Pair) -> str:
    words = opened.words.doubles
    found = (str(getattr(words, f"sign_{sign.replace('-', '_')}", sign)) for sign in pair.signs)
    return f"{words.signs.format(signs=', '.join(found))}. {words.choose}"


def _side(opened: Opened, pair: Pair, entry: FeedEntry) -> ft.Control:
    """Return one of a pair, with the button by which its numbers count for both."""
    words, page, doubles = opened.words.doubles, ft.context.page, opened.session.doubles

    def join() -> None:
        doubles.join(pair, entry.record)
        say(page, words.joined_said)

    name = doubles.author(entry)
    lines = [named(name, entry.organisation, opened.language) if name else words.unknown_author]
    lines.append(day_text(entry.date, opened.language, opened.words))
    parts: list[ft.Control] = [ft.Text(entry.headline or words.no_title, size=16, weight=ft.FontWeight.W_500)]
    parts += [ft.Text(line, size=13) for line in [*lines, *_answers(opened, entry)]]
    parts.append(entry_badges(opened, entry))
    photos = list(captioned(entry.values))
    if photos:
        parts.append(ft.Row(wrap=True, spacing=8, controls=[Thumbnail(*one) for one in photos[:PHOTOS_SHOWN]]))
    parts.append(
        ft.FilledTonalButton(words.use_these, key=f"join-{entry.record}-{_beside(pair, entry)}", on_click=join)
    )
    return ft.Container(
        col={"xs": 12, "md": 6},
        padding=12,
        border_radius=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        content=ft.Column(spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=parts),
    )


def _beside(pair: Pair, entry: FeedEntry) -> str:
    return pair.other.record if entry.record == pair.one.record else pair.one.record


def _answers(opened: Opened, entry: FeedEntry) -> list[str]:
    """Return the answers by which people tell two events apart, each with its question."""
    form = opened.session.catalogue.form(entry.kind, entry.form)
    reader = Reader(opened.words, opened.language, opened.session.region_name)
    asked = [form.by_name[name] for name in _COMPARED if name in form.by_name] if form else []
    return [
        f"{item.label.within(opened.language)}: {reader.read(item, value)}"
        for item in asked
        if not is_blank(value := entry.values.get(item.name))
    ]


def _decided(opened: Opened, one: Decided) -> ft.Control:
    words, page, doubles = opened.words.doubles, ft.context.page, opened.session.doubles
    is_one = one.verdict is Same.ONE

    def part() -> None:
        doubles.part(one.joinings)
        say(page, words.parted_said)

    line = words.one_line if is_one else words.different_line
    stands, counted = (name or words.no_title for _, name in (one.stands, one.counted))
    return ft.Column(
        spacing=4,
        horizontal_alignment=ft.CrossAxisAlignment.START,
        controls=[
            ft.Row(
                spacing=12,
                vertical_alignment=ft.CrossAxisAlignment.START,
                controls=[
                    ft.Icon(ft.Icons.JOIN_FULL if is_one else ft.Icons.CALL_SPLIT, size=20),
                    ft.Text(line.format(stands=stands, counted=counted), expand=True),
                ],
            ),
            ft.TextButton(words.part if is_one else words.propose_again, key=f"part-{one.joinings[0]}", on_click=part),
        ],
    )
