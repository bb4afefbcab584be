"""A long form is drawn in two steps: what fits on a phone at once, then, before anybody can scroll there, the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import flet as ft

from lumbung_shared.forms import Field, FieldType

ON_A_SCREEN = 8
"""More questions than a phone shows at once; a tablet is as fast as it is tall."""


def use_first_questions(record: str) -> Callable[[Sequence[Field], Collection[str]], Sequence[Field]]:
    """Return what says which fields of a form to draw now; call it inside a screen only.

    Once the first have gone to the screen, the form is drawn again with all of them. `record`: whose form it is.
    """
    whole, set_whole = ft.use_state("")
    ft.use_effect(lambda: set_whole(record), [record])
    return (lambda fields, _: fields) if whole == record else _first


def _first(fields: Sequence[Field], hidden: Collection[str]) -> Sequence[Field]:
    return _first_of(fields, hidden, ON_A_SCREEN)[0]


def _first_of(fields: Sequence[Field], hidden: Collection[str], room: int) -> tuple[list[Field], int]:
    """Return the fields that have room, a group with those of its own that have, and how much room is left."""
    first = list[Field]()
    for item in fields:
        if room <= 0:
            break
        if item.name in hidden:
            continue
        if item.type == FieldType.GROUP:
            inside, room = _first_of(item.fields, hidden, room)
            first.append(replace(item, fields=tuple(inside)))
        else:
            first.append(item)
            room -= 1
    return first, room
