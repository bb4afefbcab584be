"""Which records name which pictures, which of them arrived and from whom, and uploads under way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import and_, bindparam, delete, func, not_, select, update
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
_OPEN = and_(photo.c.sha256 == bindparam("name"), photo.c.person == bindparam("who"), photo.c.arrived == 0)
_HELD = select(blob_holder.c.sha256).where(
    blob_holder.c.person == bindparam("who"), blob_holder.c.sha256.in_(bindparam("names", expanding=True))
)

_WANTED = select(photo_wanted.c.sha256).where(photo_wanted.c.person == bindparam("who")).order_by(photo_wanted.c.sha256)


async def add_namings(connection: AsyncConnection, namings: Sequence[Naming]) -> None:
    """Note what writes name; what is known already stays as it is."""
    adding = insert_into(connection.dialect, photo).on_conflict_do_nothing()
    await connection.execute(adding, [asdict(one) for one in namings])


async def open_namings(connection: AsyncConnection, sha256: str, person: str) -> list[tuple[int, str]]:
    """Return home and id of the records for which a person's picture has yet to arrive."""
    rows = await connection.execute(select(photo.c.home, photo.c.record).where(_OPEN), {"name": sha256, "who": person})
    return [(row.home, row.record) for row in rows]


async def note_arrival(connection: AsyncConnection, naming: Naming) -> None:
    """Set at which number a picture arrived for a record, and from which device."""
    row = and_(*(photo.c[key] == getattr(naming, key) for key in ("home", "record", "sha256", "person")))
    await connection.execute(update(photo).where(row).values(arrived=naming.arrived, device=naming.device))


async def is_named(connection: AsyncConnection, sha256: str, person: str = "") -> bool:
    """Tell whether an accepted write names a picture, of a person or of anybody."""
    query = select(photo.c.record).where(photo.c.sha256 == sha256).limit(1)
    found = await connection.execute(query.where(photo.c.person == person) if person else query)
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


async def find_blob(connection: AsyncConnection, sha256: str) -> Blob | None:
    """Return what is known of a picture that arrived."""
    row = (await connection.execute(select(blob).where(blob.c.sha256 == sha256))).one_or_none()
    return None if row is None else Blob(*row)


async def add_blob(connection: AsyncConnection, made: Blob) -> None:
    """Note a picture that arrived; one that is there stays as it is."""
    await connection.execute(insert_into(connection.dialect, blob).on_conflict_do_nothing(), asdict(made))


async def add_holder(connection: AsyncConnection, sha256: str, person: str) -> None:
    """Note that a person has shown to have a picture."""
    values = {"sha256": sha256, "person": person}
    await connection.execute(insert_into(connection.dialect, blob_holder).on_conflict_do_nothing(), values)


async def want(connection: AsyncConnection, sha256: str, persons: Iterable[str], asked_by: str, now: int) -> None:
    """Ask people to send a picture once more; who was asked already is not asked twice. `now`: ms."""
    rows = [{"person": one, "sha256": sha256, "asked_by": asked_by, "asked_at": now} for one in sorted(set(persons))]
    await connection.execute(insert_into(connection.dialect, photo_wanted).on_conflict_do_nothing(), rows)


async def wanted_of(connection: AsyncConnection, person: str) -> tuple[str, ...]:
    """Return the pictures that a person is asked for."""
    return tuple((await connection.execute(_WANTED, {"who": person})).scalars())


async def no_longer_want(connection: AsyncConnection, sha256: str, person: str) -> None:
    """Ask a person for a picture no more: it came."""
    this = and_(photo_wanted.c.person == person, photo_wanted.c.sha256 == sha256)
    await connection.execute(delete(photo_wanted).where(this))


async def naming_persons(connection: AsyncConnection, record_id: str, sha256: str) -> list[str]:
    """Return whose writes of a record name a picture."""
    query = select(photo.c.person).where(photo.c.record == record_id, photo.c.sha256 == sha256)
    return list((await connection.execute(query)).scalars())


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


async def add_upload(connection: AsyncConnection, made: Upload) -> None:
    """Note an upload that begins."""
    await connection.execute(upload.insert(), asdict(made))


async def find_upload(connection: AsyncConnection, id_: str) -> Upload | None:
    """Return an upload."""
    row = (await connection.execute(select(upload).where(upload.c.id == id_))).one_or_none()
    return None if row is None else Upload(*row)


async def count_uploads(connection: AsyncConnection, person: str) -> int:
    """Return how many unfinished uploads a person has."""
    query = select(func.count()).select_from(upload).where(upload.c.person == person, not_(upload.c.finished))
    return int((await connection.execute(query)).scalar_one())


async def prolong_upload(connection: AsyncConnection, id_: str, expires_at: int) -> None:
    """Set until when an upload is kept (ms)."""
    await connection.execute(update(upload).where(upload.c.id == id_).values(expires_at=expires_at))


async def finish_upload(connection: AsyncConnection, id_: str) -> None:
    """Note that an upload became a picture."""
    await connection.execute(update(upload).where(upload.c.id == id_).values(finished=True))


async def drop_upload(connection: AsyncConnection, id_: str) -> None:
    """Forget an upload."""
    await connection.execute(delete(upload).where(upload.c.id == id_))


async def expired_uploads(connection: AsyncConnection, now: int, limit: int) -> list[str]:
    """Return the uploads whose time is over."""
    return list(
        (await connection.execute(select(upload.c.id).where(upload.c.expires_at <= now).limit(limit))).scalars()
    )
