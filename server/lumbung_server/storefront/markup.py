"""HTML that cannot be broken by what people wrote: texts are escaped, only what this module made is not."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final, TypeAlias

_VOID: Final = frozenset({"img", "link", "meta"})


class Markup:
    """A piece of a page whose texts are escaped already."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


Piece: TypeAlias = Markup | str
"""What stands within an element: a piece of a page, or a text."""


def tag(name: str, *within: Piece | Iterable[Piece], **attributes: str | int) -> Markup:
    """Return an element. Attributes: `_` at the end of a name falls away, within it stands for a hyphen."""
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{''.join(map(_text, within))}</{name}>")


def document(root: Markup) -> bytes:
    """Return the bytes of a page."""
    return f"<!doctype html>\n{root.text}\n".encode()


def _text(piece: Piece | Iterable[Piece]) -> str:
    if isinstance(piece, Markup):
        return piece.text
    if isinstance(piece, str):
        return escape(piece)
    return "".join(map(_text, piece))
