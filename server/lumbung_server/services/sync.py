"""One sync: store what the phone brings, then tell it what is new."""

from __future__ import annotations

from dataclasses import replace

from lumbung_server.db.connections import Connection, glancing, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, photos
from lumbung_server.repositories.access import Noted, Replica
from lumbung_server.repositories.instance import history
from lumbung_server.services.callers import Caller
from lumbung_server.services.codes import storable
from lumbung_server.services.cursor import read_cursor
from lumbung_server.services.form_news import form_news
from lumbung_server.services.history import begin_epoch, remembers, witness
from lumbung_server.services.pull import pull, with_erased_people
from lumbung_server.services.push import push
from lumbung_server.services.site import Site
from lumbung_server.services.standing import check_standing, is_news, standing_text
from lumbung_shared.canonical import MAX_INTEGER
from lumbung_shared.ids import is_replica_id
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_WRITES, SERVED, Page, SyncReply, SyncRequest
from lumbung_shared.releases import is_older
from lumbung_shared.times import SKEW_TOLERANCE_MS, Heard, skew
from lumbung_shared.writes import PhoneTime

_HEARD_AGAIN_MS = 3_600_000
"""A device that was heard less long ago is not noted again: a sync without news writes nothing."""


async def sync(site: Site, caller: Caller, request: SyncRequest) -> SyncReply:
    """Store a batch and return outcomes, receipts and a page of news, and while it is busy a pause.

    Raises Refusal and Busy.
    """
    with site.load.one():
        return await _answered(site, caller, request)


async def _answered(site: Site, caller: Caller, request: SyncRequest) -> SyncReply:
    if request.protocol not in SERVED:
        raise Refusal(Code.PROTOCOL_UNSUPPORTED, "protocol")
    if is_older(request.app, site.settings.oldest_app):
        raise Refusal(Code.APP_TOO_OLD, "app")
    if not is_replica_id(request.replica):
        raise Refusal(Code.BODY_MALFORMED, "replica")
    check_clocks(request.time, request.heard)
    check_standing(request.standing)
    if len(request.writes) > MAX_WRITES:
        raise Refusal(Code.TOO_MANY_WRITES, "writes")
    now = site.now()
    await _note(site, caller, request, now)
    pushed = await push(site, caller, request, now)
    name, page, wanted = await _news(site, caller, request, now)
    return SyncReply(
        protocol=request.protocol,
        epoch=name,
        now=now,
        page=page,
        outcomes=pushed.outcomes,
        receipts=pushed.receipts,
        grants=caller.grants,
        wanted=wanted,
        pause=site.load.pause(site.chance),
    )


def check_clocks(time: PhoneTime, heard: Heard | None) -> None:
    """Refuse clocks beyond every bound. Raises Refusal: body-malformed."""
    if abs(time.wall) > MAX_INTEGER:
        raise Refusal(Code.BODY_MALFORMED, "time.wall")
    if heard is not None and not _is_storable(heard):
        raise Refusal(Code.BODY_MALFORMED, "heard")


def _is_storable(heard: Heard) -> bool:
    return max(map(abs, (heard.now, heard.time.wall, heard.time.mono, heard.last))) <= MAX_INTEGER


async def _news(site: Site, caller: Caller, request: SyncRequest, now: int) -> tuple[str, Page, tuple[str, ...]]:
    """Return the epoch, a page of its news, and the pictures that the caller is asked for.

    It is a new epoch when the phone has seen what this one does not hold.
    """
    while True:
        async with reading(site.engine) as connection:
            standing = await history(connection)
            cursor = read_cursor(request.cursor, standing.epoch)
            told_once = read_cursor(request.seen, standing.epoch) if request.seen else cursor
            if await remembers(connection, standing, told_once.witness):
                told = replace(cursor, witness=witness(standing))
                forms = await form_news(connection, site.forms, caller, told, standing.offers)
                page = await pull(connection, caller, request.replica, told, now, forms)
                page = await with_erased_people(connection, page, now) if standing.forgets else page
                wanted = await photos.wanted_of(connection, caller.person) if standing.wants else ()
                return standing.epoch, page, wanted
        await begin_epoch(site, standing.epoch)


async def _note(site: Site, caller: Caller, request: SyncRequest, now: int) -> None:
    """Check whose replica it is, register one that is new (a phone takes a new one after a fork), note the device."""
    device = caller.device
    async with glancing(site.engine) as connection:
        known = await access.find_replica(connection, request.replica)
    _check_owner(known, caller)
    app, lacks = storable(request.app), skew(request.time.wall, now)
    told = request.standing
    heard = now - device.last_seen < _HEARD_AGAIN_MS and device.app == app and not is_news(told, device)
    if known is not None and heard and abs(device.skew - lacks) <= SKEW_TOLERANCE_MS:
        return
    kept = (device.standing, device.standing_at) if told is None else (standing_text(told), now)
    noted = Noted(now, app, lacks, *kept)

    async def note(connection: Connection) -> None:
        if known is None:
            made = Replica(request.replica, caller.person, device.id, now)
            _check_owner(await access.claim_replica(connection, made), caller)
        await access.note_device(connection, device.id, noted)

    # What it stands for is said again with the next sync; a push that follows takes it to the disk with its own.
    await writing(site.engine, note, passing=True)


def _check_owner(replica: Replica | None, caller: Caller) -> None:
    if replica is not None and replica.person != caller.person:
        raise Refusal(Code.REPLICA_TAKEN, "replica")
