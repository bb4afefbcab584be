"""Take down who did what as an administrator or coordinator, in the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.repositories import audit
from lumbung_server.repositories.audit import AuditEntry
from lumbung_server.services.site import Site

Details: TypeAlias = Mapping[str, str | int]


class AuditAct(StrEnum):
    """What is taken down, besides the acts of an import. Stable: never renamed, never reused."""

    INVITE = "invite"
    REVOKE = "revoke"
    ALLOW_HANDOVER = "allow-handover"
    HAND_OVER = "hand-over"
    RELEASE_HANDOVER = "release-handover"
    DISCARD_HANDOVER = "discard-handover"
    RENAME_ORGANISATION = "rename-organisation"
    PUBLISH_FORM = "publish-form"
    WITHDRAW_FORM = "withdraw-form"
    EXPORT = "export"
    ADD_ACCOUNT = "add-account"
    RESET_LINK = "reset-link"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - an act, no password
    CHANGE_PASSWORD = "change-password"  # noqa: S105
    TOTP_ON = "totp-on"
    TOTP_OFF = "totp-off"
    END_SESSION = "end-session"
    SIGN_OUT_EVERYWHERE = "sign-out-everywhere"
    BACKUP = "backup"
    RESTORE = "restore"
    RECONCILE = "reconcile"
    PERSON_DATA = "person-data"
    ERASE_PERSON = "erase-person"
    ERASE_RECORD = "erase-record"


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in the app, or an account of the system at the command line."""

    person: str = ""
    account: str = ""


async def note(
    connection: Connection,
    site: Site,
    actor: Actor,
    act: AuditAct,
    *,
    about: str = "",
    region: str = "",
    details: Details | None = None,
) -> None:
    """Add an act to the log. `about`: the person it concerns; `details`: never a secret."""
    entry = AuditEntry(site.now(), act, actor.person, actor.account, about, region, details or {})
    await audit.add_entries(connection, [entry])


async def note_alone(
    site: Site, actor: Actor, act: AuditAct, *, region: str = "", details: Details | None = None
) -> None:
    """Add an act that stores nothing else to the log. Raises Busy."""
    await writing(site.engine, lambda connection: note(connection, site, actor, act, region=region, details=details))


async def last_acts(site: Site, limit: int, about: str = "") -> tuple[AuditEntry, ...]:
    """Return the last acts, the newest first; `about`: those that concern a person, or that they did."""
    async with reading(site.engine) as connection:
        return await audit.last_entries(connection, limit, about)
