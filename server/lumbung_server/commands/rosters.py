"""Say what a roster changes, and what is wrong with it by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lumbung_server.commands.telling import Telling
from lumbung_server.roster.planning import Act, Change, Held
from lumbung_server.services.roster import Imported, import_roster
from lumbung_server.services.site import Site
from lumbung_server.settings import Unusable
from lumbung_server.xlsform.sheets import MAX_BYTES
from lumbung_shared.codec import to_wire
from lumbung_shared.protocol import Role, SheetRemark
from lumbung_shared.times import local_date

_ROLES: Mapping[str, str] = {
    Role.CADRE: "kader",
    Role.DISTRICT_COORDINATOR: "koordinator kecamatan",
    Role.REGENCY_COORDINATOR: "koordinator kabupaten/kota",
    Role.PROVINCE_COORDINATOR: "koordinator provinsi",
    Role.ADMINISTRATOR: "administrator",
}
_CHANGES: Mapping[Act, str] = {
    Act.ADD_PERSON: "orang baru: {after}",
    Act.CHANGE_NAME: "nama: {before} → {after}",
    Act.CHANGE_PROFESSION: "profesi: {before} → {after}",
    Act.CHANGE_PHONE: "nomor telepon berubah",
    Act.CHANGE_ORGANISATION: "organisasi: {before} → {after}",
    Act.ADD_ROLE: "peran baru: {role}",
    Act.MOVE_ROLE: "peran berganti hari: {role}",
    Act.END_ROLE: "peran berakhir: {role}",
    Act.DROP_ROLE: "peran tidak jadi dimulai: {role}",
}


def read_roster(file: Path) -> bytes:
    """Return what is in a file, or a little more of it than a roster may have. Raises Unusable."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unusable(f"{file} tidak dapat dibaca ({error.strerror or type(error).__name__})") from None


async def run_import(site: Site, telling: Telling, content: bytes, *, dry_run: bool) -> int:
    """Import a roster, or say what that would do; return the exit code."""
    imported = await import_roster(site, telling.actor, content, dry_run=dry_run)
    plan = imported.plan
    told: dict[str, Any] = {
        "stored": imported.stored,
        "people": plan.people,
        "changes": [_plain(change, imported.regions) for change in plan.changes],
        "problems": [to_wire(one) for one in plan.problems],
    }
    if plan.problems:
        return telling.faulty(_problems(imported), **told)
    return telling.done(_changes(imported), **told)


def _plain(change: Change, regions: Mapping[str, str]) -> dict[str, Any]:
    plain: dict[str, Any] = {"act": change.act.value, "person": change.person, "row": change.row}
    if change.act is not Act.CHANGE_PHONE:
        plain |= {name: text for name, text in (("before", change.before), ("after", change.after)) if text}
    if change.role is not None:
        held = change.role
        plain |= {"role": held.role, "region": held.region, "region_name": regions.get(held.region, "")}
        plain |= {"begins": held.begins, "ends": held.ends}
    return plain


def _problems(imported: Imported) -> Iterator[str]:
    problems = imported.plan.problems
    yield f"lumbung: {len(problems)} hal perlu diperbaiki; tidak ada yang disimpan"
    yield from map(_problem, problems)
    if imported.plan.changes:
        yield "yang lainnya akan berubah begini:"
        yield from _lines(imported)


def _problem(one: SheetRemark) -> str:
    place = ", ".join(part for part in (f"baris {one.row}" if one.row else "", one.column) if part)
    return f"  {place}: {one.message.id}" if place else f"  {one.message.id}"


def _changes(imported: Imported) -> Iterator[str]:
    plan = imported.plan
    if not plan.changes:
        yield f"lumbung: {plan.people} orang dibaca, tidak ada yang berubah"
        return
    done = "tersimpan" if imported.stored else "akan disimpan (ini baru percobaan)"
    yield f"lumbung: {plan.people} orang dibaca, {len(plan.changes)} perubahan {done}:"
    yield from _lines(imported)


def _lines(imported: Imported) -> Iterator[str]:
    new = {change.person for change in imported.plan.changes if change.act is Act.ADD_PERSON}
    for change in imported.plan.changes:
        if change.person in new and change.act not in (Act.ADD_PERSON, Act.ADD_ROLE):
            continue
        role = _role(change.role, imported.regions) if change.role else ""
        said = _CHANGES[change.act].format(before=change.before or "-", after=change.after or "-", role=role)
        yield f"  {change.person}: {said}"


def _role(held: Held, regions: Mapping[str, str]) -> str:
    said = f"{_ROLES.get(held.role, held.role)} di {regions.get(held.region, '')} ({held.region})"
    said += f" sejak {local_date(held.begins).isoformat()}"
    return said if held.ends is None else f"{said} sampai {local_date(held.ends - 1).isoformat()}"
