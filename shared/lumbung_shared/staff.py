"""The messages by which coordinators look after the people of their region: who there is, on which phones."""

from __future__ import annotations

from dataclasses import dataclass

from lumbung_shared.protocol import Grant, Person


@dataclass(frozen=True)
class KnownDevice:
    """A phone or browser that was let in. `since`, `seen`, `revoked`: ms since 1970, 0 for one that is not revoked.

    `name` and `app`: what it says of itself. `handover`: until when it may hand over what it had not sent, ms, or 0.
    """

    id: str
    since: int
    seen: int
    name: str = ""
    app: str = ""
    revoked: int = 0
    handover: int = 0


@dataclass(frozen=True)
class Member:
    """A person of the caller's regions, with the roles they hold there and their devices.

    `revocable`: the caller may withdraw the permission of their devices; `invitable`: may make a code for them.
    """

    person: Person
    grants: tuple[Grant, ...] = ()
    devices: tuple[KnownDevice, ...] = ()
    revocable: bool = False
    invitable: bool = False


@dataclass(frozen=True)
class MemberPage:
    """People by their id. `next`: send it as `after` for the following page; empty at the end."""

    members: tuple[Member, ...]
    next: str = ""


@dataclass(frozen=True)
class RevokeRequest:
    """A coordinator withdraws the permission of a device, and with it every code of its person that is still unused."""

    device: str


@dataclass(frozen=True)
class InviteRequest:
    """A coordinator asks for a code that lets a phone in as a person, by their id."""

    person: str


@dataclass(frozen=True)
class Invitation:
    """A code, shown once; the link that opens the app with it; and until when it is good, ms since 1970."""

    code: str
    link: str
    expires: int
