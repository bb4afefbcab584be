"""Decide who is calling: a device token leads to a person and what they may do where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lumbung_server.db.connections import glancing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.services.codes import secret_digest
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant, Role
from lumbung_shared.regions import covered


@dataclass(frozen=True)
class Caller:
    """A person on a device. `held`: as `held_at` says of the moment of the request, with grants that have ended."""

    person: str
    device: Device
    held: tuple[HeldGrant, ...]

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What the person may do now."""
        return current(self.held)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The subtrees the person may see: granted regions that no other one contains."""
        return outermost(grant.region for grant in self.grants)

    @property
    def coordinated(self) -> tuple[str, ...]:
        """The subtrees in which the person is a coordinator."""
        return outermost(grant.region for grant in self.grants if grant.role != Role.CADRE)


def held_at(stored: Iterable[HeldGrant], now: int) -> tuple[HeldGrant, ...]:
    """Return the grants that have begun at a moment (ms), without the ends that are still to come.

    The one place where days to come matter: behind it, a grant without an end is held, and every other one was.
    """
    begun = (one for one in stored if one.valid_from <= now)
    return tuple(replace(one, valid_to=None) if (one.valid_to or 0) > now else one for one in begun)


def current(held: Iterable[HeldGrant]) -> tuple[Grant, ...]:
    """Return the grants that have not ended."""
    return tuple(Grant(one.region, one.role, one.version) for one in held if one.valid_to is None)


def outermost(regions: Iterable[str]) -> tuple[str, ...]:
    """Return the regions that are not within another of them, by code."""
    kept: list[str] = []
    for region in sorted(set(regions)):
        if not covered(region, kept):
            kept.append(region)
    return tuple(kept)


def covered_then(held: Sequence[HeldGrant], region: str, at: int, version: int, *, coordinating: bool = False) -> bool:
    """Tell whether a grant covered a region as far as who made a write there could know.

    `at`: when it was made, ms; `version`: the highest of the grants that the phone held then, 0 where it does not say;
    `coordinating`: a cadre's grant is not enough.
    A phone is always told all grants at once: so one that held a grant which began when another had ended, knew of that
    end; and one that held none of those which began since, held the ended one still.
    """
    return any(
        covered(region, [one.region])
        and not (coordinating and one.role == Role.CADRE)
        and _held_then(one, held, at, version)
        for one in held
    )


def _held_then(one: HeldGrant, held: Iterable[HeldGrant], at: int, version: int) -> bool:
    ended = one.valid_to
    if ended is None:
        return True
    since = [other.version for other in held if other.valid_from >= ended and other.version > one.version]
    if any(newer <= version for newer in since):
        return False
    return at <= ended or (one.version <= version and bool(since))


async def holder_of(site: Site, token: str) -> tuple[Device, tuple[HeldGrant, ...]]:
    """Return the device that got a token, whether or not it may still be used, and what its person holds or held.

    Raises Refusal: missing or unknown.
    """
    if not token:
        raise Refusal(Code.TOKEN_MISSING)
    return await _holder_with(site, secret_digest(token))


async def _holder_with(site: Site, digest: str) -> tuple[Device, tuple[HeldGrant, ...]]:
    async with glancing(site.engine) as connection:
        found = await access.holder_of(connection, digest)
    if found is None:
        raise Refusal(Code.TOKEN_UNKNOWN)
    return found


async def caller_of(site: Site, token: str) -> Caller:
    """Return who holds a device token. Raises Refusal: missing, unknown, revoked or expired."""
    if not token:
        raise Refusal(Code.TOKEN_MISSING)
    return await caller_with(site, secret_digest(token))


async def caller_with(site: Site, digest: str) -> Caller:
    """Return who holds the token that has a digest. Raises Refusal: unknown, revoked or expired."""
    device, held = await _holder_with(site, digest)
    if device.revoked_at is not None:
        raise Refusal(Code.TOKEN_REVOKED)
    now = site.now()
    if device.expires_at <= now:
        raise Refusal(Code.TOKEN_EXPIRED)
    return Caller(device.person, device, held_at(held, now))
