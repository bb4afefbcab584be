"""Decide what is remembered of what a phone says it holds. Pure: it is kept and told, and nothing is decided by it."""

from __future__ import annotations

import json
from dataclasses import replace

from lumbung_server.refusal import Refusal
from lumbung_server.repositories.access import Device
from lumbung_shared.canonical import MAX_INTEGER
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Standing


def check_standing(told: Standing | None) -> None:
    """Refuse numbers beyond every bound. Raises Refusal: body-malformed."""
    if told is None:
        return
    counts = vars(replace(told, free=max(told.free, 0))).values()
    if not all(0 <= number <= MAX_INTEGER for number in counts) or told.free < -1:
        raise Refusal(Code.BODY_MALFORMED, "standing")


def is_news(told: Standing | None, device: Device) -> bool:
    """Tell whether a phone says something else than is known. How much room it has changes with every sync: that alone
    can wait for the hour in which the device is noted anyway."""
    if told is None:
        return False
    known = standing_of(device)
    return known is None or replace(told, free=0) != replace(known, free=0)


def standing_text(told: Standing) -> str:
    """Return what a phone says as it is stored."""
    return json.dumps(to_wire(told), separators=(",", ":"))


def standing_of(device: Device) -> Standing | None:
    """Return what a device said that it holds; None when it did not, or when a later version stored it otherwise."""
    if device.standing is None:
        return None
    try:
        return from_wire(Standing, json.loads(device.standing))
    except (ValueError, Malformed):
        return None
