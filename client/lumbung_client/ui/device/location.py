"""One position of the phone, as the form stores it."""

from __future__ import annotations

import asyncio

import flet_geolocator as geo

from lumbung_shared.canonical import Json

TIMEOUT_SECONDS = 20


async def take_location(locator: geo.Geolocator) -> Json:
    """Return `{"lat", "lon", "accuracy"}` as decimals in text, or None when no position was found in time.

    The permission is asked for by the position request itself; asking apart never returns in browsers.
    """
    try:
        position = await asyncio.wait_for(locator.get_current_position(), TIMEOUT_SECONDS)
    except Exception:  # noqa: BLE001 - refused, no sensor, no signal, time-out: the same answer for the person
        return None
    location = {"lat": f"{position.latitude:.6f}", "lon": f"{position.longitude:.6f}"}
    if position.accuracy is not None:
        location["accuracy"] = f"{position.accuracy:.0f}"
    return location
