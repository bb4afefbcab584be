"""Limit guessing: counted in the database, so that several workers count together."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

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
    "login-here": 10,  # a login name from one address: who guesses elsewhere locks nobody out
    "login-name": 100,  # a login name from everywhere
    "second-step": 10,  # codes for one account, from whoever knows its password
    "reset-address": 60,
}
"""Failed attempts within a quarter of an hour. What succeeds is not counted."""
_IPV6_NETWORK = 64
"""Bits of an IPv6 address that one customer's addresses have in common."""


def of_enrolment(address: str, code: str) -> Mapping[str, str]:
    """Return what an attempt with a normalised code is counted for."""
    return {"enrol-address": network(address), "enrol-code": code[:4]}


def of_login(address: str, name: str) -> Mapping[str, str]:
    """Return what an attempt for a login name is counted for, the narrowest limit first."""
    near = network(address)
    return {"login-here": f"{near} {name}", "login-address": near, "login-name": name}


def of_second_step(login: str) -> Mapping[str, str]:
    """Return what an attempt with a code of the second step is counted for."""
    return {"second-step": login}


def of_reset(address: str) -> Mapping[str, str]:
    """Return what an attempt with the code of a reset link is counted for."""
    return {"reset-address": network(address)}


def network(address: str) -> str:
    """Return what of an address one household or office cannot change at will: of IPv6 the first half."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{found.exploded[:19]}::/{_IPV6_NETWORK}"


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
