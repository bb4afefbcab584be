"""Answer what people ask about their own data: all of it in a file, or some of it erased."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path

from lumbung_server.commands.telling import Telling
from lumbung_server.db.copies import scrub, sqlite_file
from lumbung_server.person_file import write_person_file
from lumbung_server.services.erasing import Gone, NotErased, Order, Reason, erase_person, erase_record
from lumbung_server.services.person_data import person_data
from lumbung_server.services.site import Site


async def run_person_data(site: Site, telling: Telling, person: str, target: Path) -> int:
    """Save everything that is stored about a person. Raises Unusable, Busy, BlobsFailed."""
    found = await person_data(site, telling.actor, person)
    if found is None:
        return telling.failed(f"tidak ada orang dengan id {person}")
    photos, lacking = await write_person_file(site.blobs, found, target)
    said = f"data {person} tersimpan di {target} ({len(found.records)} catatan, {photos} foto)"
    lines = [f"lumbung: {said}"]
    if lacking:
        lines += [f"lumbung: {lacking} foto belum sampai di server atau tidak ada lagi"]
    told = {"records": len(found.records), "photos": photos, "lacking": lacking}
    return telling.done(lines, person=person, file=str(target), **told)


async def run_erase(site: Site, telling: Telling, chosen: argparse.Namespace) -> int:
    """Erase a person, or answers of a record. Raises Unusable, Busy, BlobsFailed, OSError."""
    order = Order(telling.actor, Reason(chosen.reason), chosen.request)
    dry_run: bool = chosen.dry_run
    try:
        if chosen.what == "record":
            gone = await erase_record(site, order, chosen.subject, chosen.field, dry_run=dry_run)
        elif chosen.field:
            return telling.failed("--field hanya untuk `lumbung erase record`")
        else:
            gone = await erase_person(site, order, chosen.subject, dry_run=dry_run)
    except NotErased as said:
        return telling.failed(str(said))
    told = {
        "what": chosen.what,
        "subject": chosen.subject,
        "dry_run": dry_run,
        "again": gone.again,
        "paths": list(gone.paths),
        "values": gone.values,
        "writes": gone.writes,
        "photos": list(gone.photos),
        "devices": gone.devices,
    }
    if dry_run:
        return telling.done(_said(gone, chosen, "akan dihapus"), **told)
    file = sqlite_file(site.settings.database_url)
    scrubbed = file is not None and await asyncio.to_thread(scrub, file)
    lines = [*_said(gone, chosen, "dihapus"), *_afterwards(file, scrubbed=scrubbed)]
    return telling.done(lines, scrubbed=scrubbed, **told)


def _said(gone: Gone, chosen: argparse.Namespace, verb: str) -> Iterator[str]:
    if gone.again:
        yield "lumbung: sudah dihapus sebelumnya; tidak ada yang berubah"
    elif chosen.what == "person":
        yield f"lumbung: nama, pekerjaan, nomor telepon, dan akun {chosen.subject} {verb}"
        yield f"lumbung: izin {gone.devices} perangkat dicabut; wilayah, peran, dan catatannya tetap tersimpan"
    else:
        yield f"lumbung: {gone.values} jawaban dalam {gone.writes} perubahan {verb}: {', '.join(gone.paths)}"
        if gone.photos:
            yield f"lumbung: {len(gone.photos)} berkas foto {verb}"


def _afterwards(file: Path | None, *, scrubbed: bool) -> Iterator[str]:
    if file is None:
        yield "lumbung: jalankan VACUUM FULL pada PostgreSQL agar sisa lamanya hilang dari disk"
    elif not scrubbed:
        yield "lumbung: sisa lamanya masih ada di berkas basis data; ulangi perintah ini saat server tidak sibuk"
    yield "lumbung: cadangan yang dibuat sebelumnya masih memuatnya; hapus cadangan itu bila sudah tidak diperlukan"
