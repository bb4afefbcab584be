"""What can be said to the command `lumbung`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from lumbung_server.services.erasing import Reason

_EPILOG = """\
kode keluar: 0 selesai; 1 tidak dapat dilakukan; 2 perintah salah ditulis;
3 sudah diperiksa dan ada yang salah (import-roster, check, backup --photos); 130 dihentikan dengan Ctrl+C"""


_LONGEST_NUMBER = 60


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments of a run."""
    made = argparse.ArgumentParser(
        prog="lumbung",
        description="Server sinkronisasi Lumbung. Setelannya dibaca dari lingkungan: lihat docs/operations.md.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = _Commands(made.add_subparsers(dest="command", required=True, metavar="PERINTAH"))
    _serving(commands)
    _people(commands)
    _accounts(commands)
    _privacy(commands)
    _upkeep(commands)
    _receipts(commands)
    return made


class _Commands:
    """Adds commands that all have a help of their own and can answer in JSON."""

    def __init__(self, parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
        self._parsers = parsers

    def add(self, name: str, said: str) -> argparse.ArgumentParser:
        made = self._made(name, said)
        made.add_argument("--json", action="store_true", help="jawab sebagai satu objek JSON")
        return made

    def group(self, name: str, said: str, dest: str) -> _Commands:
        """Return a command that has commands of its own, the chosen one in `dest`."""
        parsers = self._made(name, said).add_subparsers(dest=dest, required=True, metavar="PERINTAH")
        return _Commands(parsers)

    def _made(self, name: str, said: str) -> argparse.ArgumentParser:
        formatter = argparse.RawDescriptionHelpFormatter
        return self._parsers.add_parser(name, help=said, description=said, epilog=_EPILOG, formatter_class=formatter)


def _serving(commands: _Commands) -> None:
    serve = commands.add("serve", "jalankan server di 127.0.0.1")
    serve.add_argument("--demo", action="store_true", help="muat kader Kota Bontang dan buat kode untuk mencoba")
    commands.add("migrate", "siapkan atau perbarui basis data")


def _people(commands: _Commands) -> None:
    importing = commands.add("import-roster", "simpan daftar orang dan perannya dari berkas CSV atau XLSX")
    importing.add_argument("file", type=Path, help="berkas CSV atau XLSX, misalnya docs/roster-bontang.csv")
    importing.add_argument("--dry-run", action="store_true", help="hanya katakan apa yang akan berubah")
    inviting = commands.add("invite", "buat satu kode pendaftaran")
    inviting.add_argument("person", help="id orang, misalnya kdr-001")
    revoking = commands.add("revoke", "cabut izin ponsel seseorang, misalnya karena hilang")
    revoking.add_argument("person", help="id orang, misalnya kdr-001")
    revoking.add_argument("--device", default="", metavar="ID", help="hanya perangkat ini; tanpa ini semua")
    revoking.add_argument("--list", action="store_true", help="hanya sebutkan perangkatnya")
    auditing = commands.add("audit", "sebutkan apa yang dilakukan administrator dan koordinator, yang terbaru dulu")
    auditing.add_argument("--about", default="", metavar="ORANG", help="hanya tentang atau oleh orang ini")
    auditing.add_argument("--limit", type=int, default=100, metavar="N", help="paling banyak sekian; biasanya 100")
    naming = commands.add("organisations", "sebut nama-nama organisasi, atau ganti salah satunya")
    naming.add_argument("--rename", nargs=2, metavar=("LAMA", "BARU"), help="beri organisasi nama baru")
    naming.add_argument("--since", type=_day, metavar="TANGGAL", help="berlaku sejak hari apa; tanpa ini hari ini")


def _accounts(commands: _Commands) -> None:
    acts = commands.group("account", "akun koordinator; tiap perintahnya menerima --json", "act")
    adding = acts.add("add", "beri seseorang akun, dan buat tautan sekali pakai untuk membuat kata sandinya")
    adding.add_argument("person", help="id orang, misalnya koor-01")
    adding.add_argument("login", help="nama pengguna yang baru, misalnya koordinator.bontang")
    resetting = acts.add(
        "reset", "buat tautan sekali pakai untuk membuat kata sandi baru; yang lama tidak berlaku lagi"
    )
    resetting.add_argument("login", help="nama pengguna")
    off = acts.add("totp-off", "matikan verifikasi dua langkah, misalnya karena ponselnya hilang")
    off.add_argument("login", help="nama pengguna")


def _privacy(commands: _Commands) -> None:
    telling = commands.add("person-data", "simpan semua data tentang satu orang dalam satu berkas ZIP")
    telling.add_argument("person", help="id orang, misalnya kdr-001")
    telling.add_argument("--out", type=Path, required=True, metavar="BERKAS", help="berkas ZIP baru")
    erasing = commands.add("erase", "hapus data pribadi atas permintaan; tidak dapat dibatalkan")
    erasing.add_argument("what", choices=("record", "person"), help="isian sebuah catatan, atau identitas seseorang")
    erasing.add_argument("subject", metavar="ID", help="id catatan, atau id orang yang sudah tidak punya peran")
    erasing.add_argument(
        "--field", nargs="+", default=[], metavar="ISIAN", help="hanya isian ini; tanpa ini semua isian pribadi"
    )
    erasing.add_argument(
        "--reason",
        choices=[one.value for one in Reason],
        default=Reason.REQUEST.value,
        help="alasan; biasanya permintaan yang bersangkutan",
    )
    erasing.add_argument("--request", type=_number, default="", metavar="NOMOR", help="nomor surat permintaannya")
    erasing.add_argument("--dry-run", action="store_true", help="hanya katakan apa yang akan hilang")


def _number(text: str) -> str:
    if len(text) > _LONGEST_NUMBER or not text.isprintable():
        raise ValueError
    return text


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _upkeep(commands: _Commands) -> None:
    saving = commands.add("backup", "simpan salinan basis data, juga selagi server berjalan")
    saving.add_argument("file", type=Path, help="berkas baru, misalnya cadangan.sqlite3; dengan --photos folder baru")
    saving.add_argument("--photos", action="store_true", help="semua foto juga, bersama basis data dalam satu folder")
    restoring = commands.add("restore", "pulihkan basis data dari cadangan; server harus berhenti")
    restoring.add_argument("file", type=Path, help="berkas atau folder yang dibuat oleh backup")
    restoring.add_argument(
        "--replace", action="store_true", help="juga bila sudah ada isinya; yang lama tetap disimpan"
    )
    commands.add("reconcile", "setelah basis data dipulihkan dengan cara lain: minta ponsel mencocokkan catatannya")
    commands.add("sweep", "hapus unggahan yang terhenti dan foto tanpa catatan; server melakukannya tiap jam")
    commands.add("recount", "hitung ulang angka ikhtisar dari semua catatan, juga selagi server berjalan")
    checking = commands.add("check", "periksa apakah semua yang tersimpan cocok satu sama lain")
    checking.add_argument("--photos", action="store_true", help="baca juga setiap foto sampai habis")


def _receipts(commands: _Commands) -> None:
    verifying = commands.add("verify-receipt", "periksa apakah sebuah bukti terima sah, juga tanpa jaringan")
    verifying.add_argument("file", type=Path, help="berkas berisi teks yang dibagikan ponsel, atau buktinya dalam JSON")
    verifying.add_argument(
        "--keys",
        required=True,
        metavar="SUMBER",
        help="berkas berisi kunci umum server, atau alamat server, misalnya https://lumbung.example",
    )
