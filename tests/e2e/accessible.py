"""What a screen must offer to a thumb, to a screen reader and to eyes in the sun.

Pure, of one snapshot of the accessibility tree, and a picture taken at the same time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from PIL import Image, ImageChops

from tests.contrast import SHAPE, TEXT, Colour, contrast
from tests.e2e.semantics import Node

TARGET = 48
"""Height and width (CSS pixels) that a thumb hits: Material's and WCAG's recommendation."""
ROUNDED = 0.5
OVER = frozenset({"dialog", "alertdialog", "menu"})
"""Roles of what lies over a screen, which is not told of meanwhile."""
ICON = 60
"""Up to this height and width (CSS pixels) a target without a line of text in it is an icon: a shape, not a text."""
LETTERS = 4
"""Fewer separate shapes side by side are no writing: the corners of a button, a bar, an icon beside either."""
LINE = 6
"""Lower than this (CSS pixels) is no line of text but a rule, or what an edge left of one."""


def faults(nodes: Sequence[Node], width: int, height: int) -> list[str]:
    """Return what is wrong with a screen: touch targets without a name, too small ones, what goes beyond the side.

    What an edge cuts can be scrolled to, and is looked at there. A screen has a heading; what lies over one needs none.
    """
    found = []
    for node in nodes:
        if not _is_within(node, height) or not (node.takes_taps or node.name):
            continue
        said = node.name.splitlines()[0] if node.name else f"({node.role or 'target'} at {node.x:.0f}, {node.y:.0f})"
        if node.takes_taps and not node.name:
            found.append(f"{said} has no name")
        if node.takes_taps and not node.cut and min(node.height, node.width) < TARGET - ROUNDED:
            found.append(f"{said} is {node.width:.0f} by {node.height:.0f}")
        if node.x < -ROUNDED or node.x + node.width > width + ROUNDED:
            found.append(f"{said} reaches beyond the side")
    if not any(node.heading or node.role in OVER for node in nodes):
        found.append("no heading")
    return found


def _is_within(node: Node, height: int) -> bool:
    """Tell whether all of a node is between the upper and the lower edge of the screen."""
    return node.y >= -ROUNDED and node.y + node.height <= height + ROUNDED and node.width > 0 and node.height > 0


def faint(nodes: Sequence[Node], picture: Image.Image, scale: float) -> list[str]:
    """Return what is written too faintly to be read, by WCAG's AA. `scale`: the picture's pixels per CSS pixel.

    Each line within the rectangle of a node has a ground, the colour that most of it is of, and an ink, the colour
    farthest from that. At twice the usual density some pixel of each letter is drawn in full. What cannot be used
    now is left out, as WCAG does, and pictures.
    """
    found = []
    seen = picture.convert("RGB")
    for node in nodes:
        if not node.name or node.disabled or node.role == "img" or _holds_others(node, nodes):
            continue
        least = SHAPE if _is_icon(node) else TEXT
        lines = (line for line in _lines(seen, node, scale) if _is_icon(node) or _has_letters(line))
        reached = [ratio for line in lines if (ratio := _contrast(line)) > 1]
        if reached and min(reached) < least:
            found.append(f"{node.name.splitlines()[0]} has a contrast of {min(reached):.2f}")
    return found


def _is_icon(node: Node) -> bool:
    return node.takes_taps and node.width <= ICON and node.height <= ICON


def _holds_others(node: Node, nodes: Sequence[Node]) -> bool:
    """Tell whether other named nodes lie in a node: what is written there is theirs."""
    return any(
        other.name
        and other.width * other.height < node.width * node.height
        and other.width > 0
        and node.x <= other.x
        and node.y <= other.y
        and other.x + other.width <= node.x + node.width
        and other.y + other.height <= node.y + node.height
        for other in nodes
    )


def _lines(picture: Image.Image, node: Node, scale: float) -> Iterator[Image.Image]:
    """Yield the lines of a node, cut out of the picture: rows of pixels of several colours between plain ones."""
    left, top = max(0, round(node.x * scale)), max(0, round(node.y * scale))
    right = min(picture.width, round((node.x + node.width) * scale))
    bottom = min(picture.height, round((node.y + node.height) * scale))
    if right - left < LINE or bottom - top < LINE:
        return
    box = picture.crop((left, top, right, bottom))
    begun: int | None = None
    for row in range(box.height + 1):
        plain = row == box.height or len(box.crop((0, row, box.width, row + 1)).getcolors(box.width) or ()) <= 1
        if not plain and begun is None:
            begun = row
        elif plain and begun is not None:
            if row - begun >= LINE * scale:
                yield box.crop((0, begun, box.width, row))
            begun = None


def _has_letters(band: Image.Image) -> bool:
    """Tell whether anything is written there: between letters are gaps, more than in bars, edges and round corners."""
    ground = _colours(band)[0][0]
    differs = ImageChops.difference(band, Image.new("RGB", band.size, ground)).convert("L").point(lambda it: it and 255)
    inked = [differs.crop((x, 0, x + 1, band.height)).getbbox() is not None for x in range(band.width)]
    letters = sum(now and not before for before, now in pairwise([False, *inked]))
    return letters >= LETTERS


def _colours(band: Image.Image) -> list[tuple[Colour, int]]:
    """Return the colours of a line and how many pixels each has, the most frequent first."""
    counted: Counter[Colour] = Counter()
    for number, colour in band.getcolors(band.width * band.height) or ():
        if isinstance(colour, tuple):
            counted[(colour[0], colour[1], colour[2])] += number
    return counted.most_common()


def _contrast(band: Image.Image) -> float:
    """Return the contrast of a line's ink with its ground."""
    (ground, _), *inks = _colours(band)
    return max((contrast(ground, ink) for ink, _ in inks), default=1.0)
