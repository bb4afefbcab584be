"""Which records name which pictures, which of them arrived and from whom, and uploads under way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache

from sqlalchemy import Dialect, Insert, Table, and_, bindparam, delete, func, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import blob, blob_holder, photo, photo_wanted, record, upload


@dataclass(frozen=True)
class Naming:
    """A person's write of a record names a picture. `arrived`: number of the home at which that person had shown to
    have the bytes, 0 as long as that is open; `device`: from which one they came."""

    home: int
    record: str
    sha256: str
    person: str
    arrived: int = 0
    device: str = ""


@dataclass(frozen=True)
class Blob:
    """A picture that arrived: size in bytes and pixels, and when (ms)."""

    sha256: str
    bytes: int
    width: int
    height: int
    arrived_at: int


@dataclass(frozen=True)
class Upload:
    """One upload of a person: what it is to become, and until when its bytes are kept (ms)."""

    id: str
    person: str
    sha256: str
    bytes: int
    expires_at: int
    finished: bool = False


@dataclass(frozen=True)
class Standing:
    """How a picture stands for a person who wants to upload it. `named`: a write of theirs names it; `there`: it
    arrived from anybody; `under_way`: their unfinished uploads; `begun`: id of that of this very picture."""

    named: bool
    there: bool
    under_way: int
    begun: str


@dataclass(frozen=True)
class Waiting:
    """A record for which a picture has yet to arrive: its home, itself, where it is, and whether it was deleted."""

    home: int
    record: str
    region: str
    deleted: bool


@dataclass(frozen=True)
class Seen:
    """A record in which a picture that arrived is to be seen: where it is, and whose."""

    region: str
    author: str


_HERE = and_(photo.c.home == bindparam("home_id"), photo.c.record.in_(bindparam("records", expanding=True)))
_TOUCHED = select(photo.c.record).where(
    _HERE, photo.c.arrived > bindparam("after"), photo.c.device != bindparam("device_id")
)
_LACKING = (
    select(photo.c.record, photo.c.sha256)
    .where(photo.c.record.in_(bindparam("records", expanding=True)))
    .group_by(photo.c.record, photo.c.sha256)
    .having(func.max(photo.c.arrived) == 0)
    .order_by(photo.c.record, photo.c.sha256)
)
_SEEN = (
    select(record.c.region, record.c.author)
    .join(photo, and_(photo.c.home == record.c.home, photo.c.record == record.c.id))
    .where(photo.c.sha256 == bindparam("name"), photo.c.arrived > 0)
    .distinct()
)
_WAITING = (
    select(photo.c.home, photo.c.record, record.c.region, record.c.deleted)
    .join(record, and_(photo.c.home == record.c.home, photo.c.record == record.c.id))
    .where(photo.c.sha256 == bindparam("name"), photo.c.person == bindparam("who"), photo.c.arrived == 0)
)
_NOTE_ARRIVAL = (
    update(photo)
    .where(*(photo.c[key] == bindparam(f"its_{key}") for key in ("home", "record", "sha256", "person")))
    .values(arrived=bindparam("number"), device=bindparam("device_id"))
)
_FIND_UPLOAD = select(upload).where(upload.c.id == bindparam("sought"))
_NO_LONGER_WANT = delete(photo_wanted).where(
    photo_wanted.c.person == bindparam("who"), photo_wanted.c.sha256 == bindparam("name")
)
_HELD = select(blob_holder.c.sha256).where(
    blob_holder.c.person == bindparam("who"), blob_holder.c.sha256.in_(bindparam("names", expanding=True))
)

_UNFINISHED = and_(upload.c.person == bindparam("who"), not_(upload.c.finished), upload.c.expires_at > bindparam("now"))
_STANDING = select(
    select(photo.c.record)
    .where(photo.c.sha256 == bindparam("name"), photo.c.person == bindparam("who"))
    .exists()
    .label("named"),
    select(blob.c.sha256)
    .where(blob.c.sha256 == bindparam("name"), blob.c.bytes == bindparam("size"))
    .exists()
    .label("there"),
    select(func.count()).select_from(upload).where(_UNFINISHED).scalar_subquery().label("under_way"),
    select(func.max(upload.c.id))
    .where(_UNFINISHED, upload.c.sha256 == bindparam("name"), upload.c.bytes == bindparam("size"))
    .scalar_subquery()
    .label("begun"),
)
_WANTED = select(photo_wanted.c.sha256).where(photo_wanted.c.person == bindparam("who")).order_by(photo_wanted.c.sha256)


@cache
def _unless_there(dialect: Dialect, table: Table) -> Insert:
    return insert_into(dialect, table).on_conflict_do_nothing()


@cache
def _putting(dialect: Dialect) -> Insert:
    adding = insert_into(dialect, upload)
    changed = {name: adding.excluded[name] for name in ("expires_at", "finished")}
    return adding.on_conflict_do_update(index_elements=["id"], set_=changed)


async def add_namings(connection: AsyncConnection, namings: Sequence[Naming]) -> None:
    """Note what writes name; what is known already stays as it is."""
    await connection.execute(_unless_there(connection.dialect, photo), [asdict(one) for one in namings])


async def standing(connection: AsyncConnection, sha256: str, person: str, size: int, now: int) -> Standing:
    """Return how a picture of a size stands for a person at a time (ms). One statement."""
    row = (await connection.execute(_STANDING, {"name": sha256, "who": person, "size": size, "now": now})).one()
    return Standing(bool(row.named), bool(row.there), row.under_way, row.begun or "")


async def waiting_for(connection: AsyncConnection, sha256: str, person: str) -> list[Waiting]:
    """Return the records for which a person's picture has yet to arrive."""
    return [Waiting(*row) for row in await connection.execute(_WAITING, {"name": sha256, "who": person})]


