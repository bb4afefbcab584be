"""The server of a world: its real services over the database in memory, or over SQLite, and what an operator does."""

from __future__ import annotations

import asyncio
import functools
import itertools
import json
import random
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol

from sqlalchemy import delete, select, update

from lumbung_client.sync.transport import Request, Response
from lumbung_server.db import connections, tables
from lumbung_server.db.migrate import migrate
from lumbung_server.opening import open_site
from lumbung_server.refusal import STATUS, Refusal
from lumbung_server.repositories import (
    access,
    changes,
    erasures,
    forms,
    instance,
    joinings,
    organisations,
    people,
    photos,
    records,
    regions,
    tallies,
    texts,
)
from lumbung_server.repositories.access import Device, Replica
from lumbung_server.repositories.forms import StoredOffer
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.repositories.records import StoredRecord, StoredWrite
from lumbung_server.repositories.tallies import Tally
from lumbung_server.routes.bodies import Unpacker
from lumbung_server.routes.problems import BUSY_SECONDS
from lumbung_server.routes.wire import read_json
from lumbung_server.services import callers, codes, sync
from lumbung_server.services import pull as pulling
from lumbung_server.services.history import begin_run
from lumbung_server.services.load import Load
from lumbung_server.services.published import Shelf
from lumbung_server.services.reference import publish_built_in
from lumbung_server.settings import settings_from
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.forms import Form, form_content, published_forms
from lumbung_shared.problems import Code, Problem
from lumbung_shared.protocol import MAX_BODY_BYTES, Person, Receipt, SyncRequest
from lumbung_shared.regions import Region
from tests.simulation import memory, repositories
from tests.simulation.clockwork import Clock
from tests.simulation.memory import Database, Handle, Tables, tables_of
from tests.simulation.phone import KIND
from tests.simulation.twins import Namespace, twin

SERVICES = "lumbung_server.services"
REGIONS = tuple(
    Region(code, code)
    for code in ("64", "64.74", "64.74.01", "64.74.01.1003", "64.74.01.1004", "64.72", "64.72.01", "64.72.01.1001")
)
SETTINGS = settings_from({})
FORMS = tuple(form for form in published_forms().values() if form.kind == KIND)
"""What is offered there: of all forms of the package, to tell each phone takes longer than all the rest of its day."""


class Unsigned:
    """Seals nothing: signing takes longer than all the rest of a push."""

    def sealed(self, receipt: Receipt) -> Receipt:
        """Return the receipt as it is."""
        return replace(receipt, key="none")


@dataclass(frozen=True)
class Look:
    """What a server holds at a moment: what the invariants are checked against."""

    epoch: str
    write: Mapping[tuple[str, int], StoredWrite]
    record: Mapping[str, StoredRecord]
    tally: Iterable[Tally]
    device: Mapping[str, Device]
    replica: Mapping[str, Replica]
    grants: Mapping[str, tuple[HeldGrant, ...]]
    offers: tuple[StoredOffer, ...]


@dataclass
class Answered:
    """A response, and what its page was made from."""

    response: Response
    seen: Look | None = None


