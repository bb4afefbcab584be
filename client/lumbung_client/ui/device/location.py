"""One position of the phone, as the form stores it, or why there is none."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from enum import StrEnum

import flet_geolocator as geo

from lumbung_shared.canonical import Json

TIMEOUT_SECONDS = 20
ASKING_SECONDS = 60
"""How long a person may read what the phone asks, before the position counts as not found."""


class Unlocated(StrEnum):
    """Why there is no position, as far as it makes a difference to what the person can do."""

    DENIED = "denied"
    LATE = "late"
    OFF = "off"
    FAILED = "failed"


async def take_location(locator: geo.Geolocator) -> Json | Unlocated:
    """Return `{"lat", "lon", "accuracy"}` as decimals in text (accuracy in metres), or why no position was found."""
    await _ask(locator)
    try:
        position = await asyncio.wait_for(locator.get_current_position(), TIMEOUT_SECONDS)
    except TimeoutError:
        return Unlocated.LATE
    except Exception as error:  # noqa: BLE001 - the plugin tells what is wrong in words alone, and other ones everywhere
        return _reason(str(error))
    location = {"lat": f"{position.latitude:.6f}", "lon": f"{position.longitude:.6f}"}
    if position.accuracy is not None:
        location["accuracy"] = f"{position.accuracy:.0f}"
    return location


async def _ask(locator: geo.Geolocator) -> None:
    """Ask for the permission where the request for a position does not do so by itself.

    In browsers it does, and asking apart never returns.
    """
    if not locator.page.web:
        with suppress(Exception):  # whatever comes of it, the request for a position tells
            await asyncio.wait_for(locator.request_permission(), ASKING_SECONDS)


def _reason(told: str) -> Unlocated:
    said = told.lower()
    if "denied" in said or "permission" in said:
        return Unlocated.DENIED
    if "disabled" in said:
        return Unlocated.OFF
    return Unlocated.LATE if "time" in said and "out" in said else Unlocated.FAILED
