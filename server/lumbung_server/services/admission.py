"""Admit phones by enrolment code and coordinators' browsers by password. A device gets one token, shown once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from lumbung_server.db.connections import Connection, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, accounts, staff
from lumbung_server.repositories.access import Device, EnrolmentCode, Replica
from lumbung_server.repositories.instance import epoch
from lumbung_server.repositories.people import held_grants, people
from lumbung_server.repositories.regions import region_names, subtree_names
from lumbung_server.services import attempts, codes
from lumbung_server.services.callers import current, held_at, outermost
from lumbung_server.services.proving import accept, prove
from lumbung_server.services.receipts import base64url
from lumbung_server.services.site import Site
from lumbung_server.settings import DAY_MS
from lumbung_shared.ids import base32, is_replica_id
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Admission, EnrolRequest, LoginRequest
from lumbung_shared.regions import home_region, lineage
from lumbung_shared.times import local_date

AGAIN_MS = 30 * 60_000
"""So long may the replica that redeemed a code redeem it again, for its phone never saw the answer; or another one,
once: an app that is installed after the first visit may have a store of its own."""


async def enrol(site: Site, request: EnrolRequest, address: str) -> Admission:
    """Admit a phone with a code. `address`: where the request came from. Raises Refusal."""
    _check_replica(request.replica)
    code = codes.normalised(request.code)
    counted = attempts.of_enrolment(address, code)
    now = site.now()
    # A transaction of its own: the attempt stays counted when the code turns out to be wrong.
    await writing(site.engine, partial(attempts.count, what=counted, now=now))

    async def redeem(connection: Connection) -> Admission:
        found = await access.find_code(connection, site.sealer.digest(code)) if codes.is_code(code) else None
        if found is None:
            raise Refusal(Code.ENROLMENT_CODE_UNKNOWN, "code")
        revoked = found.used_by is not None and await access.is_revoked(connection, found.used_by)
        _check_redeemable(found, request.replica, now, revoked=revoked)
        admission = await _admit(connection, site, found.person, request)
        if found.used_at is None:
            await access.use_code(connection, found.digest, now, request.replica)
        elif found.used_by != request.replica:
            await _replace(connection, found, request.replica, now)
        await attempts.forgive(connection, counted, now)
        return admission

    return await writing(site.engine, redeem)


def _check_replica(replica: str) -> None:
    if not is_replica_id(replica):
        raise Refusal(Code.BODY_MALFORMED, "replica")


def _check_redeemable(code: EnrolmentCode, replica: str, now: int, *, revoked: bool) -> None:
    if code.used_at is not None:
        # A stolen phone must not let itself in again with the code that let it in, under any name.
        third = code.used_by != replica and code.again_at is not None
        if third or now - code.used_at > AGAIN_MS or revoked:
            raise Refusal(Code.ENROLMENT_CODE_USED, "code")
    elif code.expires_at <= now:
        raise Refusal(Code.ENROLMENT_CODE_EXPIRED, "code")


async def _replace(connection: Connection, code: EnrolmentCode, replica: str, now: int) -> None:
    """Let a second store take the place of the first, whose token ends."""
    first = await access.find_replica(connection, code.used_by or "")
    second = await access.find_replica(connection, replica)
    # Two names of one device have one token: the new one has taken the old one's place already.
    if first is not None and second is not None and first.device != second.device:
        await staff.revoke_devices(connection, [first.device], now)
    await access.use_code_again(connection, code.digest, now, replica)


async def login(site: Site, request: LoginRequest, address: str) -> Admission:
    """Admit a coordinator's browser with login name, password and, where that is on, a code. Raises Refusal."""
    _check_replica(request.replica)
    proof = await prove(site, request.login, request.password, request.code, address)

    async def admit(connection: Connection) -> Admission:
        await accept(connection, site, proof)
        admission = await _admit(connection, site, proof.account.person, request)
        return replace(admission, login=proof.account.login)

    return await writing(site.engine, admit)


async def _admit(connection: Connection, site: Site, who: str, request: EnrolRequest | LoginRequest) -> Admission:
    now = site.now()
    known = await access.find_replica(connection, request.replica)
    token = base64url(site.chance(32))
    device = Device(
        id=known.device if known else base32(site.chance(10), 16),
        person=who,
        token_digest=codes.secret_digest(token),
        name=codes.storable(request.device),
        app="",
        created_at=now,
        expires_at=now + site.settings.token_days * DAY_MS,
        last_seen=now,
    )
    if known is not None and known.person != who:
        raise Refusal(Code.REPLICA_TAKEN, "replica")
    await access.put_device(connection, device)
    claimed = await access.claim_replica(connection, Replica(request.replica, who, device.id, now))
    if claimed.person != who:
        raise Refusal(Code.REPLICA_TAKEN, "replica")
    grants = current(held_at(await held_grants(connection, who), now))
    roots = outermost(home_region(grant.region) for grant in grants)
    above = await region_names(connection, [code for root in roots for code in lineage(root)])
    account = await accounts.account_of(connection, who)
    return Admission(
        token=token,
        expires=device.expires_at,
        replica=request.replica,
        person=(await people(connection, [who], local_date(now).isoformat()))[who],
        grants=grants,
        regions=above | await subtree_names(connection, roots),
        epoch=await epoch(connection),
        now=now,
        login=account.login if account else "",
    )
