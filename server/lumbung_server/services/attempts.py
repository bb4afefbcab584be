"""Limit guessing: counted in the database, so that several workers count together."""

from __future__ import annotations

from collections.abc import Mapping

from lumbung_server.db.connections import Connection
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access
from lumbung_server.services.codes import secret_digest
from lumbung_shared.problems import Code

PERIOD_MS = 15 * 60_000
LIMITS: Mapping[str, int] = {
    "enrol-address": 60,  # a whole office may enrol behind one address
    "enrol-code": 10,  # per first four characters of the code
    "login-address": 60,
    "login-name": 10,
}
"""Failed attempts within a quarter of an hour. What succeeds is not counted."""


async def count(connection: Connection, what: Mapping[str, str], now: int) -> None:
    """Count an attempt before it is made. `what`: name of a limit to the value it is kept for. Raises Refusal."""
    period = now // PERIOD_MS
    for limit, value in what.items():
        if await access.count_attempt(connection, _key(limit, value), period) > LIMITS[limit]:
            wait_ms = (period + 1) * PERIOD_MS - now
            raise Refusal(Code.TOO_MANY_ATTEMPTS, retry_after=wait_ms // 1000 + 1)


async def forgive(connection: Connection, what: Mapping[str, str], now: int) -> None:
    """Take back an attempt that succeeded."""
    for limit, value in what.items():
        await access.count_attempt(connection, _key(limit, value), now // PERIOD_MS, by=-1)


def _key(limit: str, value: str) -> str:
    # Addresses and login names are personal: only their digest is kept.
    return f"{limit}:{secret_digest(value)[:32]}"
