"""The place up to which a phone has the news: opaque to it, and good for one epoch only."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.codec import Malformed, from_wire


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

    `witness`: what says how far that history had come; `again`: the phone starts over, and holds what it read before.
    """

    epoch: str
    marks: Mapping[str, Mapping[int, Mark]] = field(default_factory=dict)
    witness: str = ""
    again: bool = False

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
        text = json.dumps(plain, separators=(",", ":"), sort_keys=True)
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@dataclass(frozen=True)
class _Wire:
    epoch: str
    marks: Mapping[str, Mapping[str, tuple[int, int, int]]]
    witness: str = ""
    again: bool = False


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
    except (ValueError, binascii.Error, RecursionError, Malformed):
        return Cursor(epoch, again=bool(text))
    return Cursor(epoch, marks, wire.witness, wire.again) if wire.epoch == epoch else Cursor(epoch, again=True)


def _mark(*numbers: int) -> Mark:
    if not all(0 <= number <= MAX_INTEGER for number in numbers):
        raise ValueError("no counter stands there")
    return Mark(*numbers)
