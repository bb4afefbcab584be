"""What the database says about itself: its epoch and runs, and the keys that seal receipts and cursors."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import erasure, home, instance, photo_wanted, receipt_key, run
from lumbung_server.repositories.forms import LAST_NUMBER

_EPOCH, _CURSOR_KEY, _TALLIES, _UNLISTED = "epoch", "cursor-key", "tallies", "unlisted"


def _named(name: str) -> Select[tuple[str]]:
    return select(instance.c.value).where(instance.c.name == name)


# Putting a statement together takes longer than running it: those that every sync needs are kept.
_READ_EPOCH = _named(_EPOCH)
_STANDING = select(
    _READ_EPOCH.scalar_subquery(),
    _named(_CURSOR_KEY).scalar_subquery(),
    select(run.c.name).order_by(run.c.number.desc()).limit(1).scalar_subquery(),
    select(func.sum(home.c.n)).scalar_subquery(),
    LAST_NUMBER.scalar_subquery(),
    select(photo_wanted.c.person).exists(),
    select(erasure.c.id).where(erasure.c.what == "person").exists(),
)


@dataclass(frozen=True)
class History:
    """Where the database stands at one moment.

    `epoch`: the name of this history; `key`: what cursors are sealed with; `run`: the name of the server's last start,
    empty before the first; `offers`: the number of the last change of the offers of forms; `total`: the sum of that and
    of all homes' counters, which only ever grows. `wants`: somebody is asked for a picture;
    `forgets`: somebody was erased.
    """

    epoch: str
    key: str
    run: str
    total: int
    offers: int
    wants: bool = False
    forgets: bool = False


async def epoch(connection: AsyncConnection) -> str:
    """Return the epoch: the name of this history, new after a restore."""
    return str((await connection.execute(_READ_EPOCH)).scalar_one())


async def history(connection: AsyncConnection) -> History:
    """Return where the database stands."""
    found, key, name, count, offers, wants, forgets = (await connection.execute(_STANDING)).one()
    return History(str(found), key or "", name or "", int(count or 0) + offers, offers, bool(wants), bool(forgets))


async def name_history(connection: AsyncConnection, epoch_name: str, cursor_key: str) -> None:
    """Name the history of a new database and give it a key for cursors; one that has them keeps them."""
    rows = [{"name": _EPOCH, "value": epoch_name}, {"name": _CURSOR_KEY, "value": cursor_key}]
    await connection.execute(insert_into(connection.dialect, instance).on_conflict_do_nothing(), rows)


async def replace_epoch(connection: AsyncConnection, before: str, after: str) -> bool:
    """Give the history another name and tell whether that happened: not when it is not called `before` any more."""
    named = instance.c.name == _EPOCH, instance.c.value == before
    return (await connection.execute(update(instance).where(*named).values(value=after))).rowcount == 1


async def tallied_by(connection: AsyncConnection) -> str:
    """Return by which rules the tallies were reckoned last, empty text before the first time."""
    return str((await connection.execute(_named(_TALLIES))).scalar() or "")


async def note_tallied(connection: AsyncConnection, rules: str) -> None:
    """Note by which rules the tallies are reckoned from here on."""
    adding = insert_into(connection.dialect, instance).values(name=_TALLIES, value=rules)
    changed = {"value": adding.excluded["value"]}
    await connection.execute(adding.on_conflict_do_update(index_elements=["name"], set_=changed))


async def add_run(connection: AsyncConnection, name: str, total: int) -> None:
    """Note that the server starts. Must run alone, with all homes locked. `total`: as `History` says."""
    last = (await connection.execute(select(func.coalesce(func.max(run.c.number), 0)))).scalar_one()
    await connection.execute(run.insert().values(number=last + 1, name=name, total=total))


async def total_after(connection: AsyncConnection, name: str) -> int | None:
    """Return the sum of the counters when a run was followed by the next; None for the last run and an unknown one."""
    number = select(run.c.number + 1).where(run.c.name == name).scalar_subquery()
    return (await connection.execute(select(run.c.total).where(run.c.number == number))).scalar_one_or_none()


async def add_receipt_key(connection: AsyncConnection, key: str, public: str, now: int) -> None:
    """Publish the public half of a key that seals receipts."""
    adding = insert_into(connection.dialect, receipt_key).values(id=key, public=public, since=now)
    await connection.execute(adding.on_conflict_do_nothing())


async def receipt_keys(connection: AsyncConnection) -> dict[str, str]:
    """Return key id to public key, base64url, of every key that ever sealed receipts here."""
    rows = await connection.execute(select(receipt_key.c.id, receipt_key.c.public))
    return {row.id: row.public for row in rows}


async def is_unlisted(connection: AsyncConnection) -> bool:
    """Tell whether records of before wait for what lists ask of them."""
    return (await connection.execute(_named(_UNLISTED))).first() is not None


async def all_listed(connection: AsyncConnection) -> None:
    """Say that no record waits for that any more."""
    await connection.execute(delete(instance).where(instance.c.name == _UNLISTED))
