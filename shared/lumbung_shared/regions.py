"""Region codes of Kemendagri and what follows from their shape alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

_CODE = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", re.ASCII)


class Level(IntEnum):
    """Depth of a region in the tree."""

    PROVINCE = 1
    REGENCY = 2  # kabupaten or kota
    DISTRICT = 3  # kecamatan
    VILLAGE = 4  # desa or kelurahan


@dataclass(frozen=True)
class Region:
    """One node of the region tree: `64.74.01.1003`, `Lok Tuan`. `valid_to` and `successor` are empty while in force."""

    code: str
    name: str
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""


def is_region_code(text: str) -> bool:
    """Tell whether the text has the form of a Kemendagri code (`64`, `64.74`, `64.74.01`, `64.74.01.1003`)."""
    return _CODE.fullmatch(text) is not None


def level(code: str) -> Level:
    """Return the depth of a region code."""
    return Level(code.count(".") + 1)


def parent(code: str) -> str:
    """Return the code one level up, or empty text for a province."""
    return code.rpartition(".")[0]


def cut(code: str, depth: Level) -> str:
    """Return the region at a depth that `code` lies in or is, empty text when it stands higher."""
    parts = code.split(".")
    return ".".join(parts[:depth]) if len(parts) >= depth else ""


def is_within(code: str, ancestor: str) -> bool:
    """Tell whether `code` is `ancestor` or one of its descendants."""
    return code == ancestor or code.startswith(ancestor + ".")


def home_region(code: str) -> str:
    """Return the region whose counter orders a record made in `code`: its kabupaten/kota, or the province itself."""
    return ".".join(code.split(".")[:2])


def is_desa(code: str) -> bool:
    """Tell whether a village code is a desa (2xxx) and not a kelurahan (1xxx), as Kemendagri numbers them."""
    return level(code) is Level.VILLAGE and code.rpartition(".")[2].startswith("2")


def lineage(code: str) -> tuple[str, ...]:
    """Return the codes from the province down to `code` itself."""
    parts = code.split(".")
    return tuple(".".join(parts[: depth + 1]) for depth in range(len(parts)))


def covered(code: str, prefixes: Iterable[str]) -> bool:
    """Tell whether any of the regions covers `code`."""
    return any(is_within(code, prefix) for prefix in prefixes)
