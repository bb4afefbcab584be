"""Write all about one person into a ZIP file: lines for programs, a page to read, and the pictures."""

from __future__ import annotations

import asyncio
import html
import json
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lumbung_server.db.copies import flush, publish
from lumbung_server.services.blobs import Blobs
from lumbung_server.services.person_data import PersonData
from lumbung_server.settings import Unusable
from lumbung_shared.times import local_datetime

LINES, PAGE, PHOTOS = "data.jsonl", "baca.html", "foto"

_TITLES = {
    "person": "Orang",
    "contact": "Nomor telepon",
    "membership": "Keanggotaan organisasi",
    "grant": "Peran dan wilayah",
    "account": "Akun",
    "session": "Masuk ke layar akun",
    "device": "Perangkat",
    "replica": "Penyimpanan di perangkat",
    "enrolment_code": "Kode pendaftaran",
    "handover": "Serah terima dari ponsel yang izinnya dicabut",
    "handed_write": "Isian dalam serah terima",
    "audit_about": "Tindakan administrator dan koordinator tentang orang ini",
    "audit_by": "Tindakan orang ini sebagai koordinator atau administrator",
}
_COLUMNS = {
    "id": "id",
    "name": "nama",
    "profession": "pekerjaan",
    "phone": "telepon",
    "since": "sejak",
    "organisation": "organisasi",
    "role": "peran",
    "region": "wilayah",
    "version": "versi",
    "valid_from": "mulai",
    "valid_to": "sampai",
    "login": "nama masuk",
    "app": "versi aplikasi",
    "created_at": "dibuat",
    "expires_at": "berlaku sampai",
    "revoked_at": "dicabut",
    "last_seen": "terakhir terdengar",
    "skew": "selisih jam (ms)",
    "standing": "isi ponsel menurut ponselnya",
    "standing_at": "menurut ponselnya pada",
    "device": "perangkat",
    "made_at": "dibuat",
    "used_at": "dipakai",
    "number": "nomor",
    "at": "waktu",
    "act": "tindakan",
    "details": "rincian",
    "came_at": "diserahkan",
    "state": "keadaan",
    "decided_at": "diputuskan",
    "reason": "alasan",
    "record": "catatan",
    "kind": "jenis",
}
_TIMES = frozenset(
    {
        "valid_from",
        "valid_to",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_seen",
        "standing_at",
        "made_at",
        "used_at",
        "at",
        "came_at",
        "decided_at",
    }
)
_NO_TIME = {"valid_from": "sejak awal"}
_STYLE = (
    "body{font:16px/1.5 sans-serif;margin:2em auto;max-width:60em;padding:0 1em}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}"
)


async def write_person_file(blobs: Blobs, found: PersonData, target: Path) -> tuple[int, int]:
    """Write the file, whole or not at all, for its owner alone; return how many pictures are in it and how many lack.

    Raises Unusable, BlobsFailed.
    """
    made = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        opened = os.fdopen(os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        with opened, zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(LINES, "".join(f"{line}\n" for line in _lines(found)))
            packed.writestr(PAGE, "\n".join(_page(found)))
            put = 0
            for name in found.photos:
                content = await blobs.get(name)
                if content is not None:
                    # One at a time in memory; they are compressed already.
                    await asyncio.to_thread(packed.writestr, f"{PHOTOS}/{name}.jpg", content, zipfile.ZIP_STORED)
                    put += 1
        flush(made)
        publish(made, target)
    except FileExistsError:
        raise Unusable(f"{target} sudah ada; pilih nama lain") from None
    except OSError as error:
        raise Unusable(f"{target} tidak dapat ditulis ({error.strerror}); periksa folder dan ruang disknya") from None
    finally:
        made.unlink(missing_ok=True)
    return put, len(found.photos) - put


def _lines(found: PersonData) -> Iterator[str]:
    """Yield a JSON object for each row: `table` says of which."""
    yield _json({"table": "made", "person": found.person, "at": found.at})
    for table, rows in found.about.items():
        for row in rows:
            yield _json({"table": table, **row})
    for record in found.records:
        yield _json({"table": "record", **record})
    for name, arrived in found.photos.items():
        yield _json({"table": "photo", "sha256": name, "arrived": arrived})


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _page(found: PersonData) -> Iterator[str]:
    title = f"Data tentang {html.escape(found.person)}"
    yield f'<!doctype html><html lang="id"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    yield f"<h1>{title}</h1><p>Dibuat {_when(found.at)}. Inilah semua data yang tersimpan di server tentang orang ini."
    yield "Dari kata sandi, kode, dan token hanya sidiknya yang disimpan, dan kunci verifikasi dua langkah tersandi; "
    yield "itu tidak ikut di sini.</p>"
    for table, name in _TITLES.items():
        yield f"<h2>{name}</h2>"
        yield from _table(found.about[table])
    yield f"<h2>Catatan ({len(found.records)})</h2>"
    yield "<p>Yang dibuat orang ini, dan perubahannya pada catatan lain. Isian tentang orang lain disembunyikan.</p>"
    for record in found.records:
        yield f"<h3>{html.escape(' '.join((record['kind'], record['date'], record['region'])))}</h3>"
        yield from _table([{"at": one["at"], **one["sets"]} for one in record["writes"]])
    yield f"<h2>Foto ({len(found.photos)})</h2><ul>"
    for name, arrived in found.photos.items():
        shown = f"{PHOTOS}/{name}.jpg" if arrived else f"{name} (belum sampai di server)"
        yield f"<li>{html.escape(shown)}</li>"
    yield "</ul></html>"


def _table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "<p>Tidak ada.</p>"
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    yield "<table><tr>" + "".join(f"<th>{html.escape(_COLUMNS.get(name, name))}</th>" for name in names) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{html.escape(_cell(name, row.get(name)))}</td>" for name in names) + "</tr>"
    yield "</table>"


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in _TIMES and isinstance(value, int):
        return _when(value) if value else _NO_TIME.get(name, "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _when(at: int) -> str:
    return f"{local_datetime(at):%Y-%m-%d %H.%M} WITA"
