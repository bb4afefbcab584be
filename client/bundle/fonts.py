"""Decide which signs of the icon fonts ship: those that code or forms may name, and those that Flutter itself draws.

Flet's client looks an icon up by its place in a list. That list, and what else Flutter's code refers to, is read from
the compiled program; if it does not look as expected, the build fails here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from bundle.errors import BundleError

MATERIAL, CUPERTINO = "MaterialIcons", "CupertinoIcons"
FONTS = {
    "assets/fonts/MaterialIcons-Regular.otf": MATERIAL,
    "assets/packages/cupertino_icons/assets/CupertinoIcons.ttf": CUPERTINO,
}
LIST_AT_LEAST = 500
PLACE_BITS = 0xFFFF
STYLES = ("_OUTLINED", "_ROUNDED", "_SHARP")

_CONSTANT = re.compile(r'B\.(\w+)=new A\.\w+\((\d+),"(MaterialIcons|CupertinoIcons)"[^\n]*\n')
_LIST = re.compile(rf"\[(?:B\.\w+,){{{LIST_AT_LEAST},}}B\.\w+\]")
_REFERENCE = re.compile(r"\bB\.(\w+)")
_NAMED = re.compile(r"\bIcons\.([A-Z][A-Z0-9_]*)")


@dataclass(frozen=True)
class Icons:
    """What the compiled program knows of icons: code points by place in Flet's list, and those Flutter itself draws."""

    material: tuple[int | None, ...]
    by_itself: dict[str, frozenset[int]]

    def code_point(self, value: int) -> int | None:
        """The code point of the icon that has this number in Flet; None where the program does not say."""
        place = value & PLACE_BITS
        return self.material[place] if place < len(self.material) else None


def icons_of(program: str) -> Icons:
    """Read the icons out of `main.dart.js`. Raises BundleError when they are not found."""
    constants = {name: (family, int(code)) for name, code, family in _CONSTANT.findall(program)}
    lists = [_REFERENCE.findall(found) for found in _LIST.findall(program)]
    of_icons = [one for one in lists if sum(name in constants for name in one) > len(one) * 0.9]
    material = [one for one in of_icons if constants.get(one[0], ("",))[0] == MATERIAL]
    if len(material) != 1 or len(of_icons) != len(FONTS):
        raise BundleError("main.dart.js: Flet's lists of icons do not look as expected")
    rest = _LIST.sub("", _CONSTANT.sub("\n", program))
    drawn = {constants[name] for name in set(_REFERENCE.findall(rest)) if name in constants}
    by_itself = {family: frozenset(code for owner, code in drawn if owner == family) for family in FONTS.values()}
    return Icons(tuple(constants[name][1] if name in constants else None for name in material[0]), by_itself)


def named_icons(folders: Iterable[Path]) -> frozenset[str]:
    """The icons that Python code below the folders names."""
    sources = [path.read_text("utf-8") for folder in folders for path in sorted(folder.rglob("*.py"))]
    return frozenset(name for source in sources for name in _NAMED.findall(source))


def offered(icons: Icons, named: Iterable[str]) -> dict[str, int]:
    """The icons that the phone knows by name, with Flet's number of each: those named in code, and all without a style.

    A form that is published later may name any of these; a style that is not here is drawn as the icon of last resort.
    Raises BundleError for an icon that code names and the program does not hold.
    """
    import flet

    wanted = set(named)
    found: dict[str, int] = {}
    for name in sorted(wanted | {name for name in dir(flet.Icons) if not name.endswith(STYLES)}):
        value: int = getattr(flet.Icons, name).value
        if icons.code_point(value) is not None:
            found[name] = value
        elif name in wanted:
            raise BundleError(f"Flet does not list the icon {name}: choose another, or mend client/bundle/fonts.py")
    return found


def code_points(icons: Icons, values: Iterable[int]) -> frozenset[int]:
    """The signs of the font of Material icons that have to be there for icons of these numbers."""
    codes = (icons.code_point(value) for value in values)
    return icons.by_itself[MATERIAL] | {code for code in codes if code is not None}


def only(font: bytes, wanted: frozenset[int]) -> bytes:
    """The font with these signs only; those that it does not have are left to it."""
    opened = TTFont(io.BytesIO(font), recalcTimestamp=False)
    chosen = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[1, 2, 4, 6])
    cutter = subset.Subsetter(chosen)
    cutter.populate(unicodes=[ord(" "), *sorted(wanted)])
    cutter.subset(opened)
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()
