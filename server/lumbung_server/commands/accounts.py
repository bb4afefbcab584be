"""Give coordinators accounts: what is made is a link by which they set the password themselves."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from lumbung_server.commands.telling import WAS_ERASED, Telling
from lumbung_server.services.account_links import LoginUnusable, MadeLink, OwnerErased, add_account, make_link, totp_off
from lumbung_server.services.site import Site
from lumbung_shared.times import local_datetime


async def run_account(site: Site, telling: Telling, chosen: argparse.Namespace) -> int:
    """Run one of the commands about accounts: `act` says which."""
    match chosen.act:
        case "add":
            return await _add(site, telling, chosen.person, chosen.login)
        case "reset":
            return await _reset(site, telling, chosen.login)
        case _:
            return await _totp_off(site, telling, chosen.login)


async def _add(site: Site, telling: Telling, person: str, login: str) -> int:
    try:
        made = await add_account(site, telling.actor, person, login)
    except LoginUnusable:
        return telling.failed(
            "nama pengguna terdiri dari 3 sampai 60 huruf kecil a-z, angka, titik, garis, atau @, misalnya siti.bontang"
        )
    except OwnerErased:
        return telling.failed(f"{person} {WAS_ERASED}")
    if made is None:
        return telling.failed(f"tidak ada orang dengan id {person}, atau nama pengguna {login} sudah dipakai")
    return _shown(telling, made)


async def _reset(site: Site, telling: Telling, login: str) -> int:
    made = await make_link(site, telling.actor, login)
    return telling.failed(f"tidak ada akun bernama {login}") if made is None else _shown(telling, made)


async def _totp_off(site: Site, telling: Telling, login: str) -> int:
    dropped = await totp_off(site, telling.actor, login)
    if dropped is None:
        return telling.failed(f"tidak ada akun bernama {login}")
    said = "verifikasi dua langkah dimatikan" if dropped else "verifikasi dua langkah memang tidak aktif"
    return telling.done([f"lumbung: {said}"], login=login, changed=dropped)


def _shown(telling: Telling, made: MadeLink) -> int:
    until = f"{local_datetime(made.expires):%Y-%m-%d %H.%M}"
    lines = (
        f"lumbung: berikan tautan ini hanya kepada pemilik akun {made.login}; sekali pakai, sampai {until} WITA",
        made.link,
    )
    return telling.done(lines, **asdict(made))
