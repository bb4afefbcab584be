"""The command `lumbung`: read settings, prepare the database, serve. The one place where a process is composed."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from lumbung_server.announcement import announce, enrolment_link, say, show_code
from lumbung_server.app import open_site, serving_app
from lumbung_server.backups import back_up, reconcile, restore
from lumbung_server.commands.rosters import read_roster, run_import
from lumbung_server.commands.telling import INTERRUPTED, Telling
from lumbung_server.db.connections import Busy, DatabaseFault
from lumbung_server.db.copies import held, sqlite_file
from lumbung_server.db.migrate import migrate
from lumbung_server.logs import set_up_logs
from lumbung_server.services.admission import invite
from lumbung_server.services.demo import Demo, prepare_demo
from lumbung_server.services.history import begin_run
from lumbung_server.services.reference import load_reference, load_roster
from lumbung_server.services.sweeping import sweep
from lumbung_server.settings import Settings, Unusable, settings_from
from lumbung_server.workers import serve_with_workers

HOST = "127.0.0.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    chosen = _parser().parse_args(arguments)
    telling = Telling(chosen.command, getattr(chosen, "json", False))
    # What the server makes holds personal data and secrets: for its owner alone.
    mask_before = os.umask(0o077)
    try:
        return _run(chosen, telling)
    except Unusable as wrong:
        return telling.failed(str(wrong))
    except Busy:
        return telling.failed(
            "basis data tidak dapat dihubungi atau sedang dipakai program lain; coba lagi sebentar lagi"
        )
    except DatabaseFault:
        return telling.failed(
            "basis data tidak dapat ditulisi; periksa apakah disk penuh atau berkasnya hanya dapat dibaca"
        )
    except OSError as error:
        place = error.filename or "data"
        return telling.failed(
            f"{place} tidak dapat dibaca atau ditulisi; pilih folder lain, misalnya VAR=./data-lumbung"
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        os.umask(mask_before)


def _run(chosen: argparse.Namespace, telling: Telling) -> int:
    settings = settings_from(os.environ)
    set_up_logs(as_json=settings.log_json)
    match chosen.command:
        case "serve":
            return _serve(settings, demo=chosen.demo)
        case "restore":
            return _restore(settings, chosen.file)
    with _holding(settings):
        match chosen.command:
            case "migrate":
                asyncio.run(_prepare(settings))
                say("basis data siap")
            case "backup":
                size = back_up(settings, chosen.file)
                say(f"cadangan selesai dan sudah diperiksa: {chosen.file} ({size:,} bita)".replace(",", "."))
            case "reconcile":
                reconcile(settings)
                say("semua ponsel akan mencocokkan catatannya dengan server saat mengirim berikutnya")
            case "sweep":
                dropped, removed = asyncio.run(_sweep(settings))
                say(f"{dropped} unggahan yang terhenti dan {removed} foto tanpa catatan sudah dihapus")
            case "import-roster":
                return asyncio.run(_import(settings, telling, read_roster(chosen.file), dry_run=chosen.dry_run))
            case _:
                return asyncio.run(_invite(settings, chosen.person))
    return 0


def _holding(settings: Settings) -> contextlib.AbstractContextManager[None]:
    """Keep everybody from putting another database in place as long as this one is used. Raises Unusable."""
    file = sqlite_file(settings.database_url)
    return held(file) if file is not None else contextlib.nullcontext()


def _restore(settings: Settings, file: Path) -> int:
    say(f"memeriksa {file} dan memulihkan basis data …")
    kept = restore(settings, file, time.time_ns() // 1_000_000)
    say(f"basis data dipulihkan dari {file}")
    if kept is not None:
        say(f"yang lama tetap disimpan di {kept}")
    say("jalankan server lagi: ponsel akan menawarkan lagi catatan yang dibuat setelah cadangan itu")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lumbung", description="Server sinkronisasi Lumbung")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="jalankan server di 127.0.0.1")
    serve.add_argument("--demo", action="store_true", help="muat kader Kota Bontang dan buat kode untuk mencoba")
    commands.add_parser("migrate", help="siapkan atau perbarui basis data")
    saving = commands.add_parser("backup", help="simpan salinan basis data, juga selagi server berjalan (SQLite)")
    saving.add_argument("file", type=Path, help="berkas baru, misalnya cadangan-2026-11-22.sqlite3")
    restoring = commands.add_parser("restore", help="pulihkan basis data dari cadangan; server harus berhenti (SQLite)")
    restoring.add_argument("file", type=Path, help="berkas yang dibuat oleh backup")
    commands.add_parser(
        "reconcile", help="setelah basis data dipulihkan dengan cara lain: minta ponsel mencocokkan catatannya"
    )
    commands.add_parser(
        "sweep", help="hapus unggahan yang terhenti dan foto tanpa catatan; server melakukannya tiap jam"
    )
    importing = commands.add_parser("import-roster", help="simpan daftar orang dan perannya dari berkas CSV atau XLSX")
    importing.add_argument("file", type=Path, help="berkas CSV atau XLSX, misalnya docs/roster-bontang.csv")
    importing.add_argument("--dry-run", action="store_true", help="hanya katakan apa yang akan berubah")
    importing.add_argument("--json", action="store_true", help="jawab sebagai satu objek JSON")
    inviting = commands.add_parser("invite", help="buat satu kode pendaftaran")
    inviting.add_argument("person", help="id orang, misalnya kdr-001")
    return parser


def _fail(text: str) -> int:
    print(f"lumbung: {text}", file=sys.stderr, flush=True)  # noqa: T201 - the command's own output
    return 1


async def _prepare(settings: Settings, *, demo: bool = False, serving: bool = False) -> Demo | None:
    """Bring the database up to date; note the start of a server; for a demo load the roster and make codes as well."""
    site = open_site(settings)
    try:
        say("menyiapkan basis data …")
        await migrate(site.engine)
        say("memuat wilayah Kalimantan Timur …")
        await load_reference(site)
        if serving:
            await begin_run(site)
        if not demo:
            return None
        say("menyiapkan data percobaan Kota Bontang …")
        await load_roster(site)
        return await prepare_demo(site)
    finally:
        await site.engine.dispose()


async def _sweep(settings: Settings) -> tuple[int, int]:
    site = open_site(settings)
    try:
        await migrate(site.engine)
        return await sweep(site)
    finally:
        await site.engine.dispose()


async def _import(settings: Settings, telling: Telling, content: bytes, *, dry_run: bool) -> int:
    site = open_site(settings)
    try:
        await migrate(site.engine)
        await load_reference(site)
        return await run_import(site, telling, content, dry_run=dry_run)
    finally:
        await site.engine.dispose()


async def _invite(settings: Settings, person: str) -> int:
    site = open_site(settings)
    try:
        await migrate(site.engine)
        code = await invite(site, person)
    finally:
        await site.engine.dispose()
    if code is None:
        return _fail(f"tidak ada orang dengan id {person}")
    show_code(enrolment_link(settings.public_url, code), code)
    return 0


class _Server(uvicorn.Server):
    """A server that says when it has begun."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._begun()


