"""The place up to which a phone has the news: opaque to it, and good for one epoch only."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.codec import Malformed, from_wire

OWN = "own"
"""The scope of a person's own records outside their regions, beside the codes of the regions."""


@dataclass(frozen=True)
class Mark:
    """How far one home's feed was read for one region.

    `at`: the last number read; `caught_up`: the last number at which nothing was left to read, 0 if that never
    happened; `fill`: the home's number when reading began: up to it, it is a first fill.
    """

    at: int
    caught_up: int
    fill: int


@dataclass(frozen=True)
class Cursor:
    """Marks by region and home. `epoch`: the history they belong to.

    `witness`: what says how far that history had come; `again`: the phone starts over, and holds what it read before;
    `offers`: the number of the last change of the offers of forms that it was told of, for the regions of the marks.
    """

    epoch: str
    marks: Mapping[str, Mapping[int, Mark]] = field(default_factory=dict)
    witness: str = ""
    again: bool = False
    offers: int = 0

    def encoded(self) -> str:
        """Return the cursor as phones keep it."""
        plain: dict[str, object] = {
            "epoch": self.epoch,
            "marks": {
                region: {str(home): [mark.at, mark.caught_up, mark.fill] for home, mark in homes.items()}
                for region, homes in self.marks.items()
            },
        }
        if self.witness:
            plain["witness"] = self.witness
        if self.again:
            plain["again"] = True
        if self.offers:
            plain["offers"] = self.offers
        text = json.dumps(plain, separators=(",", ":"), sort_keys=True)
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@dataclass(frozen=True)
class _Wire:
    epoch: str
    marks: Mapping[str, Mapping[str, tuple[int, int, int]]]
    witness: str = ""
    again: bool = False
    offers: int = 0


def read_cursor(text: str, epoch: str) -> Cursor:
    """Return the cursor a phone sent; one of another epoch or that cannot be read starts from the beginning."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        plain: Json = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        wire = from_wire(_Wire, plain)
        marks = {
            region: {int(home): _mark(*numbers) for home, numbers in homes.items()}
            for region, homes in wire.marks.items()
        }
        known = Cursor(wire.epoch, marks, wire.witness, wire.again, _number(wire.offers))
    except (ValueError, binascii.Error, RecursionError, Malformed):
        return Cursor(epoch, again=bool(text))
    return known if wire.epoch == epoch else Cursor(epoch, again=True)


def _mark(*numbers: int) -> Mark:
    return Mark(*map(_number, numbers))


def _number(number: int) -> int:
    if not 0 <= number <= MAX_INTEGER:
        raise ValueError("no counter stands there")
    return number
