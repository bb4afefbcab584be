"""Invite people: a code that lets one phone in as one person, once."""

from __future__ import annotations

from urllib.parse import quote

from lumbung_server.db.connections import Connection, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, erasures, roster
from lumbung_server.repositories.access import EnrolmentCode
from lumbung_server.repositories.people import people
from lumbung_server.services import codes
from lumbung_server.services.audit import Actor, AuditAct, note
from lumbung_server.services.authority import may_invite
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_server.services.staff import roles_of
from lumbung_server.settings import DAY_MS
from lumbung_shared.problems import Code
from lumbung_shared.staff import Invitation, InviteRequest

SIGN_IN_PATH = "/masuk"


def enrolment_link(public_url: str, code: str) -> str:
    """Return the address that opens the app with a code filled in."""
    return f"{public_url}{SIGN_IN_PATH}?kode={quote(code)}"


async def invite(site: Site, actor: Actor, person: str) -> Invitation | None:
    """Make an enrolment code for a person; None when nobody has that id. Who calls may do that.

    Raises Refusal: person-unknown, for one who was erased.
    """

    async def add(connection: Connection) -> Invitation | None:
        if person not in await people(connection, [person], ""):
            return None
        return await _add(connection, site, actor, person)

    return await writing(site.engine, add)


async def invite_as(site: Site, caller: Caller, request: InviteRequest) -> Invitation:
    """Make a code for somebody all of whose roles lie beneath the caller's. Raises Refusal: person-unknown."""

    async def add(connection: Connection) -> Invitation:
        # No person's id holds anything else, and not every database takes it.
        sought = [request.person] if request.person.isprintable() else []
        held = (await roster.grants_of(connection, sought)).get(request.person, ())
        # Of others nothing is said, not even that they are there.
        if not may_invite(caller.grants, roles_of(held, site.now())):
            raise Refusal(Code.PERSON_UNKNOWN, "person")
        return await _add(connection, site, Actor(caller.person), request.person)

    return await writing(site.engine, add)


async def _add(connection: Connection, site: Site, actor: Actor, person: str) -> Invitation:
    if await erasures.is_person_erased(connection, person):
        raise Refusal(Code.PERSON_UNKNOWN, "person")
    code, now = codes.new_code(site.chance(5)), site.now()
    expires = now + site.settings.code_days * DAY_MS
    stored = site.sealer.digest(codes.normalised(code))
    await access.add_code(connection, EnrolmentCode(stored, person, now, expires, made_by=actor.person))
    await note(connection, site, actor, AuditAct.INVITE, about=person, details={"expires": expires})
    return Invitation(code, enrolment_link(site.settings.public_url, code), expires)