async def overlooked(connection: AsyncConnection, limit: int) -> list[tuple[str, str]]:
    """Return pictures and persons who have shown to have them, of whom a record waits for them all the same."""
    held = and_(blob_holder.c.sha256 == photo.c.sha256, blob_holder.c.person == photo.c.person)
    query = select(photo.c.sha256, photo.c.person).join(blob_holder, held).where(photo.c.arrived == 0)
    return [(row.sha256, row.person) for row in await connection.execute(query.distinct().limit(limit))]


async def note_arrivals(connection: AsyncConnection, namings: Sequence[Naming]) -> None:
    """Set at which numbers pictures arrived for records, and from which device."""
    rows = [
        {**{f"its_{key}": getattr(one, key) for key in ("home", "record", "sha256", "person")}, "number": one.arrived}
        | {"device_id": one.device}
        for one in namings
    ]
    await connection.execute(_NOTE_ARRIVAL, rows)


async def is_named(connection: AsyncConnection, sha256: str) -> bool:
    """Tell whether an accepted write of anybody names a picture."""
    found = await connection.execute(select(photo.c.record).where(photo.c.sha256 == sha256).limit(1))
    return found.first() is not None


async def touched_by_pictures(
    connection: AsyncConnection, home_id: int, after: int, device: str, records: Sequence[str]
) -> set[str]:
    """Return those of a home's records for which a picture came from another device after a number of that home."""
    values = {"home_id": home_id, "records": records, "after": after, "device_id": device}
    return set((await connection.execute(_TOUCHED, values)).scalars())


