"""One position of the phone, as the form stores it."""

from __future__ import annotations

import asyncio

import flet_geolocator as geo

from lumbung_shared.canonical import Json

TIMEOUT_SECONDS = 20
ASKING_SECONDS = 60
"""How long a person may read what the phone asks, before the position counts as not found."""


async def take_location(locator: geo.Geolocator) -> Json:
    """Return `{"lat", "lon", "accuracy"}` as decimals in text, or None when no position was found in time.

    A browser asks for the permission when it is asked for the position; asking apart never returns there. A phone's
    own system gives no position before the permission was asked for.
    """
    try:
        if not locator.page.web:
            await asyncio.wait_for(locator.request_permission(), ASKING_SECONDS)
        position = await asyncio.wait_for(locator.get_current_position(), TIMEOUT_SECONDS)
    except Exception:  # noqa: BLE001 - refused, no sensor, no signal, time-out: the same answer for the person
        return None
    location = {"lat": f"{position.latitude:.6f}", "lon": f"{position.longitude:.6f}"}
    if position.accuracy is not None:
        location["accuracy"] = f"{position.accuracy:.0f}"
    return location
