"""What a screen must offer to a thumb and to a screen reader; pure, of one snapshot of the accessibility tree."""

from __future__ import annotations

from collections.abc import Sequence

from tests.e2e.semantics import Node

TARGET = 48
"""Height and width (CSS pixels) that a thumb hits: Material's and WCAG's recommendation."""
ROUNDED = 0.5


def faults(nodes: Sequence[Node], width: int, height: int) -> list[str]:
    """Return what is wrong with a screen: touch targets without a name, too small ones, ones beyond the side.

    What the upper or lower edge cuts can be scrolled to, and is looked at there.
    """
    found = []
    for node in nodes:
        inside = node.y >= -ROUNDED and node.y + node.height <= height + ROUNDED and node.width > 0 and node.height > 0
        if not (node.takes_taps and inside):
            continue
        said = node.name.splitlines()[0] if node.name else f"({node.role or 'target'} at {node.x:.0f}, {node.y:.0f})"
        if not node.name:
            found.append(f"{said} has no name")
        if node.height < TARGET - ROUNDED or node.width < TARGET - ROUNDED:
            found.append(f"{said} is {node.width:.0f} by {node.height:.0f}")
        if node.x < -ROUNDED or node.x + node.width > width + ROUNDED:
            found.append(f"{said} reaches beyond the side")
    return found
