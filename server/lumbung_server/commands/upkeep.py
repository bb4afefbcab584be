"""Save, restore, check and tidy up what the server keeps."""

from __future__ import annotations

import time
from pathlib import Path

from lumbung_server.backups import Saved, back_up, note_backup, reconcile, restore, save_all
from lumbung_server.commands.telling import Telling
from lumbung_server.services.checking import Fault, Finding, check
from lumbung_server.services.recounting import recount
from lumbung_server.services.site import Site
from lumbung_server.services.sweeping import sweep
from lumbung_server.settings import Settings

_FINDINGS = {
    Finding.DATABASE_DAMAGED: "berkas basis data rusak",
    Finding.COUNTER_BEHIND: "hitungan wilayah lebih kecil daripada isinya",
    Finding.RECEIPT_MISSING: "tanda terima tidak ada",
    Finding.RECEIPT_WRONG: "tanda terima tidak cocok dengan catatannya",
    Finding.WRITE_CHANGED: "isi catatan berubah setelah diterima",
    Finding.RECORD_WRONG: "keadaan catatan tidak sesuai dengan perubahan-perubahannya",
    Finding.FEED_WRONG: "catatan tidak tampil di wilayahnya, atau tampil di wilayah lain",
    Finding.LISTED_WRONG: "yang disimpan untuk saringan dan pencarian tidak sesuai dengan catatannya",
    Finding.PHOTO_MISSING: "foto tidak ada di tempatnya",
    Finding.PHOTO_DAMAGED: "berkas foto rusak",
    Finding.REGION_LOST: "wilayah tanpa induk",
    Finding.ROLE_TWICE: "peran yang sama berlaku dua kali",
    Finding.ERASED_THERE: "isian yang sudah dihapus atas permintaan masih ada",
    Finding.ERASURE_UNLISTED: "penghapusan hanya tercatat di basis data, atau hanya di erasures.jsonl",
    Finding.CATALOGUE_WRONG: "katalog produk tidak sama dengan catatan yang boleh tampil di sana",
    Finding.TALLY_WRONG: "angka ikhtisar tidak sama dengan hitungan ulang; jalankan lumbung recount",
    Finding.JOINING_WRONG: "keputusan kegiatan ganda tidak sesuai dengan catatannya",
    Finding.COUNTED_WRONG: "kegiatan ganda dihitung keliru",
}
_SHOWN = 100


def run_backup(settings: Settings, telling: Telling, target: Path, *, photos: bool) -> int:
    """Save the database, and with `photos` all pictures. Raises Unusable."""
    note_backup(settings, telling.actor)
    if not photos:
        size = back_up(settings, target)
        said = f"cadangan selesai dan sudah diperiksa: {target} ({_grouped(size)} bita)"
        return telling.done([f"lumbung: {said}"], file=str(target), bytes=size)
    saved = save_all(settings, target, time.time_ns() // 1_000_000)
    told = {"folder": str(target), "bytes": saved.size, "photos": saved.photos, "lacking": list(saved.lacking)}
    lines = [f"lumbung: cadangan selesai dan sudah diperiksa: {target} ({_saved(saved)})"]
    if not saved.lacking:
        return telling.done(lines, **told)
    lines += [f"lumbung: {len(saved.lacking)} foto tidak ada atau rusak di server, jadi tidak ikut tersimpan:"]
    return telling.faulty([*lines, *(f"  {name}" for name in saved.lacking[:_SHOWN])], **told)


def _saved(saved: Saved) -> str:
    return f"basis data {_grouped(saved.size)} bita, {saved.photos} foto"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def run_restore(settings: Settings, telling: Telling, source: Path, *, replace: bool) -> int:
    """Put a saved database in place. Raises Unusable, OSError."""
    telling.progress(f"memeriksa {source} dan memulihkan basis data …")
    restored = restore(settings, telling.actor, source, time.time_ns() // 1_000_000, replacing=replace)
    lines = [f"lumbung: basis data dipulihkan dari {source}"]
    if restored.kept is not None:
        lines += [f"lumbung: yang lama tetap disimpan di {restored.kept}"]
    if restored.photos:
        lines += [f"lumbung: {restored.photos} foto dikembalikan ke tempatnya"]
    lines += ["lumbung: jalankan server lagi: ponsel akan menawarkan lagi catatan yang dibuat setelah cadangan itu"]
    kept = str(restored.kept) if restored.kept else ""
    return telling.done(lines, source=str(source), kept=kept, photos=restored.photos)


def run_reconcile(settings: Settings, telling: Telling) -> int:
    """Begin a new epoch. Raises Unusable, Busy."""
    reconcile(settings, telling.actor)
    return telling.done(["lumbung: semua ponsel akan mencocokkan catatannya dengan server saat mengirim berikutnya"])


async def run_sweep(site: Site, telling: Telling) -> int:
    """Throw away uploads that were given up and pictures that nobody names."""
    dropped, removed = await sweep(site)
    said = f"{dropped} unggahan yang terhenti dan {removed} foto tanpa catatan sudah dihapus"
    return telling.done([f"lumbung: {said}"], uploads=dropped, photos=removed)


async def run_recount(site: Site, telling: Telling) -> int:
    """Reckon the numbers of the overview anew."""
    telling.progress("menghitung ulang angka ikhtisar dari semua catatan …")
    counted = await recount(site)
    return telling.done([f"lumbung: angka ikhtisar dihitung ulang dari {_grouped(counted)} catatan"], records=counted)


async def run_check(site: Site, telling: Telling, *, photos: bool) -> int:
    """Look whether everything that is stored fits together. `photos`: read every picture as well."""
    telling.progress("memeriksa basis data dan foto …")
    checked = await check(site, read_photos=photos)
    told = {
        "looked_at": checked.looked_at,
        "faults": [{"code": one.finding, "where": one.where} for one in checked.faults],
    }
    counted = ", ".join(f"{number} {name}" for name, number in checked.looked_at.items())
    if not checked.faults:
        return telling.done([f"lumbung: semuanya cocok ({counted})"], **told)
    lines = [f"lumbung: {len(checked.faults)} hal tidak cocok ({counted}):"]
    return telling.faulty([*lines, *map(_fault, checked.faults[:_SHOWN])], **told)


def _fault(one: Fault) -> str:
    return f"  {one.finding}: {_FINDINGS[one.finding]} ({one.where})"