async def lacking(connection: AsyncConnection, records: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return record to the names of the pictures that have not arrived, complete records left out."""
    found: dict[str, tuple[str, ...]] = {}
    for one, name in await connection.execute(_LACKING, {"records": sorted(records)}):
        found[one] = (*found.get(one, ()), name)
    return found


async def seen_in(connection: AsyncConnection, sha256: str) -> list[Seen]:
    """Return where a picture that arrived is to be seen."""
    return [Seen(row.region, row.author) for row in await connection.execute(_SEEN, {"name": sha256})]


async def held_of(connection: AsyncConnection, person: str, names: Iterable[str]) -> set[str]:
    """Return those of some pictures that a person has shown to have."""
    return set((await connection.execute(_HELD, {"who": person, "names": sorted(set(names))})).scalars())


async def add_blob(connection: AsyncConnection, made: Blob) -> None:
    """Note a picture that arrived; one that is there stays as it is."""
    await connection.execute(_unless_there(connection.dialect, blob), asdict(made))


async def add_holder(connection: AsyncConnection, sha256: str, person: str) -> None:
    """Note that a person has shown to have a picture."""
    await connection.execute(_unless_there(connection.dialect, blob_holder), {"sha256": sha256, "person": person})


async def want(connection: AsyncConnection, sha256: str, persons: Iterable[str], asked_by: str, now: int) -> None:
    """Ask people to send a picture once more; who was asked already is not asked twice. `now`: ms."""
    rows = [{"person": one, "sha256": sha256, "asked_by": asked_by, "asked_at": now} for one in sorted(set(persons))]
    await connection.execute(_unless_there(connection.dialect, photo_wanted), rows)


async def wanted_of(connection: AsyncConnection, person: str) -> tuple[str, ...]:
    """Return the pictures that a person is asked for."""
    return tuple((await connection.execute(_WANTED, {"who": person})).scalars())


async def no_longer_want(connection: AsyncConnection, sha256: str, person: str) -> None:
    """Ask a person for a picture no more: it came."""
    await connection.execute(_NO_LONGER_WANT, {"who": person, "name": sha256})


async def naming_persons(connection: AsyncConnection, record_id: str, sha256: str) -> list[str]:
    """Return whose writes of a record name a picture."""
    query = select(photo.c.person).where(photo.c.record == record_id, photo.c.sha256 == sha256)
    return list((await connection.execute(query)).scalars())


async def naming_records(connection: AsyncConnection, sha256: str) -> list[str]:
    """Return the records that a write of anybody has a picture in."""
    return list((await connection.execute(select(photo.c.record).where(photo.c.sha256 == sha256))).scalars())


async def lose(connection: AsyncConnection, sha256: str) -> None:
    """Forget that a picture ever arrived."""
    await drop_blob(connection, sha256)
    await connection.execute(update(photo).where(photo.c.sha256 == sha256).values(arrived=0, device=""))


async def unnamed_blobs(connection: AsyncConnection, before: int, limit: int) -> list[str]:
    """Return the pictures that arrived before a time (ms) and that no write names."""
    named = select(photo.c.sha256).where(photo.c.sha256 == blob.c.sha256).exists()
    query = select(blob.c.sha256).where(blob.c.arrived_at < before, not_(named)).limit(limit)
    return list((await connection.execute(query)).scalars())


async def drop_blob(connection: AsyncConnection, sha256: str) -> None:
    """Forget a picture and who had it."""
    await connection.execute(delete(blob_holder).where(blob_holder.c.sha256 == sha256))
    await connection.execute(delete(blob).where(blob.c.sha256 == sha256))


async def put_upload(connection: AsyncConnection, made: Upload) -> None:
    """Note an upload, or what became of it."""
    await connection.execute(_putting(connection.dialect), asdict(made))


async def find_upload(connection: AsyncConnection, id_: str) -> Upload | None:
    """Return an upload."""
    row = (await connection.execute(_FIND_UPLOAD, {"sought": id_})).one_or_none()
    return None if row is None else Upload(*row)


async def drop_upload(connection: AsyncConnection, id_: str) -> None:
    """Forget an upload."""
    await connection.execute(delete(upload).where(upload.c.id == id_))


async def expired_uploads(connection: AsyncConnection, now: int, limit: int) -> list[str]:
    """Return the uploads whose time is over."""
    return list(
        (await connection.execute(select(upload.c.id).where(upload.c.expires_at <= now).limit(limit))).scalars()
    )
