"""What an activity shows of others that are the same event: with what it is counted, and who logged it, too."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from lumbung_client.session.gallery import captioned
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.activity_rows import entry_badges
from lumbung_client.ui.parts.layout import notice, section
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.parts.photo_question import Thumbnail
from lumbung_client.ui.texts.formats import named
from lumbung_shared.protocol import FeedEntry, Person

PHOTOS_SHOWN = 12


def joined_parts(opened: Opened, record: str) -> list[ft.Control]:
    """Return what an opened activity says of those that are one with it: as the loaded feed tells, else as this phone
    knows; nothing where there are none.
    """
    words, session, loaded = opened.words.doubles, opened.session, opened.feed.view
    told = next((one for one in loaded.entries if one.record == record), None) if loaded else None
    people = loaded.people if loaded else {}
    shown: list[ft.Control] = []
    stands = session.joined.stands(record)
    if stands != record:
        name = session.joined.name(stands) or words.no_title
        shown.append(notice(ft.Icons.JOIN_FULL, words.counted_with.format(name=name)))
        shown.append(ft.OutlinedButton(words.open_stands, key="open-stands", on_click=to(f"/umpan/{stands}")))
    found = (told.others if told else ()) or session.doubles.together(record)
    if not found:
        return shown
    shown.append(notice(ft.Icons.JOIN_FULL, words.also_counts))
    shown.append(section(words.also_title, [_other(opened, one, people) for one in found]))
    photos = [one for other in found for one in captioned(other.values)]
    if photos:
        shown.append(ft.Row(wrap=True, spacing=8, controls=[Thumbnail(*one) for one in photos[:PHOTOS_SHOWN]]))
    return shown


def also_by(opened: Opened, entry: FeedEntry, people: Mapping[str, Person]) -> str:
    """Return who else logged an activity of the feed, as a line; empty when nobody did."""
    names = dict.fromkeys(_author(opened, other, people) for other in entry.others)
    return opened.words.doubles.also_by.format(names=", ".join(names)) if names else ""


def _other(opened: Opened, other: FeedEntry, people: Mapping[str, Person]) -> ft.Control:
    headline = ft.Text(other.headline or opened.words.doubles.no_title, size=13)
    lines: list[ft.Control] = [headline, entry_badges(opened, other)]
    return ft.ListTile(
        key=f"also-{other.record}",
        leading=ft.Icon(ft.Icons.PERSON_OUTLINE),
        title=ft.Text(_author(opened, other, people)),
        subtitle=ft.Column(tight=True, spacing=2, controls=lines),
        content_padding=ft.Padding.symmetric(horizontal=4),
    )


def _author(opened: Opened, entry: FeedEntry, people: Mapping[str, Person]) -> str:
    person = people.get(entry.author)
    name = person.name if person else opened.session.doubles.author(entry)
    return named(name, entry.organisation, opened.language) if name else opened.words.doubles.unknown_author
