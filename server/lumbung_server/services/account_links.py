"""Accounts and their one-time links: an administrator makes a link, its person sets the password by it. Nobody hands
over a password."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, accounts, erasures, staff
from lumbung_server.repositories.access import Account
from lumbung_server.repositories.accounts import ResetLink
from lumbung_server.repositories.people import people
from lumbung_server.services import attempts, codes, passwords
from lumbung_server.services.audit import Actor, AuditAct, Details, note
from lumbung_server.services.proving import login_name
from lumbung_server.services.receipts import base64url
from lumbung_server.services.site import Site
from lumbung_server.services.staff import withdraw
from lumbung_server.settings import DAY_MS
from lumbung_shared.account import ResetDone, ResetRequest
from lumbung_shared.passwords import is_weak
from lumbung_shared.problems import Code

ACCOUNT_PATH = "/akun"
LINK_MS = DAY_MS
"""So long is a link good, once; a newer one takes its place."""
_LONGEST_LOGIN = 60


class LoginUnusable(Exception):
    """A login name that cannot be: empty, too long, or with characters that people cannot tell apart."""


class OwnerErased(Exception):
    """Who the account would be for was erased on request: they do not come back under that id."""


@dataclass(frozen=True)
class MadeLink:
    """A link, shown this once, whose account it is for, and until when it is good (ms)."""

    login: str
    person: str
    link: str
    expires: int


async def add_account(site: Site, actor: Actor, person: str, login: str) -> MadeLink | None:
    """Make an account without a password and the link that sets one; None when nobody has that id, or when the login
    name is taken. Raises LoginUnusable, OwnerErased."""
    name = login_name(login)
    if not 3 <= len(name) <= _LONGEST_LOGIN or not set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_@"):
        raise LoginUnusable(name)

    async def add(connection: Connection) -> MadeLink | None:
        if person not in await people(connection, [person], ""):
            return None
        if await erasures.is_person_erased(connection, person):
            raise OwnerErased(person)
        made = Account(name, person, passwords.UNSET)
        if not await accounts.add_account(connection, made):
            return None
        await note(connection, site, actor, AuditAct.ADD_ACCOUNT, about=person, details={"login": name})
        return await _link(connection, site, actor, made)

    return await writing(site.engine, add)


async def make_link(site: Site, actor: Actor, login: str) -> MadeLink | None:
    """Make a link that sets the password of an account anew; None when there is no such account."""

    async def make(connection: Connection) -> MadeLink | None:
        known = await access.find_account(connection, login_name(login))
        return None if known is None else await _link(connection, site, actor, known)

    return await writing(site.engine, make)


async def _link(connection: Connection, site: Site, actor: Actor, account: Account) -> MadeLink:
    code, now = base64url(site.chance(32)), site.now()
    made = ResetLink(account.login, codes.secret_digest(code), now, now + LINK_MS)
    await accounts.put_link(connection, made)
    details: Details = {"login": account.login, "expires": made.expires_at}
    await note(connection, site, actor, AuditAct.RESET_LINK, about=account.person, details=details)
    address = f"{site.settings.public_url}{ACCOUNT_PATH}?kode={quote(code)}"
    return MadeLink(account.login, account.person, address, made.expires_at)


async def totp_off(site: Site, actor: Actor, login: str) -> bool | None:
    """Switch the second step of an account off, for a lost phone; whether it was on, None without such an account."""

    async def off(connection: Connection) -> bool | None:
        known = await access.find_account(connection, login_name(login))
        if known is None:
            return None
        dropped = await accounts.drop_factor(connection, known.login)
        if dropped:
            await note(connection, site, actor, AuditAct.TOTP_OFF, about=known.person, details={"login": known.login})
        return dropped

    return await writing(site.engine, off)


async def reset(site: Site, request: ResetRequest, address: str) -> ResetDone:
    """Set a password by a link. Every session ends, and every phone is signed out unless the request keeps them; the
    second step stays as it is. Raises Refusal: reset-link-void, password-weak, too-many-attempts."""
    counted, now = attempts.of_reset(address), site.now()
    await writing(site.engine, lambda connection: attempts.count(connection, counted, now))
    digest = codes.secret_digest(request.code)
    async with reading(site.engine) as connection:
        link = await accounts.find_link(connection, digest)
        account = await access.find_account(connection, link.login) if link else None
        names = await people(connection, [account.person] if account else [], "")
    if link is None or account is None or link.expires_at <= now:
        raise Refusal(Code.RESET_LINK_VOID, "code")
    if is_weak(request.password, account.login, *(one.name for one in names.values())):
        await writing(site.engine, lambda connection: attempts.forgive(connection, counted, now))
        raise Refusal(Code.PASSWORD_WEAK, "password")
    fresh = await passwords.hashed(request.password)

    async def change(connection: Connection) -> ResetDone:
        await access.lock_account(connection, account.login)
        used = await accounts.use_link(connection, digest)
        if not used or not await accounts.set_password(connection, account.login, fresh, account.password_hash):
            raise Refusal(Code.RESET_LINK_VOID, "code")
        await accounts.end_sessions(connection, account.login)
        actor = Actor(account.person)
        await note(
            connection,
            site,
            actor,
            AuditAct.RESET_PASSWORD,
            about=account.person,
            details={"login": account.login},
        )
        if not request.keep:
            phones = (await staff.devices_of_people(connection, [account.person])).get(account.person, ())
            await withdraw(connection, site, actor, account.person, phones)
        await attempts.forgive(connection, counted, now)
        return ResetDone(account.login)

    return await writing(site.engine, change)
