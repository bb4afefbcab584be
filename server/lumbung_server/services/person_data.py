"""Gather everything that is stored about one person, for that person. Nothing of it identifies anybody else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lumbung_server.db.connections import reading, writing
from lumbung_server.repositories import person_data as stored
from lumbung_server.repositories.records import StoredRecord, StoredWrite
from lumbung_server.services.audit import Actor, AuditAct, note
from lumbung_server.services.site import Site
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import Form
from lumbung_shared.personal import is_personal
from lumbung_shared.photos import is_picture
from lumbung_shared.writes import Write

OTHERS = "(data orang lain)"
"""Stands for what a person wrote down about somebody else: theirs to write, not theirs to be told again."""


@dataclass(frozen=True)
class PersonData:
    """All about a person. `about`: table to rows; `records`: those they made or wrote in, with their own writes only.

    `photos`: names of the pictures that their writes name, and whether they arrived. Times in ms.
    """

    person: str
    at: int
    about: Mapping[str, Sequence[Mapping[str, Any]]]
    records: tuple[Mapping[str, Any], ...]
    photos: Mapping[str, bool]


async def person_data(site: Site, actor: Actor, person: str) -> PersonData | None:
    """Return all about a person and take down that it was asked for; None when nobody has that id. Raises Busy."""
    async with reading(site.engine, at_length=True) as connection:
        about = await stored.rows_about(connection, person)
        if not about["person"]:
            return None
        records = await stored.records_by(connection, person)
        writes = await stored.writes_by(connection, person)
        handed = [from_wire(Write, json.loads(row["content"])) for row in about["handed_write"]]
        own = [*(one.offered.write for of_one in writes.values() for one in of_one), *handed]
        await site.forms.fetch(connection, {(one.kind, one.form) for one in own})
        photos = await stored.photos_by(connection, person)
    await writing(site.engine, lambda connection: note(connection, site, actor, AuditAct.PERSON_DATA, about=person))
    for row, write in zip(about["handed_write"], handed, strict=True):
        del row["content"]
        row.update(record=write.record, kind=write.kind, details=_sets(site, write))
    for row in about["audit_about"]:
        row["details"] = json.loads(row["details"])
    told = tuple(_record(site, person, one, writes.get(one.id, [])) for one in records)
    return PersonData(person, site.now(), about, told, photos)


def _record(site: Site, person: str, one: StoredRecord, writes: Sequence[StoredWrite]) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "form": one.form,
        "region": one.region,
        "date": one.date,
        "author": one.author == person,
        "deleted": one.deleted,
        "made_at": one.made_at,
        "writes": [_write(site, written) for written in writes],
    }


def _write(site: Site, one: StoredWrite) -> dict[str, Any]:
    return {"replica": one.replica, "n": one.n, "at": one.at, "sets": _sets(site, one.offered.write)}


def _sets(site: Site, write: Write) -> dict[str, Json]:
    form = site.forms.forms.get((write.kind, write.form))
    return {path: _told(form, path, value) for path, value in write.sets.items()}


def _told(form: Form | None, path: str, value: Json) -> Json:
    """Return a value as its writer is told it: who stands in one is somebody else; pictures are told by name."""
    hides = form is not None and not is_picture(value) and is_personal(form, path)
    return OTHERS if hides else value