class Server(Protocol):
    """What a world needs of its server. All calls but `answer` are done when they return."""

    async def answer(self, request: Request) -> Answered: ...
    def look(self) -> Look: ...
    def admit(self, person: Person, device: str, token: str, replica: str) -> None: ...
    def grant(self, person: str, held: HeldGrant) -> None: ...
    def end_grant(self, person: str, held: HeldGrant, at: int) -> None: ...
    def revoke(self, device: str, at: int) -> None: ...
    def backup(self) -> object: ...
    def restore(self, backup: object, epoch: str) -> None: ...
    def crash(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Services:
    """The two services of a sync, and what makes the shelf of forms that they want."""

    callers: Any
    sync: Any
    shelf: Callable[[], Any] = Shelf


@functools.cache
def sound_services(page: int) -> Services:
    """Return the services over the database in memory. `page`: records on a page."""
    return services(page, {})


def services(page: int, planted: Mapping[str, object]) -> Services:
    """Return the services over the database in memory; `planted`: neighbours with defects."""
    connections_ = Namespace(
        connections,
        reading=memory.reading,
        glancing=memory.reading,
        writing=memory.writing,
        wait_until_alone=memory.wait_until_alone,
    )
    silent = SimpleNamespace(warning=lambda *_: None)
    over: dict[str, object] = {
        "structlog": SimpleNamespace(get_logger=lambda: silent),
        "lumbung_server.db.connections": connections_,
        "lumbung_server.repositories.records": in_memory(records, repositories.Records),
        "lumbung_server.repositories.regions": in_memory(regions, repositories.Regions),
        "lumbung_server.repositories.changes": in_memory(changes, repositories.Changes),
        "lumbung_server.repositories.people": in_memory(people, repositories.People),
        "lumbung_server.repositories.access": in_memory(access, repositories.Access),
        "lumbung_server.repositories.instance": in_memory(instance, repositories.Instance),
        "lumbung_server.repositories.forms": in_memory(forms, repositories.Forms),
        "lumbung_server.repositories.photos": in_memory(photos, repositories.Photos),
        "lumbung_server.repositories.erasures": in_memory(erasures, repositories.Erasures),
        "lumbung_server.repositories.tallies": in_memory(tallies, repositories.Tallies),
        "lumbung_server.repositories.joinings": in_memory(joinings, repositories.Joinings),
        "lumbung_server.repositories.organisations": in_memory(organisations, repositories.Organisations),
        "lumbung_server.repositories.texts": in_memory(texts, repositories.Texts),
        **planted,
    }
    names = "callers published form_news history listing joining keeping push pull sync"
    for name in names.split():
        full = f"{SERVICES}.{name}"
        over.setdefault(full, twin(full, over))
    pull = over[f"{SERVICES}.pull"]
    assert isinstance(pull, (ModuleType, Namespace))
    pull.__dict__["PAGE_RECORDS"] = page
    published = over[f"{SERVICES}.published"]
    assert isinstance(published, (ModuleType, Namespace))
    published.__dict__["form_content"] = _content_of
    return Services(over[f"{SERVICES}.callers"], over[f"{SERVICES}.sync"], published.Shelf)


def _content_of(form: Form) -> bytes:
    """Return the content of one of `FORMS`, worked out once for the servers of all worlds."""
    return _contents()[form.kind, form.version]


@functools.cache
def _contents() -> Mapping[tuple[str, int], bytes]:
    return {(form.kind, form.version): form_content(form) for form in FORMS}


def in_memory(module: ModuleType, functions: type) -> Namespace:
    """Return a repository whose functions are those over the database in memory."""
    return Namespace(module, **{name: getattr(functions, name) for name in vars(functions) if name[0] != "_"})


async def _answer(on: Services, site: Any, request: Request) -> Response:
    """Answer as the routes do: unpack, read, let the services work, and tell what went wrong as a problem."""
    try:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        caller = await on.callers.caller_of(site, token)
        unpacker = Unpacker(MAX_BODY_BYTES)
        body = unpacker.unpack(request.body)
        unpacker.finish()
        message = from_wire(SyncRequest, read_json(body))
        reply = await on.sync.sync(site, caller, message)
    except Refusal as refusal:
        return problem(refusal.code, refusal.retry_after)
    except Malformed:
        return problem(Code.BODY_MALFORMED)
    except connections.Busy:
        return problem(Code.SERVER_BUSY, BUSY_SECONDS)
    return Response(200, {"content-type": "application/json"}, json.dumps(to_wire(reply)).encode())


def problem(code: Code, retry_after: int = 0) -> Response:
    """Return a problem as the server tells it."""
    plain = to_wire(Problem(code.value, STATUS[code], "-", "-.", retry_after=retry_after))
    return Response(STATUS[code], {"content-type": "application/problem+json"}, json.dumps(plain).encode())


class MemoryServer:
    """The services over the database in memory. `turns`: transactions run side by side, in turns that it decides."""

    def __init__(self, clock: Clock, on: Services, turns: random.Random | None) -> None:
        self._clock = clock
        self._on = on
        self.database = Database(tables_of(REGIONS, FORMS, "epoch-0"), turns)
        self._shelf = on.shelf()
        self._last: tuple[Tables, Look] | None = None
        self._drawn = itertools.count(1)
        self._begin_run()

    def _chance(self, count: int) -> bytes:
        return next(self._drawn).to_bytes(count, "big")

    def _begin_run(self) -> None:
        """Do what a start of the server does."""
        tables = self.database.tables
        name = f"run-{next(self._drawn)}"
        offers = max(row.offer.number for row in tables.form_offer.values())
        self._put("run", {len(tables.run) + 1: (name, sum(row.n for row in tables.home.values()) + offers)})

    async def answer(self, request: Request) -> Answered:
        """Answer one request."""
        handle = Handle(self.database)
        site = SimpleNamespace(
            engine=handle,
            now=lambda: self._clock.now,
            chance=self._chance,
            signer=Unsigned(),
            forms=self._shelf,
            load=Load(),
            settings=SETTINGS,
        )
        response = await _answer(self._on, site, request)
        return Answered(response, self._look_at(handle.seen))

    def look(self) -> Look:
        """Return what is committed."""
        return self._look_at(self.database.tables)

    def _look_at(self, tables: Tables) -> Look:
        if self._last is None or self._last[0] is not tables:
            grants: dict[str, tuple[HeldGrant, ...]] = dict.fromkeys(tables.person, ())
            for (person, *_), held in tables.grant.items():
                grants[person] = (*grants[person], held)
            offers = tuple(row.offer for row in tables.form_offer.values())
            look = Look(
                tables.epoch,
                tables.write,
                tables.record,
                tuple(tables.tally.values()),
                tables.device,
                tables.replica,
                grants,
                offers,
            )
            self._last = (tables, look)
        return self._last[1]

    def _put(self, table: str, row: Mapping[Any, Any]) -> None:
        tables = self.database.tables
        self.database.tables = replace(tables, **{table: {**getattr(tables, table), **row}})

    def admit(self, person: Person, device: str, token: str, replica: str) -> None:
        """Do what enrolment does."""
        known = self.database.tables.replica.get(replica)
        made = _device(known.device if known else device, person, token, self._clock.now)
        self._put("person", {person.id: person})
        self._put("device", {made.id: made})
        if known is None:
            self._put("replica", {replica: Replica(replica, person.id, made.id, self._clock.now)})

    def grant(self, person: str, held: HeldGrant) -> None:
        """Give a grant."""
        self._put("grant", {(person, held.region, held.role, held.version): held})

    def end_grant(self, person: str, held: HeldGrant, at: int) -> None:
        """End a grant."""
        self._put("grant", {(person, held.region, held.role, held.version): replace(held, valid_to=at)})

    def revoke(self, device: str, at: int) -> None:
        """Revoke a device."""
        self._put("device", {device: replace(self.database.tables.device[device], revoked_at=at)})

    def backup(self) -> object:
        """Keep what is committed."""
        return self.database.tables

    def restore(self, backup: object, epoch: str) -> None:
        """Put a backup back; a new epoch begins. `epoch`: its name, empty when nobody says so."""
        assert isinstance(backup, Tables)
        self.crash()
        self.database.tables = backup
        if epoch:
            self._put("instance", {"epoch": epoch})
        self._begin_run()

    def crash(self) -> None:
        """Forget every transaction under way."""
        self.database.locks.clear()
        self.database.crashes += 1
        self._begin_run()

    def close(self) -> None:
        """Nothing is open."""


def _device(device: str, person: Person, token: str, now: int) -> Device:
    digest = codes.secret_digest(token)
    return Device(device, person.id, digest, "", "", now, now + 10**12, last_seen=now)


class SqliteServer:
    """The services as they are, over SQLite in a folder, one request after the other."""

    def __init__(self, clock: Clock, folder: Path, page: int) -> None:
        self._clock = clock
        self._folder = folder
        self._page = page
        self._runner = asyncio.Runner()
        self._backups = 0
        self._drawn = itertools.count(1)
        self._open()
        self._run(self._prepare())

    def _open(self) -> None:
        settings = settings_from({"LUMBUNG_VAR": str(self._folder / "var")})
        ports = {"now": lambda: self._clock.now, "chance": self._chance, "signer": Unsigned()}
        self._site = replace(open_site(settings), **ports)  # type: ignore[arg-type]

    def _chance(self, count: int) -> bytes:
        return next(self._drawn).to_bytes(count, "big")

    def _run(self, work: Any) -> Any:
        return self._runner.run(work)

    def _write(self, work: Any) -> None:
        self._run(connections.writing(self._site.engine, work))

    async def _prepare(self) -> None:
        await migrate(self._site.engine)

        async def fill(connection: connections.Connection) -> None:
            await regions.load_regions(connection, REGIONS)
            await publish_built_in(connection, self._clock.now)
            offer = tables.form_offer
            await connection.execute(delete(offer).where(offer.c.kind != KIND))
            for number, form in enumerate(FORMS, 1):
                await connection.execute(update(offer).where(offer.c.version == form.version).values(number=number))
            await instance.name_history(connection, "epoch-0", "sealed")

        await connections.writing(self._site.engine, fill)
        await begin_run(self._site)

    async def answer(self, request: Request) -> Answered:
        """Answer one request."""
        names = vars(pulling)
        before, names["PAGE_RECORDS"] = names["PAGE_RECORDS"], self._page
        try:
            response = self._run(_answer(Services(callers, sync), self._site, request))
        finally:
            names["PAGE_RECORDS"] = before
        return Answered(response, self.look())

    def look(self) -> Look:
        """Return what is stored."""
        look: Look = self._run(self._look())
        return look

    async def _look(self) -> Look:
        async with connections.reading(self._site.engine) as at:
            writes = [records.StoredWrite(**row._mapping) for row in await at.execute(select(tables.write))]
            stored = [records.StoredRecord(*row) for row in await at.execute(select(*records.RECORD))]
            devices = [Device(**row._mapping) for row in await at.execute(select(tables.device))]
            replicas = [Replica(**row._mapping) for row in await at.execute(select(tables.replica))]
            persons = [row.id for row in await at.execute(select(tables.person))]
            return Look(
                await instance.epoch(at),
                {(one.replica, one.n): one for one in writes},
                {one.id: one for one in stored},
                [Tally(*row) for row in await at.execute(select(tables.tally))],
                {one.id: one for one in devices},
                {one.id: one for one in replicas},
                {person: await people.held_grants(at, person) for person in persons},
                await forms.offers_after(at, [WHOLE], 0, 1_000),
            )

    def admit(self, person: Person, device: str, token: str, replica: str) -> None:
        """Do what enrolment does."""

        async def work(at: connections.Connection) -> None:
            known = await access.find_replica(at, replica)
            made = _device(known.device if known else device, person, token, self._clock.now)
            await people.add_person(at, person.id, person.name)
            await access.put_device(at, made)
            await access.claim_replica(at, Replica(replica, person.id, made.id, self._clock.now))

        self._write(work)

    def grant(self, person: str, held: HeldGrant) -> None:
        """Give a grant."""
        self._write(lambda at: people.add_grant(at, person, held))

    def end_grant(self, person: str, held: HeldGrant, at: int) -> None:
        """End a grant."""
        grant = tables.grant
        this = (grant.c.person == person) & (grant.c.region == held.region) & (grant.c.version == held.version)
        self._write(lambda on: on.execute(update(grant).where(this, grant.c.role == held.role).values(valid_to=at)))

    def revoke(self, device: str, at: int) -> None:
        """Revoke a device."""
        one = tables.device
        self._write(lambda on: on.execute(update(one).where(one.c.id == device).values(revoked_at=at)))

    def _stop(self) -> None:
        self._run(self._site.engine.dispose())

    def backup(self) -> object:
        """Keep a copy of the folder as it is without a server."""
        self._stop()
        self._backups += 1
        copy = self._folder / f"backup-{self._backups}"
        shutil.copytree(self._folder / "var", copy)
        return copy

    def restore(self, backup: object, epoch: str) -> None:
        """Put a backup back; a new epoch begins. `epoch`: its name, empty when nobody says so."""
        assert isinstance(backup, Path)
        self._stop()
        shutil.rmtree(self._folder / "var")
        shutil.copytree(backup, self._folder / "var")
        if epoch:
            named = update(tables.instance).where(tables.instance.c.name == "epoch").values(value=epoch)
            self._write(lambda on: on.execute(named))
        self._run(begin_run(self._site))

    def crash(self) -> None:
        """Start again: requests run one after the other, so that none is under way."""
        self._run(begin_run(self._site))

    def close(self) -> None:
        """Let go of the database."""
        with suppress(RuntimeError):
            self._stop()
        self._runner.close()
