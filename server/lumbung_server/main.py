"""The command `lumbung`: read settings, run one command. The one place where a process is composed."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from lumbung_server.commands.accounts import run_account
from lumbung_server.commands.parser import parser
from lumbung_server.commands.people import (
    run_invite,
    run_rename,
    run_revoke,
    show_audit,
    show_devices,
    show_organisations,
)
from lumbung_server.commands.prepared import holding, prepared
from lumbung_server.commands.privacy import run_erase, run_person_data
from lumbung_server.commands.receipts import run_verify_receipt
from lumbung_server.commands.rosters import read_roster, run_import
from lumbung_server.commands.telling import INTERRUPTED, Telling
from lumbung_server.commands.upkeep import run_backup, run_check, run_reconcile, run_recount, run_restore, run_sweep
from lumbung_server.db.connections import Busy, DatabaseFault
from lumbung_server.logs import set_up_logs
from lumbung_server.services.blobs import BlobsFailed
from lumbung_server.services.site import Site
from lumbung_server.settings import Settings, Unusable, settings_from


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    chosen = parser().parse_args(arguments)
    telling = Telling(chosen.command, chosen.json)
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
    except BlobsFailed:
        return telling.failed("tempat penyimpanan foto tidak dapat dipakai sekarang; coba lagi sebentar lagi")
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
            # Here, so that no other command waits until everything that answers requests is loaded.
            from lumbung_server.commands.serving import serve

            return serve(settings, telling, demo=chosen.demo)
        case "restore":
            return run_restore(settings, telling, chosen.file, replace=chosen.replace)
        case "verify-receipt":
            return run_verify_receipt(telling, chosen.file, chosen.keys)
    with holding(settings):
        match chosen.command:
            case "backup":
                return run_backup(settings, telling, chosen.file, photos=chosen.photos)
            case "reconcile":
                return run_reconcile(settings, telling)
        return asyncio.run(_run_prepared(settings, chosen, telling))


async def _run_prepared(settings: Settings, chosen: argparse.Namespace, telling: Telling) -> int:
    content = read_roster(chosen.file) if chosen.command == "import-roster" else b""
    async with prepared(settings) as site:
        match chosen.command:
            case "migrate":
                return telling.done(["lumbung: basis data siap"])
            case "import-roster":
                return await run_import(site, telling, content, dry_run=chosen.dry_run)
            case "audit":
                return await show_audit(site, telling, chosen.about, chosen.limit)
            case "organisations" if chosen.rename:
                return await run_rename(site, telling, tuple(chosen.rename), chosen.since)
            case "organisations":
                return await show_organisations(site, telling)
            case "sweep":
                return await run_sweep(site, telling)
            case "recount":
                return await run_recount(site, telling)
            case "check":
                return await run_check(site, telling, photos=chosen.photos)
            case _:
                return await _run_about_somebody(site, chosen, telling)


async def _run_about_somebody(site: Site, chosen: argparse.Namespace, telling: Telling) -> int:
    match chosen.command:
        case "invite":
            return await run_invite(site, telling, chosen.person)
        case "revoke" if chosen.list:
            return await show_devices(site, telling, chosen.person)
        case "revoke":
            return await run_revoke(site, telling, chosen.person, chosen.device)
        case "account":
            return await run_account(site, telling, chosen)
        case "person-data":
            return await run_person_data(site, telling, chosen.person, chosen.out)
        case _:
            return await run_erase(site, telling, chosen)


if __name__ == "__main__":
    sys.exit(main())