def _serve(settings: Settings, *, demo: bool) -> int:
    try:
        listening = _bind(settings.port)
    except PermissionError:
        return _fail(f"port {settings.port} tidak boleh dipakai oleh akun ini; pilih yang lain, misalnya PORT=8001")
    except OSError:
        return _fail(f"port {settings.port} sudah dipakai program lain; pilih yang lain, misalnya PORT=8001")
    with listening:
        # Port 0 lets the system choose; people need to be told the one it chose.
        port = listening.getsockname()[1]
        settings = replace(settings, port=port, public_url=settings.public_url.replace(":0", f":{port}"))
        # While the server runs it handles the signal itself, closes, and raises it again at the end.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            with _holding(settings):
                prepared = asyncio.run(_prepare(settings, demo=demo, serving=True))
                began = _run_server(settings, listening, lambda: _say_it_runs(settings, prepared))
        except KeyboardInterrupt:
            return 0
    return 0 if began else 1


def _run_server(settings: Settings, listening: socket.socket, begun: Callable[[], None]) -> bool:
    """Serve until told to end; tells whether it ever began."""
    configured = partial(_configured, settings)
    if settings.workers > 1:
        return serve_with_workers(settings, configured, listening, begun)
    server = _Server(configured(serving_app(settings)), begun)
    server.run(sockets=[listening])
    return server.started


def _say_it_runs(settings: Settings, demo: Demo | None) -> None:
    if demo:
        announce(demo)
    else:
        say(f"berjalan di {settings.public_url}")


def _bind(port: int) -> socket.socket:
    """Return a socket on the loopback address. Raises OSError when another program has the port."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def _configured(settings: Settings, app: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
        **more,
    )


if __name__ == "__main__":
    sys.exit(main())
