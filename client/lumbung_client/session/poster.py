"""A picture of a few lines and a code, laid out in px: platforms only have to draw what stands where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 720
MARGIN = 48
_LINE = 1.4
"""Height of a line, in sizes of its letters."""
_LETTER = 0.56
"""So wide is a letter at most, on average, in sizes: where a line is broken nothing is cut off at the side."""


@dataclass(frozen=True)
class Square:
    """A black square; `x` and `y`: of its upper left corner."""

    x: int
    y: int
    side: int


@dataclass(frozen=True)
class Line:
    """A line of black text; `x` and `y`: of the upper left corner of its first letter; `size`: of the letters."""

    text: str
    x: int
    y: int
    size: int


@dataclass(frozen=True)
class Poster:
    """A white picture with what is drawn on it."""

    width: int
    height: int
    lines: tuple[Line, ...]
    squares: tuple[Square, ...]


def laid_out(head: Sequence[tuple[str, int]], code: Sequence[Sequence[int]], foot: Sequence[tuple[str, int]]) -> Poster:
    """Return a picture with texts above a code and below it, each with the size of its letters.

    `code`: rows of modules, dark ones not 0, without the white around them.
    """
    lines, top = _set(head, MARGIN)
    side = (WIDTH - 2 * MARGIN) // (len(code) + 8)
    left = (WIDTH - side * len(code)) // 2
    top += 4 * side
    squares = tuple(
        Square(left + across * side, top + down * side, side)
        for down, row in enumerate(code)
        for across, module in enumerate(row)
        if module
    )
    below, bottom = _set(foot, top + (len(code) + 4) * side)
    return Poster(WIDTH, bottom + MARGIN, (*lines, *below), squares)


def _set(texts: Iterable[tuple[str, int]], top: int) -> tuple[list[Line], int]:
    """Return the lines of texts below each other, from a height on, and where they end."""
    lines: list[Line] = []
    for text, size in texts:
        for part in broken(text, int((WIDTH - 2 * MARGIN) / (size * _LETTER))):
            lines.append(Line(part, MARGIN, top, size))
            top += round(size * _LINE)
    return lines, top


def broken(text: str, most: int) -> list[str]:
    """Return a text in lines of at most so many letters, broken between words, or within one that is longer."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) < most or not lines[-1]:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
        while len(lines[-1]) > most:
            lines[-1:] = [lines[-1][:most], lines[-1][most:]]
    return lines
