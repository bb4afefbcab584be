"""Contrast of colours as WCAG 2 defines it. Pure."""

from __future__ import annotations

from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, each from 0 to 255."""

TEXT, SHAPE = 4.5, 3.0
"""The least contrast of WCAG's AA: of text of any size, and of what must be seen to be understood."""


def of_hex(colour: str) -> Colour:
    """Return what `#rrggbb` means."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Return the relative luminance, from 0 (black) to 1 (white)."""
    parts = (part / 255 for part in colour)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(ground: Colour, ink: Colour, share: float) -> Colour:
    """Return what a translucent colour makes of a ground. `share`: of the ink, from 0 to 1."""
    red, green, blue = (round(below * (1 - share) + above * share) for below, above in zip(ground, ink, strict=True))
    return red, green, blue
