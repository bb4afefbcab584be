"""Sessions of the account screen: opened with the password, known by a cookie, short, and ended from elsewhere.

A device token lets one work; what can lock its owner out of the account needs a session as well.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from lumbung_server.db.connections import Connection, glancing, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, accounts
from lumbung_server.repositories.accounts import Session
from lumbung_server.services import codes
from lumbung_server.services.proving import Proof, accept, prove
from lumbung_server.services.receipts import base64url
from lumbung_server.services.site import Site
from lumbung_shared.account import SessionRequest
from lumbung_shared.ids import base32, is_replica_id
from lumbung_shared.problems import Code

IDLE_MS = 30 * 60_000
"""A session that is not used for so long has ended."""
LONGEST_MS = 12 * 3_600_000
"""And so has one that was opened so long ago."""
_NOTED_MS = 60_000
"""How exactly it is known when a session was last used."""


@dataclass(frozen=True)
class Opened:
    """A session and the secret of its cookie, which is told this once."""

    session: Session
    cookie: str


async def open_session(site: Site, request: SessionRequest, address: str) -> Opened:
    """Open a session with password and, where that is on, a code. Raises Refusal."""
    proof = await prove(site, request.login, request.password, request.code, address)
    now = site.now()
    cookie = base64url(site.chance(32))

    async def add(connection: Connection) -> Opened:
        await accept(connection, site, proof)
        await accounts.forget_sessions(connection, now, now - IDLE_MS)
        made = Session(
            digest=codes.secret_digest(cookie),
            id=base32(site.chance(10), 16),
            login=proof.account.login,
            person=proof.account.person,
            device=await _device(connection, proof, request.replica),
            name=codes.storable(request.device),
            made_at=now,
            last_seen=now,
            expires_at=now + LONGEST_MS,
        )
        await accounts.add_session(connection, made)
        return Opened(made, cookie)

    return await writing(site.engine, add)


async def _device(connection: Connection, proof: Proof, replica: str) -> str:
    """Return the device of a store, if it is the same person's."""
    known = await access.find_replica(connection, replica) if is_replica_id(replica) else None
    return known.device if known is not None and known.person == proof.account.person else ""


async def session_of(site: Site, cookie: str) -> Session:
    """Return the session that a cookie names, and note that it was used. Raises Refusal: session-ended."""
    digest, now = codes.secret_digest(cookie), site.now()
    async with glancing(site.engine) as connection:
        found = await accounts.find_session(connection, digest) if cookie else None
    if found is None or found.expires_at <= now or now - found.last_seen >= IDLE_MS:
        raise Refusal(Code.SESSION_ENDED)
    if now - found.last_seen >= _NOTED_MS:
        await writing(site.engine, lambda connection: accounts.note_session(connection, digest, now))
    return found


def csrf_of(cookie: str) -> str:
    """Return what a change has to carry besides the cookie, which another site's page can neither read nor work out."""
    return base64url(hmac.digest(cookie.encode("utf-8", "surrogatepass"), b"csrf", hashlib.sha256))


def check_csrf(cookie: str, sent: str) -> None:
    """Check what a change carries. Raises Refusal: csrf-refused."""
    if not hmac.compare_digest(csrf_of(cookie).encode(), sent.encode("utf-8", "surrogatepass")):
        raise Refusal(Code.CSRF_REFUSED)


async def close_session(site: Site, session: Session) -> None:
    """End a session because its owner closes the screen."""

    async def end(connection: Connection) -> None:
        await accounts.end_session(connection, session.login, session.id)

    await writing(site.engine, end)
